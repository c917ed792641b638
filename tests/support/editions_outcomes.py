"""Invented tables of outcomes and experience, as an edition has them."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pcbl_pipeline.publication.tables import (
    PUB5_HIDDEN,
    PUB5_OUTCOMES,
    PUB6_EXPERIENCE,
    PUB6_HIDDEN,
    Table,
)

YEAR = "2025-2026"
SITES = {"0499911": "Saguaro Flats (fictional)", "3299911": "Silver Playa (fictional)"}
#: Group → size, percent, gap: all that a row can say of a group.
_GROUPS: Mapping[str, tuple[Any, ...]] = {
    "ALL": ("300+", "45", None, None, None),
    "HI7": ("300+", "41", -6, None, None),
    "WH7": ("100-299", ">=98", 12, None, None),
    "AM7": (None, None, None, None, "protected"),
    "AS7": (None, None, None, None, "protected"),
    "LEP": ("40-99", "20-24", None, "not_clear", None),
    "IDEA": ("20-39", "<=10", None, "too_few", None),
    "MIL": ("10-19", "40-59", None, "nothing_to_compare", None),
    "MS": (None, None, None, None, "no_data"),
}
_CHANGES: Mapping[str, tuple[int | None, str | None]] = {
    "M01": (-5, None),
    "M04": (4, None),
    "M09": (None, "not_clear"),
}


def outcome(
    metric: str, group: str, site: str = "ALL", **values: Any
) -> dict[str, Any]:
    """Return one invented row of outcomes."""
    size, percent, gap, gap_note, reason = _GROUPS[group]
    change, note = _CHANGES[metric]
    row = {
        "school_year": YEAR,
        "metric_code": metric,
        "grade_band": "ALL",
        "pilot_scope": "pilot_students",
        "site_id": site,
        "student_group": group,
        "site_label": SITES.get(site),
        "state_fips": None if site == "ALL" else site[:2],
        "sites": 12 if site == "ALL" and reason is None else None,
        "lower_is_better": metric == "M01",
        "n_band": size,
        "percent_band": percent,
        "change": None if reason else change,
        "change_note": None if reason else note,
        "gap": gap,
        "gap_note": gap_note,
        "reason": reason,
    }
    return {**row, **values}


def outcomes() -> Iterator[dict[str, Any]]:
    """Yield invented rows: measures, groups, sites, grade bands, hidden rows."""
    for metric in ("M01", "M04", "M09"):
        yield from (outcome(metric, group) for group in _GROUPS)
    yield from (outcome("M04", "ALL", site) for site in SITES)
    yield outcome("M04", "HI7", "0499911", change=None, change_note="too_few")
    yield outcome("M04", "ALL", grade_band="06-08", change=-3)
    hidden = {"n_band": None, "percent_band": None, "reason": "protected"}
    yield outcome("M04", "ALL", grade_band="09-12", **hidden)
    no_year = {"change_note": "nothing_to_compare"}
    yield outcome("M09", "ALL", pilot_scope="all_students", **no_year)


def answers(
    topic: str, group: str = "ALL", site: str = "ALL", **values: Any
) -> dict[str, Any]:
    """Return one invented row of survey results."""
    size, percent, gap, gap_note, reason = _GROUPS[group]
    row = {
        "school_year": YEAR,
        "respondent": "student",
        "construct_code": topic,
        "instrument": "ALL",
        "rule_number": 1,
        "site_id": site,
        "student_group": group,
        "site_label": SITES.get(site),
        "state_fips": None if site == "ALL" else site[:2],
        "sites": 12 if site == "ALL" and reason is None else None,
        "n_band": size,
        "percent_band": percent,
        "response_band": None if reason else "63",
        "change": None if reason else 5,
        "change_note": None,
        "gap": gap,
        "gap_note": gap_note,
        "reason": reason,
    }
    return {**row, **values}


def surveys() -> Iterator[dict[str, Any]]:
    """Yield invented rows: topics, groups, respondents, sites, surveys apart."""
    for topic in ("agency", "belonging"):
        yield from (answers(topic, group) for group in ("ALL", "HI7", "AM7", "LEP"))
    yield answers("agency", site="0499911")
    few = {"n_band": None, "percent_band": None, "response_band": None, "change": None}
    yield answers("belonging", site="0499911", **few, reason="low_response")
    educator = {"respondent": "educator", "change": None}
    yield answers("efficacy", **educator, change_note="not_clear", instrument="kw")
    for number in (1, 2):
        own = {"instrument": "local", "rule_number": number, "change_note": "too_few"}
        yield answers("efficacy", **educator, **own)
    yield answers("support", respondent="family", **few, reason="protected")
    yield answers("support", respondent="leader", **few, reason="withheld")


def hidden() -> dict[str, pl.DataFrame]:
    """Return the tables that only agencies get."""
    rule = {"rule": "complementary", "step": "race_family"}
    return {
        "pub5_hidden": frame_of(PUB5_HIDDEN, [outcome("M04", "AM7") | rule]),
        "pub6_hidden": frame_of(PUB6_HIDDEN, [answers("agency", "AM7") | rule]),
    }


def telling_outcomes() -> Iterator[dict[str, pl.DataFrame]]:
    """Yield tables of PUB5 that make its page say whatever else it can say."""
    usual = frame_of(PUB5_OUTCOMES, outcomes())
    worse = usual.with_columns(change=pl.lit(-5, pl.Int64), lower_is_better=False)
    unknown = usual.with_columns(
        change=pl.lit(None, pl.Int64), change_note=pl.lit("nothing_to_compare")
    )
    yield {"pub5_outcomes": worse}
    yield {"pub5_outcomes": unknown}


def statistical_tables() -> dict[str, pl.DataFrame]:
    """Return both tables, the same in every edition."""
    return {
        "pub5_outcomes": frame_of(PUB5_OUTCOMES, outcomes()),
        "pub6_experience": frame_of(PUB6_EXPERIENCE, surveys()),
    }


def frame_of(table: Table, rows: Any) -> pl.DataFrame:
    """Make a table's frame from rows."""
    schema = dict(table.empty().schema)
    own = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(own, schema=schema)
