"""Invented site editions for the tests of the mirror report."""

from datetime import date

import polars as pl

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.publication.pages import mirror
from pcbl_pipeline.publication.site_edition import SiteContent, site_data_files
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES
from tests.support.editions_releases import ERRATUM

SITE_ID = "0499901"
ELEMENTS = [*(f"CBE{n}" for n in range(1, 8)), *(f"DC{n:02d}" for n in range(1, 11))]
_WINDOWS = (
    ("2025-2026", "fall", date(2025, 11, 30)),
    ("2025-2026", "spring", date(2026, 4, 30)),
    ("2026-2027", "fall", date(2026, 11, 30)),
)
_YEAR, _TOPIC = {"school_year": "2025-2026"}, {"topic": "data_systems"}
_BANDS = {"network_n_band": "100-299", "network_percent_band": "45"}
_RATE = {
    **_YEAR,
    "metric_code": "M04",
    "grade_band": "ALL",
    "pilot_scope": "all_students",
    "student_group": "ALL",
    "numerator": 41,
    "denominator": 90,
    "percent": 45.6,
    "is_baseline": False,
    "from_records": False,
}
_SURVEY = {
    **_YEAR,
    "window": "spring",
    "respondent": "student",
    "construct_code": "agency",
    "instrument": "sc_measuring_pcbl",
    "student_group": "ALL",
    "n_invited": 100,
    "n_responded": 80,
    "n_favorable": 60,
    "percent": 75.0,
    "response_percent": 80.0,
}
_LESSON = {
    "basis": "priority_element",
    "rank": 1,
    "reference": "CBE3",
    "matched_by": "element",
    "own_stage": 1,
    "public_id": "L00001",
    "element_code": "CBE3",
    "lesson_type": "worked",
    "title": "Weekly goal checks kept learners on pace",
    "site_label": "Invented Mesa District",
    "lesson_date": date(2026, 3, 1),
    "evidence_tier": 2,
    "policy_area": "PA3",
    "stage_at_time": 1,
    "stage_now": 3,
}
_BY_TEXT = {
    "rank": 2,
    "matched_by": "text",
    "own_stage": None,
    "shared_words": ["registrar", "transcript", "hand", "field", "winter", "sixth"],
}
_BY_SENSE = {"rank": 3, "matched_by": "meaning", "own_stage": None}
_ALIKE = {
    "public_id": "L00002",
    "title": "Weekly checks of goals kept learners on pace",
    "other_id": "L00001",
    "other_title": "Weekly goal checks kept learners on pace",
    "other_label": "Invented Mesa District",
    "likeness": 0.63,
}
_REQUEST = {
    **_TOPIC,
    "ta_request_id": "0499901-R1",
    "element_code": "CBE3",
    "urgency": 3,
    "requested_on": date(2026, 9, 1),
    "needed_by": date(2026, 10, 1),
    "age_days": 80,
    "is_late": True,
}
_BARRIER = {
    "barrier_id": "0499901-B1",
    "barrier_type": "seat_time",
    "policy_level": "state_rule",
    "policy_area": "PA3",
    "element_code": "CBE4",
    "severity": 4,
    "request_type": "waiver",
    "status": "open",
    "opened_on": date(2026, 2, 1),
    "status_date": date(2026, 2, 1),
    "age_days": 292,
}
_AWARD = {
    **_YEAR,
    "award_id": "A1",
    "award_title": "Performance assessment",
    "award_type": "MicroCredential",
    "element_code": "CBE2",
    "hours": 12.5,
    "n_started": 20,
    "n_completed": 14,
}


def site_content(**changes):
    """Return an invented site's edition with something in every table."""
    rows = {**_rows(), **changes.pop("rows", {})}
    values = {
        "site_id": SITE_ID,
        "site_name": "Invented Dry Creek District",
        "state": "Arizona",
        "network_name": "Prairie & Desert Learning Network",
        "fictional": True,
        "as_of": date(2026, 11, 20),
        "code_lists": load_catalogue().code_lists,
        "pipeline_version": "0.1.0",
        "tables": {
            table.name: _frame(table, rows.get(table.name, [])) for table in SITE_TABLES
        },
        "errata": (ERRATUM,),
    }
    return SiteContent(**{**values, **changes})


