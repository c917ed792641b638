"""The corpus: clean rows of all eleven datasets, made from texts and figures.

Rows here hold what each sender means to say, before anybody makes a mistake. What does
not belong here: files, mistakes (`faults`), and who drops what when (`plan`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from pcbl_pipeline.demo import figures, policy
from pcbl_pipeline.demo.network import read_list, read_mapping
from pcbl_pipeline.model.narrative import HitKind

Row = Mapping[str, str]

#: The day on which the demo's world stands still; nothing in it is later.
AS_OF = date(2026, 11, 20)
SCHOOL_YEARS = ("2025-2026", "2026-2027")

PROFILES = "site_profile"
LESSONS = "lesson_learned"
REQUESTS = "ta_request"
EVENTS = "ta_event"
RATINGS = "implementation_status"
OUTCOMES = "outcome_metric"
SURVEYS = "perception_survey"
BARRIERS = "barrier_and_waiver"
LEARNING = "educator_learning"
ACTIONS = "state_action"
RECORDS = "competency_record"

#: What each site counts or rates, made by chance for every site.
_FIGURES = {
    RATINGS: figures.ratings,
    OUTCOMES: figures.outcomes,
    SURVEYS: figures.surveys,
    LEARNING: figures.learning,
    RECORDS: figures.records,
}

_LESSON_TEXTS = ("az", "nv", "nd", "sc", "revised", "to_hold")
_NUMBERS = (
    "schools_total",
    "schools_in_pilot",
    "students_total",
    "students_in_pilot",
    "educators_total",
    "educators_in_pilot",
)


@dataclass(frozen=True)
class PlantedNarrative:
    """A lesson whose text points to a person, though its site ticked it as reviewed."""

    lesson_id: str
    kinds: tuple[HitKind, ...]
    #: Field → what is taken out of it when it comes in.
    redacts: Mapping[str, HitKind]


@dataclass(frozen=True)
class Corpus:
    """All clean rows, and what was planted in the texts themselves."""

    rows: Mapping[str, tuple[Row, ...]]
    narratives: tuple[PlantedNarrative, ...]
    #: Pairs of lesson ids: a near duplicate and the lesson it repeats.
    near_duplicates: tuple[tuple[str, str], ...]


@cache
def load_corpus() -> Corpus:
    """Read the texts into rows."""
    lessons = [item for name in _LESSON_TEXTS for item in read_list(f"lessons_{name}")]
    return Corpus(
        rows=MappingProxyType(
            {
                PROFILES: tuple(_profiles()),
                LESSONS: tuple(_lesson(item) for item in lessons),
                REQUESTS: tuple(_request(item) for item in read_list("requests")),
                EVENTS: tuple(_event(item) for item in read_list("events")),
                **_policy_rows(),
                **_figure_rows(),
            }
        ),
        narratives=tuple(
            PlantedNarrative(
                item["id"],
                tuple(HitKind(kind) for kind in item["holds"]),
                {name: HitKind(kind) for name, kind in item.get("redacts", {}).items()},
            )
            for item in lessons
            if "holds" in item
        ),
        near_duplicates=tuple(
            (item["id"], item["near_duplicate_of"])
            for item in lessons
            if "near_duplicate_of" in item
        ),
    )


def _policy_rows() -> dict[str, tuple[Row, ...]]:
    barriers = policy.barriers(read_list("barriers"), _site_ids())
    return {
        BARRIERS: tuple(_as_text(row) for row in barriers),
        ACTIONS: tuple(_as_text(row) for row in policy.actions(read_list("actions"))),
    }


def _figure_rows() -> dict[str, tuple[Row, ...]]:
    sites = read_mapping("sites")["sites"]
    return {
        dataset: tuple(_as_text(row) for site in sites for row in make(site))
        for dataset, make in _FIGURES.items()
    }


def school_year_ending(year: str) -> str:
    """Return the school year that ends in a year, as `YYYY-YYYY`."""
    return f"{int(year) - 1}-{year}"


@cache
def _site_ids() -> Mapping[str, str]:
    """Map each district's id to the id of the site that it is, or that it contains."""
    return {
        site["site_id"][:7]: site["site_id"] for site in read_mapping("sites")["sites"]
    }


