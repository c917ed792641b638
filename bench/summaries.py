"""Outcomes from millions of competency records, beside a bare DuckDB aggregate.

    python bench/summaries.py [ROWS]

Writes ROWS invented records (S11) of 500 sites as a Delta table, site by site, so that
writing them takes little memory. Then, each as a process of its own: computes M07 to
M09 from them and the cells of PUB5, protected; and lets DuckDB read the same files and
make one bare aggregate per learner and site. Prints seconds of CPU and of the clock,
peak memory, and the ratio of both. The counts of learners must agree.
"""

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

SITES = 500
COMPETENCIES = 40
YEAR, LAST_DAY = "2025-2026", date(2026, 6, 30)
RACES = ("AM7", "AS7", "BL7", "HI7", "WH7", "MU7")
GRADES = ("04", "07", "09", "11")
#: Sites in one file of the table.
_BATCH = 25

BARE = """
select count(*), sum(met) from (
    select site_id, student_key,
        count(*) filter (where level >= 3) as met,
        count(*) filter (where expected_by <= date '2026-06-30') as expected,
        sum(credits_earned) as credits
    from read_parquet($files) group by site_id, student_key)
"""


def records(site: int, learners: int) -> "pl.DataFrame":
    """Return one site's records: every learner's level in every competency."""
    import polars as pl

    row = pl.int_range(learners * COMPETENCIES, eager=True)
    learner, skill = row // COMPETENCIES, row % COMPETENCIES
    # Mixed well enough to look like chance, and the same every time.
    mixed = (row * 2_654_435_761 + site * 40_503) % 9_973
    level = 1 + mixed % 4
    day = date(2026, 1, 5)
    keys = pl.Series(
        [hashlib.sha256(f"{site} {n}".encode()).hexdigest() for n in range(learners)]
    )
    return pl.select(
        site_id=pl.lit(site_id(site)),
        school_year=pl.lit(YEAR),
        student_key=keys.gather(learner),
        grade_level=pl.lit(learner % len(GRADES)).replace_strict(
            dict(enumerate(GRADES)), return_dtype=pl.String
        ),
        student_groups=pl.concat_list(
            pl.lit(learner % len(RACES)).replace_strict(
                dict(enumerate(RACES)), return_dtype=pl.String
            ),
            pl.lit(learner % 2).replace_strict({0: "ECODIS", 1: "NECODIS"}),
        ),
        level=pl.lit(level),
        demonstrated_on=pl.when(pl.lit(level) >= 3).then(pl.lit(day)),
        learning_setting=pl.lit(mixed % 3).replace_strict(
            {0: "classroom", 1: "online", 2: "work_based"}
        ),
        credits_earned=pl.when(pl.lit(learner % 4) > 1).then(pl.lit(level / 8)),
        expected_by=pl.when(pl.lit(skill) < COMPETENCIES // 2)
        .then(pl.lit(day))
        .otherwise(pl.lit(date(2026, 12, 18))),
    )


def site_id(site: int) -> str:
    """Return the id of an invented site."""
    return f"0499{site:03d}"


def write_table(folder: Path, rows: int) -> None:
    """Write the records in batches of sites."""
    import polars as pl
    from deltalake import write_deltalake

    learners = max(1, rows // SITES // COMPETENCIES)
    for first in range(0, SITES, _BATCH):
        sites = range(first, min(first + _BATCH, SITES))
        batch = pl.concat(records(site, learners) for site in sites)
        write_deltalake(folder, batch.to_arrow(), mode="append")


def ours(folder: Path) -> dict[str, object]:
    """Compute the measures and PUB5's cells, protected."""
    import polars as pl

    from pcbl_pipeline.disclosure.tables.protect import CELLS, protect
    from pcbl_pipeline.summaries.competency import competency_outcomes
    from pcbl_pipeline.summaries.outcomes import LINE, outcome_cells, outcome_rows

    sent = pl.DataFrame(
        schema={
            **dict.fromkeys(
                ("site_id", "school_year", *LINE, "student_group", "is_baseline"),
                pl.String(),
            ),
            **dict.fromkeys(("numerator", "denominator", "row_number"), pl.Int64()),
            **dict.fromkeys(("received_at", "submission_id"), pl.String()),
        }
    )
    counted = competency_outcomes(pl.scan_delta(str(folder)), {YEAR: LAST_DAY})
    sites = counted.select("site_id").unique().with_columns(school_year=pl.lit(YEAR))
    cells = outcome_cells(outcome_rows(sent, counted), sites, YEAR).with_columns(
        line=pl.concat_str("metric_code", "pilot_scope", separator="|"),
        is_valid=pl.lit(value=True),
        is_shown=pl.lit(value=True),
    )
    said = protect(cells.select(list(CELLS)), {"04": 10})
    everyone = cells.filter(
        metric_code="M07", grade_band="ALL", student_group="ALL", site_id="ALL"
    )
    return {
        "learners": everyone["denominator"].item(),
        "cells": said.height,
        "hidden": said["reason"].drop_nulls().len(),
    }


def bare(folder: Path) -> dict[str, object]:
    """Let DuckDB aggregate the same files."""
    import duckdb

    with duckdb.connect() as connection:
        files = str(folder / "*.parquet")
        learners, _ = connection.execute(BARE, {"files": files}).fetchall()[0]
    return {"learners": learners}


def child(work: str, folder: str) -> dict[str, object]:
    """Do one of both and say what it took."""
    begun = time.perf_counter()
    told = {"ours": ours, "bare": bare}[work](Path(folder))
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        **told,
        "seconds": time.perf_counter() - begun,
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def measure(work: str, folder: Path) -> dict[str, object]:
    """Do one of both as a process of its own."""
    command = [sys.executable, __file__, "--child", work, str(folder)]
    output = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, object] = json.loads(output.stdout.splitlines()[-1])
    return told


def main(rows: int) -> None:
    """Write the records, run both, and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "records"
        write_table(table, rows)
        size = sum(file.stat().st_size for file in table.glob("*.parquet")) / 1e6
        print(f"{rows:,} records of {SITES} sites, {size:.0f} MB")
        mine, theirs = measure("ours", table), measure("bare", table)
    if mine["learners"] != theirs["learners"]:
        sys.exit(f"learners: {mine['learners']} and {theirs['learners']}")
    print(f"{mine['cells']:,} cells of PUB5, {mine['hidden']:,} of them hidden")
    for name, told in (("M07-M09 and PUB5", mine), ("bare DuckDB", theirs)):
        print(
            f"{name}: {told['seconds']:.1f} s, {told['cpu']:.1f} s of CPU, "
            f"peak {told['peak_mb']} MB"
        )
    print(
        f"ratio: CPU {mine['cpu'] / theirs['cpu']:.2f}, "
        f"memory {mine['peak_mb'] / theirs['peak_mb']:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(child(*sys.argv[2:4])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
