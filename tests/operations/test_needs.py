"""Needs that are matched with lessons: what may not be shown is not asked."""

from datetime import date

from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.operations.summaries.needs import released_needs
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.summaries import mirror
from tests.support.frames import lake_rows

AS_OF = date(2026, 11, 20)
SITE, UNNAMED = "0499901", "0499902"
NEEDS = {
    "R1": "Learners who finish early wait for a new course code.",
    "R2": "The student Marcus Hill waits for a new course code.",
    "R3": "Only 3 students wait for a new course code.",
    "R4": "Our neighbors at Sagebrush Flats wait for a new course code.",
    "R5": None,
}


def test_a_need_that_names_somebody_is_not_asked():
    requests = lake_rows(
        "ta_request",
        [
            {
                "site_id": SITE,
                "sender_id": SITE,
                "ta_request_id": request_id,
                "requested_on": date(2026, 9, 1),
                "status": "open",
                "need": need,
            }
            for request_id, need in NEEDS.items()
        ],
    )
    profile = {
        "site_id": UNNAMED,
        "school_year": "2026-2027",
        "site_name": "Sagebrush Flats",
        "consent_publish_name": "N",
    }
    barriers = lake_rows("barrier_and_waiver", [])
    rows = LakeRows(
        None,
        None,
        {
            "ta_request": requests,
            "barrier_and_waiver": barriers,
            "site_profile": lake_rows("site_profile", [profile]),
        },
    )

    asked = released_needs(
        rows,
        mirror.open_barriers(barriers, as_of=AS_OF),
        mirror.open_requests(requests, lake_rows("ta_event", []), as_of=AS_OF),
        Narratives(minimum_group_sizes={"04": 10}),
    )

    assert asked.rows() == [(SITE, "request", "R1", NEEDS["R1"])]
