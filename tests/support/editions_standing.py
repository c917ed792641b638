"""Invented standings of lessons: one group of each strength, one lesson taken up."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from pcbl_pipeline.publication.tables import (
    PUB1_CONTRADICTIONS,
    PUB1_REUSE,
    PUB1_STRENGTH,
)

_STRENGTHS = ("strong", "moderate", "emerging", "too_little")


def standing_tables(lessons: Sequence[Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    """Return the tables of standing that go with some invented lessons."""
    pairs = sorted({(row["element_code"], row["lesson_type"]) for row in lessons})
    strength = [
        {
            "element_code": element,
            "lesson_type": kind,
            "strength": _STRENGTHS[number % len(_STRENGTHS)],
            "independent_sites": 3 - number % 3,
            "states": 2,
            "strongest_tier": number % 5,
            "newest": date(2026, 9, 1),
            "opposing_sites": number % 3,
            "is_recent": number % 3 != 0,
        }
        for number, (element, kind) in enumerate(pairs)
    ]
    reuse = [
        {
            "public_id": lesson["public_id"],
            "sites": 4 * each,
            "adopted": each,
            "adapted": 3 * each,
            "helped": each,
            "helped_in_part": each,
            "did_not_help": each,
            "too_early": each,
        }
        for each, lesson in enumerate(lessons[:2], 1)
    ]
    return {
        "pub1_strength": pl.DataFrame(strength, schema=PUB1_STRENGTH.empty().schema),
        "pub1_reuse": pl.DataFrame(reuse, schema=PUB1_REUSE.empty().schema),
        "pub1_contradictions": pl.DataFrame(
            list(_contradictions(lessons)), schema=PUB1_CONTRADICTIONS.empty().schema
        ),
    }


def _contradictions(lessons: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = []
    ordered = sorted(lessons, key=lambda row: row["element_code"])
    for element, rows in groupby(ordered, key=lambda row: row["element_code"]):
        ids: dict[str, list[str]] = {"worked": [], "did_not_work": []}
        for row in rows:
            if row["lesson_type"] in ids:
                ids[row["lesson_type"]].append(row["public_id"])
        if all(ids.values()):
            found.append(
                {
                    "element_code": element,
                    "worked_sites": len(ids["worked"]),
                    "did_not_work_sites": len(ids["did_not_work"]),
                    "worked_ids": ids["worked"],
                    "did_not_work_ids": ids["did_not_work"],
                }
            )
    return found
