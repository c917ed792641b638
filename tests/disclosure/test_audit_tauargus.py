"""The audit against tau-ARGUS, the statistical offices' own tool, on tables of counts.

Its audit takes the smallest count of a table for the least that a hidden cell may have.
The tables here have empty cells, so that it is 0 for both. It knows no sites that know
their own counts.
"""

from dataclasses import replace

import polars as pl
import pytest
from pytauargus import protect

from pcbl_pipeline.disclosure.audit.attack import Attack
from pcbl_pipeline.disclosure.audit.cells import ALL, Cell, CellKey, read_cells
from pcbl_pipeline.disclosure.audit.evidence import State
from pcbl_pipeline.disclosure.audit.judge import judge
from tests.support.audited import ten
from tests.support.outcome_cells import RACE, cells_frame, drawn_counts

#: Something empty that is hidden: then hidden counts may be 0, as tau-ARGUS has it.
EMPTY = Cell(
    "other", CellKey("other", "0499909", ALL), None, None, "low_response", 0, 0
)


def tauargus(counts):
    """Return the cells that tau-ARGUS hides, with the bounds that its own audit finds."""
    students = [
        {"site": site_id, "race": group, "one": 1}
        for (site_id, group), (_, size) in counts.items()
        if ALL not in (site_id, group)
        for _ in range(size)
    ]
    done = protect(
        pl.DataFrame(students),
        [["site", "race"]],
        response="one",
        safety_rules="FREQ(10,1)",
        suppress="OPT(1,5)",
    )
    names = [
        tuple(ALL if name == "Total" else name for name in (row["site"], row["race"]))
        for row in pl.from_pandas(done.tables[0].dataframe()).iter_rows(named=True)
    ]
    return {
        names[found["cell"]]: (round(found["min"]), round(found["max"]))
        for found in done.engine.audit(0)
    }


@pytest.mark.parametrize(("sites", "seed"), [(3, 4), (3, 6), (4, 4), (4, 13)])
def test_both_find_the_same_cells_too_narrow(sites, seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # tau-ARGUS leaves its logs where it runs
    drawn = drawn_counts(sites, seed=seed, smallest=15, largest=70)
    counts = {key: value for key, value in drawn.items() if key[1] in {ALL, *RACE}}
    bounds = tauargus(counts)
    frame = cells_frame(counts, dict.fromkeys(bounds, "primary"), exact=True)

    attack = Attack((*read_cells(frame), EMPTY), ten)
    verdicts = judge(replace(attack.builder.build(), members=()))

    narrow = {
        (verdict.secret.key.site_id, verdict.secret.key.student_group)
        for verdict in verdicts
        if verdict.secret.width == 9 and verdict.state == State.EXPOSED
    }
    expected = {
        key
        for key, (low, high) in bounds.items()
        if high - low < 9 and counts[key][1] < 10
    }
    assert expected
    assert narrow == expected
