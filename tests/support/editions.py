"""Invented edition contents for the tests of the published files and pages."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

import polars as pl

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.operations.contract_files import (
    contract_files,
    contract_pages,
    template_files,
)
from pcbl_pipeline.publication.edition import (
    AssistanceContent,
    EditionContent,
    LessonsContent,
)
from pcbl_pipeline.publication.exports import data_files
from pcbl_pipeline.publication.history import ERRATA_FILE, errata_file
from pcbl_pipeline.publication.pages.website import page_files
from pcbl_pipeline.publication.tables import (
    PUB1_GROUPS,
    PUB1_LESSONS,
    PUB2_MODES,
    PUB2_TOPICS,
    PUB2_UNMET,
    Table,
)
from tests.support.editions_alike import alike_tables
from tests.support.editions_annual import annual_tables
from tests.support.editions_barriers import barriers_tables
from tests.support.editions_exchange import exchange_tables
from tests.support.editions_outcomes import statistical_tables
from tests.support.editions_planning import planning_tables
from tests.support.editions_progress import progress_tables
from tests.support.editions_releases import history
from tests.support.editions_roadmap import roadmap_tables
from tests.support.editions_standing import standing_tables
from tests.support.html import Element, read_html

RELEASE_ID = "2026.11.1"
STATES = {"04": "Arizona", "32": "Nevada", "38": "North Dakota", "45": "South Carolina"}
_ELEMENTS = ("CBE1", "CBE3", "CBE5", "CBE6", "DC03", "MT1")
_KINDS = ("worked", "did_not_work", "condition_needed", "adapted", "open_question")
_TEXT = (
    "Ninth graders set goals in August and did not look at them again. "
    "Advisors set aside ten minutes a week to look at the goals together."
)


def lesson(number: int, **changes: Any) -> dict[str, Any]:
    """Return one invented lesson of the public edition."""
    return {
        "public_id": f"L{number:05d}",
        "revision": 1,
        "site_label": f"a district in {list(STATES.values())[number % 4]}",
        "state_fips": list(STATES)[number % 4],
        "locale": ("1", "2", "3", "4", None)[number % 5],
        "school_year": "2025-2026",
        "lesson_date": date(2026, 1, 5) + timedelta(days=number % 300),
        "element_code": "CBE3",
        "stage_at_time": 2,
        "lesson_type": "worked",
        "title": f"Weekly goal checks kept learners on pace, lesson {number}",
        "situation": _TEXT,
        "action": _TEXT,
        "result": "More learners could say what they had to show next.",
        "recommendation": "Put the goal check on the timetable before the year starts.",
        "audience": ["school_leader", "educator"],
        "policy_area": "PA0",
        "evidence_type": "observation",
        "evidence_tier": number % 5,
        "effect_rating": "potentially_positive",
        "resource_url": "https://example.org/goal-check" if number % 3 == 0 else None,
        "resource_license": "CC BY 4.0" if number % 3 == 0 else None,
        "share_level": "public",
        "practitioner_account": number % 5 == 0,
        "term_code": ("PCBL", "CBE", "MBL")[number % 3],
        "corroborated": False,
        **changes,
    }


def many_lessons(count: int) -> list[dict[str, Any]]:
    """Return invented lessons over several elements and kinds."""
    pairs = list(product(_ELEMENTS, _KINDS))
    return [
        lesson(
            number,
            element_code=pairs[(number * 7 + number // 3) % len(pairs)][0],
            lesson_type=pairs[(number * 7 + number // 3) % len(pairs)][1],
        )
        for number in range(1, count + 1)
    ]


def lessons_content(lessons: Sequence[dict[str, Any]]) -> LessonsContent:
    """Group lessons as the digest does, near enough for pages."""
    keys = dict.fromkeys(
        (item["element_code"], item["lesson_type"]) for item in lessons
    )
    groups = []
    for element, kind in keys:
        own = [
            item
            for item in lessons
            if (item["element_code"], item["lesson_type"]) == (element, kind)
        ]
        sites = min(len(own), 7)
        tiers = [item["evidence_tier"] for item in own if item["evidence_tier"]]
        groups.append(
            {
                "element_code": element,
                "lesson_type": kind,
                "lessons": len(own),
                "sites": sites,
                "states": min(sites, 4),
                "corroborated": sites >= 3,
                "strongest_tier": min(tiers, default=0),
                "newest": max(item["lesson_date"] for item in own),
                "lesson_ids": [item["public_id"] for item in own[:5]],
            }
        )
    groups.sort(key=lambda row: -row["sites"])
    return LessonsContent(
        groups=_frame(PUB1_GROUPS, groups), lessons=_frame(PUB1_LESSONS, lessons)
    )


def topic(code: str, requested: int, met: int, **changes: Any) -> dict[str, Any]:
    """Return one row of the assistance summary."""
    return {
        "topic": code,
        "requested": requested,
        "met": met,
        "median_days": 21.0 if met else None,
        "p90_days": 58.0 if met else None,
        "met_60_count": met,
        "met_60_due": requested,
        "met_60_share": met / requested if requested else None,
        "open": requested - met,
        "median_age_days": 34.5 if requested > met else None,
        "urgency_sum": 2 * (requested - met),
        "events": met,
        "reach": 2.25 if met else None,
        "site_hours": 11.5 * met,
        "cost_usd": 1250.5 * met if met else None,
        "cost_per_site_hour": 108.7391 if met else None,
        "cost_coverage": 0.8333 if met else None,
        "fulfilled": met,
        "self_served_share": 0.25 if met else None,
        "usefulness": 4.2667 if met > 3 else None,
        "usefulness_n": 15 if met > 3 else None,
        **changes,
    }


def assistance(period: str, *, scale: int = 1) -> AssistanceContent:
    """Return one invented school year of technical assistance."""
    codes = [
        ("grading_reporting", 9 * scale, 7 * scale, 18.0, 44.0),
        ("performance_assessment", 8 * scale, 5 * scale, 25.0, 71.0),
        ("student_supports_sel", 6 * scale, 6 * scale, 9.0, 30.0),
        ("schedule_staffing", 5 * scale, 1 * scale, 12.0, 12.0),
        ("family_community", 4 * scale, 0, None, None),
        ("other_topics", 5 * scale, 3 * scale, 14.0, 40.0),
    ]
    topics = [
        topic(code, asked, met, median_days=median, p90_days=p90)
        for code, asked, met, median, p90 in codes
    ]
    total = topic(
        "ALL",
        sum(row["requested"] for row in topics),
        sum(row["met"] for row in topics),
    )
    unmet = sorted(
        (row for row in topics if row["open"]),
        key=lambda row: (-row["open"], -row["urgency_sum"], row["topic"]),
    )
    return AssistanceContent(
        period=period,
        topics=_frame(PUB2_TOPICS, [total, *topics]),
        unmet=_frame(
            PUB2_UNMET, [{**row, "rank": n} for n, row in enumerate(unmet, start=1)]
        ),
        modes=_frame(
            PUB2_MODES,
            [
                {"mode": "coaching", "events": 9, "site_hours": 40.5},
                {"mode": "library_resource", "events": 3, "site_hours": 2.0},
                {"mode": "virtual_session", "events": 12, "site_hours": 96.0},
            ],
        ),
    )


def network_states() -> pl.DataFrame:
    """Return the table of the map: one state without a phase."""
    return pl.DataFrame(
        {
            "state_fips": list(STATES),
            "school_year": "2026-2027",
            "sites": [7, 5, 5, 3],
            "decided": [4, 6, 2, 0],
            "state_phase": ["exploration", "statewide_transformation", None, None],
        }
    )


def edition_content(
    lessons: Sequence[dict[str, Any]] | None = None,
    *,
    edition: Edition = "public",
    **changes: Any,
) -> EditionContent:
    """Return the contents of an invented edition."""
    rows = many_lessons(60) if lessons is None else lessons
    values: dict[str, Any] = {
        "edition": edition,
        "network_name": "Prairie & Desert Learning Network",
        "fictional": True,
        "states": STATES,
        "as_of": date(2026, 11, 22),
        "lessons": lessons_content(rows),
        "assistance": (assistance("2026-2027"), assistance("2025-2026", scale=2)),
        "code_lists": load_catalogue().code_lists,
        "pipeline_version": "0.1.0",
        "contract_versions": {"lesson_learned": "1.0", "ta_request": "1.0"},
        "license_name": "CC BY 4.0",
        "contact_email": "pilot@example.org",
        "state_terms": {"32": ("competency-based education",)},
        "documents": _contract_pages(),
        "contract_files": _contract_files(),
        "history": history([row["public_id"] for row in rows]),
        "tables": {
            "network_states": network_states(),
            **standing_tables(rows),
            **alike_tables(rows),
            **annual_tables(rows),
            **progress_tables(edition),
            **barriers_tables(edition),
            **statistical_tables(),
            **exchange_tables(edition),
            **planning_tables(edition),
            **roadmap_tables(),
        },
    }
    return EditionContent(**{**values, **changes})


@cache
def _contract_pages() -> Mapping[str, str]:
    return contract_pages(load_catalogue())


@cache
def _contract_files() -> Mapping[str, bytes]:
    return contract_files(load_catalogue()) | template_files(load_catalogue())


def render(content: EditionContent) -> dict[str, bytes]:
    """Return every file of an edition, as a release would hold it."""
    told = content.history.errata if content.history else ()
    data = {
        **data_files(content),
        **content.contract_files,
        ERRATA_FILE: errata_file(told),
    }
    files = dict(page_files(content, data, release_id=RELEASE_ID))
    return {**data, **files, "manifest.json": b"{}"}


def pages_of(files: Mapping[str, bytes]) -> dict[str, Element]:
    """Read all pages among some files."""
    return {
        path: read_html(content)
        for path, content in files.items()
        if path.endswith(".html")
    }


def _frame(table: Table, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    schema = dict(table.empty().schema)
    schema.pop("period", None)
    return pl.DataFrame(
        [{name: row.get(name) for name in schema} for row in rows], schema=schema
    )
