"""An invented annual report: every kind of row once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pcbl_pipeline.publication.tables.annual import (
    PUB10_AWARDS,
    PUB10_LEADS,
    PUB10_PARTICIPATION,
    PUB10_QUALITY,
    PUB10_RECOMMENDATIONS,
)
from pcbl_pipeline.publication.tables.shape import Table
from tests.support.editions_barriers import barriers_tables
from tests.support.editions_outcomes import statistical_tables
from tests.support.editions_progress import progress_tables

_YEAR = "2025-2026"
_COUNTS = (12, 40, 25, 18400, 6100, 1300, 410)
_DATASETS = (
    *("site_profile", "implementation_status", "outcome_metric", "perception_survey"),
    *("lesson_learned", "barrier_and_waiver", "ta_request", "ta_event"),
    *("educator_learning", "state_action", "competency_record"),
)


def annual_tables(lessons: Sequence[Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    """Return the tables of the report that go with some invented lessons."""
    groups = [("ALL", "ALL"), ("cohort", "Cohort 1"), ("phase", "planning")]
    participation = [(_YEAR, *group, *_COUNTS, 0.3315) for group in groups]
    awards = [
        (_YEAR, "CBE3", 4, 3, 61, 732.5, False),
        (_YEAR, "DC06", 1, 1, None, None, True),
    ]
    told = [
        (
            *(audience, row["policy_area"], ["governor", "sea"], 1, row["public_id"]),
            *(row["recommendation"], row["element_code"], row["lesson_type"]),
            *(number == 0, 2, "emerging"),
        )
        for audience in ("district_leader", "state_agency")
        for number, row in enumerate(lessons[:2])
    ]
    leads = [
        ("PA0", "legislature", "legislative", 2, 3),
        ("PA0", "governor", "executive", 1, 1),
        ("PA2", "state_board", "executive", 1, 1),
        ("PA2", "intermediary", "other", 1, 1),
    ]
    quality = [
        (
            *(_YEAR, dataset, *((24, 22, 20) if n % 2 else (None, 22, None))),
            *(900, 880, 20, 0.9167 if n % 2 else None),
        )
        for n, dataset in enumerate(_DATASETS)
    ]
    return {
        table.name: _frame(table, rows)
        for table, rows in (
            (PUB10_PARTICIPATION, participation),
            (PUB10_AWARDS, awards),
            (PUB10_RECOMMENDATIONS, told),
            (PUB10_LEADS, leads),
            (PUB10_QUALITY, quality),
        )
    }


def telling_annual() -> Iterator[dict[str, pl.DataFrame]]:
    """Yield tables that make the report say whatever else it can say."""
    kinds = barriers_tables("public")["pub4_barriers"]
    outcomes = statistical_tables()["pub5_outcomes"]
    index = progress_tables("public")["pub3_index"].head(1)
    few = {name: pl.lit(None, pl.Float64) for name in ("q1", "q3")}
    later = index.with_columns(window=pl.lit("spring"), **few)
    yield {
        "pub4_barriers": kinds.filter(pl.col("barrier_type").is_in(["ALL", "other"])),
        "pub5_outcomes": outcomes.with_columns(
            change=pl.lit(None, pl.Int64), change_note=pl.lit("nothing_to_compare")
        ),
        "pub3_index": pl.concat([index, later]),
    }
    yield {"pub4_barriers": kinds.with_columns(pl.lit(9, pl.Int64).alias("weighted"))}


def _frame(table: Table, rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.empty().schema, orient="row")