def telling_sites():
    """Yield editions that between them make the report say all it can say."""
    yield site_content()
    yield site_content(tables={}, errata=(), fictional=False)
    unknown = {"stage_now": None, "own_stage": None}
    yield site_content(
        rows={
            "pub7_stages": [
                {**row, "stage": 2, "change": None, "network_q1": None}
                for row in _rows()["pub7_stages"][1:]
            ],
            "pub7_requests": [
                {**_REQUEST, "is_late": False, "session": 2, "other_sites": 1}
            ],
            "pub7_lessons": [
                _LESSON | unknown | {"basis": "barrier", "matched_by": "policy_area"},
            ],
            "pub7_index": [
                {**row, "quarter": quarter}
                for row, quarter in zip(_rows()["pub7_index"], (1, 2, 3), strict=True)
            ],
            "pub7_outcomes": [
                {**_RATE, "grade_band": "09-12", "network_percent_band": "45"},
                {**_RATE, "pilot_scope": "pilot_students"},
                _RATE,
                *(
                    {**_RATE, "metric_code": f"X{number}", "percent": None}
                    | {"student_group": "LEP"}
                    for number in range(30)
                ),
            ],
            "pub7_experience": [
                {**_SURVEY, "school_year": "2026-2027", "respondent": "educator"},
                {**_SURVEY, "respondent": "educator", "network_percent_band": "75"},
            ],
        }
    )


def render_site(content):
    """Return every file of a site's edition, as a release would hold it."""
    data = site_data_files(content)
    files = dict(mirror.site_page_files(content, data, release_id="2026.11.1"))
    return {**data, **files, "manifest.json": b"{}"}


def write_mirror(content, messages):
    """Write a report with these very texts."""
    data = site_data_files(content)
    made = mirror.report_files(content, data, messages, release_id="2026.11.1")
    assert dict(made)


def _rows():
    stages = [
        {
            "school_year": year,
            "window": window,
            "window_end": end,
            "element_code": code,
            "stage": place % 3 + number,
            "stage_since": end if code == "CBE1" else None,
            "is_priority_next": code in {"CBE3", "DC04"},
            "change": None if number == 0 else 1,
            **(_middle(code) if number == 2 else {}),
        }
        for place, code in enumerate(ELEMENTS)
        for number, (year, window, end) in enumerate(_WINDOWS)
    ]
    quartiles = {"network_sites": 9, "network_q1": 30.0, "network_median": 45.0}
    index = [
        {"school_year": year, "window": window, "window_end": end, "rated": 17}
        | {"site_index": 61.8, "quarter": 4, "network_q3": 60.5, **quartiles}
        for year, window, end in _WINDOWS
    ]
    index[0] |= {"network_median": None, "quarter": None}
    return {
        "pub7_stages": stages,
        "pub7_index": index,
        "pub7_outcomes": [
            _RATE | _BANDS,
            {**_RATE, "student_group": "LEP", "network_reason": "complementary"},
            {**_RATE, "school_year": "2023-2024", "is_baseline": True},
            {**_RATE, "metric_code": "M07", "from_records": True},
        ],
        "pub7_experience": [{**_SURVEY, "network_percent_band": "75"}],
        "pub7_requests": [
            {**_REQUEST, "session": 1, "other_sites": 3},
            {**_REQUEST, "age_days": 1, "needed_by": None},
        ],
        "pub7_barriers": [_BARRIER],
        "pub7_lessons": [
            _LESSON,
            {**_LESSON, "basis": "barrier", "reference": "0499901-B1"},
            {**_LESSON, "basis": "request", "reference": "0499901-R1"}
            | {"shared_words": ["bell", "schedule"]},
            {**_LESSON, **_BY_TEXT, "basis": "barrier", "reference": "0499901-B1"},
            {**_LESSON, **_BY_TEXT, "basis": "request", "reference": "0499901-R1"},
            {**_LESSON, **_BY_SENSE, "basis": "barrier", "reference": "0499901-B1"},
            {**_LESSON, **_BY_SENSE, "basis": "request", "reference": "0499901-R1"},
        ],
        "pub7_near_duplicates": [_ALIKE, _ALIKE | {"decision": "same"}],
        "pub7_learning": [_AWARD, {**_AWARD, "award_id": "A2", "hours": None}],
    }


def _middle(code):
    """Return the network's stages on an element; two have none, one a single stage."""
    if code in {"CBE1", "DC10"}:
        return {}
    quartiles = {"network_q1": 2, "network_median": 2, "network_q3": 3}
    single = {"network_q3": 2} if code == "CBE2" else {}
    return {"network_sites": 9, **quartiles, **single}


def _frame(table, rows):
    schema = dict(table.empty().schema)
    return pl.DataFrame(
        [
            {"site_id": SITE_ID} | {name: row.get(name) for name in schema} | row
            for row in ({"site_id": SITE_ID, **row} for row in rows)
        ],
        schema=schema,
    )