def _profiles() -> Iterator[Row]:
    for site in read_mapping("sites")["sites"]:
        for school_year in SCHOOL_YEARS:
            yield _profile(site, school_year, site["years"][school_year])


def _profile(site: Mapping[str, Any], school_year: str, year: Mapping[str, Any]) -> Row:
    site_id, facts = site["site_id"], site["facts"]
    is_school = len(site_id) > 7
    row = {
        "site_id": site_id,
        "school_year": school_year,
        "state_fips": site_id[:2],
        "leaid": site_id[:7],
        "ncessch": site_id if is_school else "",
        "site_name": site["name"],
        "site_level": "school" if is_school else "lea",
        "term_code": facts["term"],
        "cohort_label": site["cohort"]["label"],
        "cohort_start_year": site["cohort"]["start"],
        "network_role": year["role"],
        "grant_phase": year["phase"],
        "grades_served": facts["grades"],
        "locale_code": facts["locale"],
        **dict(zip(_NUMBERS, year["numbers"], strict=True)),
        "graduate_profile": facts["profile"],
        "case_document_uri": site.get("framework", ""),
        "willing_to_host": facts["host"],
        "consent_publish_name": facts["consent"],
        "contact_role": site["contact"]["role"],
        "contact_email": site["contact"]["email"],
    }
    return _as_text(row)


def _lesson(item: Mapping[str, Any]) -> Row:
    leaid, year, _ = item["id"].split("-")
    about = item["about"]
    row = {
        "lesson_id": item["id"],
        "revision": item.get("revision", 1),
        "site_id": _site_ids()[leaid],
        "school_year": school_year_ending(year),
        "lesson_date": item["date"],
        "element_code": about["element"],
        "stage_at_time": about["stage"],
        "lesson_type": about["type"],
        "title": item["title"],
        "situation": item["situation"],
        "action": item["action"],
        "result": item["result"],
        "recommendation": item["recommendation"],
        "audience": about["audience"],
        "policy_area": about["policy"],
        "evidence_type": about["evidence"],
        "evidence_tier": about["tier"],
        "effect_rating": about["effect"],
        "resource_url": item.get("resource", ""),
        "resource_license": item.get("license", ""),
        "related_barrier_id": item.get("barrier", ""),
        "share_level": about["share"],
        "reviewed_no_pii": about.get("reviewed", "Y"),
        "reused_lesson_id": item.get("reuses", ""),
        "reuse_kind": item.get("reuse", ""),
        "reuse_result": item.get("reuse_result", ""),
    }
    return _as_text(row)


def _request(item: Mapping[str, Any]) -> Row:
    site_id, _, year, _ = item["id"].split("-")
    about = item["about"]
    row = {
        "ta_request_id": item["id"],
        "site_id": site_id,
        "school_year": school_year_ending(year),
        "requested_on": item["asked"],
        "topic": about["topic"],
        "element_code": about["element"],
        "need": item["need"],
        "urgency": about["urgency"],
        "preferred_mode": about["mode"],
        "audience": about["audience"],
        "participants_expected": about["people"],
        "needed_by": about.get("by", ""),
        "tried_library": about["library"],
        "open_to_peers": about["peers"],
        "status": about["status"],
    }
    return _as_text(row)


def _event(item: Mapping[str, Any]) -> Row:
    about = item["about"]
    usefulness_sum, usefulness_n = about["rated"]
    row = {
        "ta_event_id": item["id"],
        "school_year": school_year_ending(item["id"].split("-")[1]),
        "event_date": item["date"],
        "mode": about["mode"],
        "provider_type": about["provider_type"],
        "topic": about["topic"],
        "support_category": about["support"],
        "provider_name": item["provider"],
        "hours": about["hours"],
        "staff_hours": about["staff_hours"],
        "cost_usd": about.get("cost", ""),
        "participants": about["people"],
        "sites_served": ";".join(item["sites"]),
        "ta_request_ids": ";".join(item["requests"]),
        "resource_url": item.get("resource", ""),
        "resource_license": "CC BY 4.0" if "resource" in item else "",
        "usefulness_sum": usefulness_sum,
        "usefulness_n": usefulness_n,
    }
    return _as_text(row)


def _as_text(row: Mapping[str, object]) -> Row:
    return MappingProxyType({name: str(value) for name, value in row.items()})
