"""Invented pairs of lessons that may say the same: more than a page shows."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from pcbl_pipeline.publication.tables import PUB1_NEAR_DUPLICATES

_PAIRS = 32


def alike_tables(lessons: Sequence[Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    """Return the table of pairs that goes with some invented lessons."""
    ids = sorted(row["public_id"] for row in lessons)
    rows = [
        {
            "first_id": first,
            "second_id": second,
            "first_revision": 1,
            "second_revision": 1,
            "decision": ("same", None, "different", None)[number % 4],
            "likeness": (90 - number) / 100,
            "shared_pairs": 80 - number,
            "only_first": ["raised"] if number else [],
            "only_second": ["lowered", "attendance"],
        }
        for number, (first, second) in enumerate(pairwise(ids))
    ]
    schema = PUB1_NEAR_DUPLICATES.empty().schema
    return {"pub1_near_duplicates": pl.DataFrame(rows[:_PAIRS], schema=schema)}
