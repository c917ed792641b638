"""PUB7: hand-checked rows of a small network, and agreement with a second form."""

from datetime import date
from operator import itemgetter

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.publication.tables import PUB1_LESSONS
from pcbl_pipeline.summaries import mirror
from pcbl_pipeline.summaries.mirror_lessons import lessons_for_sites, with_stage_now
from pcbl_pipeline.summaries.mirror_network import (
    beside_bands,
    beside_index,
    beside_stages,
    for_each_survey,
    named_stages,
    published_bands,
    published_quartiles,
    published_stages,
)
from tests.summaries import oracle_mirror
from tests.support.editions import lesson
from tests.support.frames import lake_rows, lake_table

AS_OF = date(2026, 11, 20)
ENDS = Calendar().window_end
ELEMENTS = [*(f"CBE{n}" for n in range(1, 8)), *(f"DC{n:02d}" for n in range(1, 11))]
SITES = ("0499901", "0499902")

RATINGS = """
    site_id | school_year | window | element_code | stage | stage_since | is_priority_next
    0499901 | 2025-2026   | spring | CBE3         | 1     | 2026-02-01  | N
    0499901 | 2025-2026   | fall   | CBE3         | 0     |             | N
    0499901 | 2026-2027   | fall   | CBE3         | 3     | 2026-10-01  | Y
    0499901 | 2026-2027   | fall   | CBE1         | 2     |             | N
    0499902 | 2026-2027   | fall   | CBE3         | 4     |             | N
"""


#: As `competency_outcomes` returns what it counted.
COUNTED = {
    **dict.fromkeys(("site_id", "school_year", "metric_code"), pl.String),
    **dict.fromkeys(("grade_band", "student_group"), pl.String),
    **dict.fromkeys(("numerator", "denominator", "people"), pl.Int64),
}
NOTHING_COUNTED = pl.DataFrame(schema=COUNTED)


def ratings(rows=RATINGS):
    return lake_table("implementation_status", rows)


def test_own_stages_recall_every_step_in_the_order_of_time():
    own = mirror.own_stages(ratings(), ENDS).filter(pl.col("site_id") == "0499901")

    assert own.select(
        "window_end", "element_code", "stage", "change", "is_priority_next"
    ).rows() == [
        (date(2025, 11, 30), "CBE3", 0, None, False),
        (date(2026, 4, 30), "CBE3", 1, 1, False),
        (date(2026, 11, 30), "CBE1", 2, None, False),
        (date(2026, 11, 30), "CBE3", 3, 2, True),
    ]


def test_the_index_needs_fourteen_elements_and_is_rounded_half_up():
    rated = [
        {"site_id": site, "element_code": code, "stage": stage, **window}
        for site, count, stage in ((SITES[0], 14, 3), (SITES[1], 13, 3))
        for window in ({"school_year": "2026-2027", "window": "fall"},)
        for code in ELEMENTS[:count]
    ]
    # 14 elements at stage 3 and two at stage 2, a theme that does not count.
    rated += [
        {**rated[0], "element_code": code, "stage": 2} for code in ("DC08", "DC09")
    ] + [{**rated[0], "element_code": "MT1", "stage": 0}]

    index = mirror.own_index(
        mirror.own_stages(lake_rows("implementation_status", rated), ENDS)
    )

    # 46 / 16 / 4 = 71.875 %
    assert index.select("site_id", "rated", "site_index").rows() == [
        (SITES[0], 16, 71.9),
        (SITES[1], 13, None),
    ]


def test_the_quarter_follows_the_published_quartiles_and_nothing_else():
    window = {"school_year": "2026-2027", "window": "fall"}
    index = pl.DataFrame(
        [
            {**window, "site_id": name, "site_index": value}
            for name, value in (
                *(("a", 40.0), ("b", 40.1), ("c", 60.0), ("d", 80.1)),
                ("e", None),
            )
        ]
    )
    quartiles = {"sites": 7, "q1": 40.0, "median": 55.0, "q3": 80.0}
    rows = [
        {**window, "group_kind": "all", "group": "ALL", **quartiles},
        {**window, "group_kind": "cohort", "group": "One", **quartiles, "q1": 90.0},
    ]
    tables = {"pub3_index": pl.DataFrame(rows)}

    found = beside_index(index, published_quartiles(tables))
    alone = beside_index(index, published_quartiles({}))

    assert found["quarter"].to_list() == [1, 2, 3, 4, None]
    assert found["network_q1"].unique().to_list() == [40.0]
    assert alone["quarter"].to_list() == [None] * 5
    assert alone["network_median"].null_count() == 5


def test_own_rates_are_exact_and_the_network_stands_beside_them_as_published():
    key = {
        "school_year": "2025-2026",
        "metric_code": "M04",
        "grade_band": "ALL",
        "pilot_scope": "all_students",
    }
    own = mirror.own_outcomes(
        lake_rows(
            "outcome_metric",
            [
                {"site_id": SITES[0], **key, "student_group": group} | counts
                for group, counts in (
                    ("ALL", {"numerator": 1, "denominator": 3, "is_baseline": "Y"}),
                    ("LEP", {"numerator": 0, "denominator": 0}),
                    ("F", {"numerator": 1, "denominator": 16}),
                )
            ],
        ),
        NOTHING_COUNTED,
    )
    published = pl.DataFrame(
        [
            {"site_id": "ALL", **key, "student_group": "ALL", "n_band": "40-99"}
            | {"percent_band": "30-34", "reason": None},
            {"site_id": SITES[1], **key, "student_group": "F", "n_band": "10-19"}
            | {"percent_band": "<=20", "reason": None},
            {"site_id": "ALL", **key, "student_group": "F", "n_band": None}
            | {"percent_band": None, "reason": "complementary"},
        ]
    )
    keys = (*key, "student_group")

    found = beside_bands(
        own, published_bands({"pub5_x": published}, "pub5_", keys), keys
    )

    columns = ("student_group", "percent", "network_percent_band", "network_reason")
    assert found.select(columns).rows() == [
        ("ALL", 33.3, "30-34", None),
        ("F", 6.3, None, "complementary"),
        ("LEP", None, None, None),
    ]
    assert found["is_baseline"].to_list() == [True, False, False]
    unpublished = beside_bands(own, published_bands({}, "pub5_", keys), keys)
    assert unpublished["network_n_band"].null_count() == 3


def test_what_was_counted_from_records_stands_in_place_of_what_was_sent():
    sent = [
        {"metric_code": code, "school_year": year, "is_baseline": baseline}
        for code, year, baseline in (
            ("M07", "2025-2026", "N"),
            ("M07", "2024-2025", "N"),
            ("M04", "2024-2025", "Y"),
        )
    ]
    shared = {"site_id": SITES[0], "grade_band": "ALL", "student_group": "ALL"}
    numbers = {"pilot_scope": "all_students", "numerator": 1, "denominator": 2}
    counted = [
        ("M07", "2025-2026", 7, 9),
        # 24,999 and 75,000 ten-thousandths: 2.4999 of 7.5 credits, half up to 2 of 8.
        ("M09", "2024-2025", 24_999, 75_000),
    ]
    computed = pl.DataFrame(
        [
            {**shared, "metric_code": code, "school_year": year, "people": above}
            | {"numerator": above, "denominator": below}
            for code, year, above, below in counted
        ],
        schema=COUNTED,
    )

    own = mirror.own_outcomes(
        lake_rows("outcome_metric", [{**shared, **numbers, **row} for row in sent]),
        computed,
    )

    assert own.select(
        *("school_year", "metric_code", "pilot_scope", "numerator", "denominator"),
        *("percent", "is_baseline", "from_records"),
    ).rows() == [
        ("2025-2026", "M07", "pilot_students", 7, 9, 77.8, False, True),
        ("2024-2025", "M04", "all_students", 1, 2, 50.0, True, False),
        ("2024-2025", "M07", "all_students", 1, 2, 50.0, False, False),
        ("2024-2025", "M09", "pilot_students", 2, 8, 33.3, True, True),
    ]


def test_the_network_stands_beside_each_stage_by_its_published_counts():
    window = {"school_year": "2026-2027", "window": "fall"}
    # Of 1, 0, 3, 2 and 1 sites at stages 0 to 4: the 2nd, 4th and 6th of 7 are at
    # stages 2, 2 and 3.
    counts = {"stage_0": 1, "stage_1": 0, "stage_2": 3, "stage_3": 2, "stage_4": 1}
    published = pl.DataFrame([{**window, "element_code": "CBE3", "sites": 7, **counts}])
    own = mirror.own_stages(ratings(), ENDS).filter(pl.col("site_id") == SITES[0])

    found = beside_stages(own, published_stages({"pub3_elements": published}))
    alone = beside_stages(own, published_stages({}))

    middle = ("network_sites", "network_q1", "network_median", "network_q3")
    assert found.select("element_code", *middle).rows()[-2:] == [
        ("CBE1", None, None, None, None),
        ("CBE3", 7, 2, 2, 3),
    ]
    assert found["network_q1"].to_list()[:2] == [None, None]
    assert alone.select(middle).null_count().row(0) == (4, 4, 4, 4)


def test_a_line_of_all_surveys_stands_for_each_and_one_by_several_rules_for_none():
    line = {
        "school_year": "2025-2026",
        "respondent": "student",
        "construct_code": "agency",
        "student_group": "ALL",
        "n_band": "100-299",
        "reason": None,
    }
    own = pl.DataFrame(
        [{**line, "instrument": name} for name in ("mine", "air")]
        + [{**line, "construct_code": "belonging", "instrument": "mine"}]
    )
    published = pl.DataFrame(
        [
            {**line, "instrument": "ALL", "percent_band": "45"},
            *(
                {**line, "construct_code": "belonging", "instrument": "mine"}
                | {"percent_band": band}
                for band in ("50", "60")
            ),
        ]
    )

    found = for_each_survey(published, own)

    assert found.filter(pl.col("instrument") != "ALL").select(
        "construct_code", "instrument", "percent_band"
    ).rows() == [("agency", "mine", "45"), ("agency", "air", "45")]


LESSON = {"evidence_tier": 0, "lesson_date": date(2026, 1, 1), "policy_area": "PA0"}


def lessons_frame(*changes):
    rows = [
        lesson(number, **{**LESSON, **change})
        for number, change in enumerate(changes, start=1)
    ]
    return PUB1_LESSONS.conform(pl.DataFrame(rows, schema=PUB1_LESSONS.empty().schema))


def own_of(*pairs):
    return pl.DataFrame(
        pairs, schema={"site_id": pl.String, "public_id": pl.String}, orient="row"
    )


def no_rows(summary, dataset, *more, **named):
    return summary(lake_rows(dataset, []), *more, **named)


def test_an_event_for_another_sites_request_of_the_same_id_answers_none_here():
    requests = lake_rows(
        "ta_request",
        [
            {"site_id": site, "ta_request_id": "Q1", "status": status}
            | {"requested_on": date(2026, 1, 5), "urgency": 1}
            for site, status in (("0499901", "fulfilled"), ("0499902", "open"))
        ],
    )
    event = {"event_date": date(2026, 1, 9), "sites_served": ["0499901"]}
    events = lake_rows("ta_event", [{**event, "ta_request_ids": ["Q1"]}])

    waiting = mirror.open_requests(requests, events, as_of=AS_OF)

    assert waiting["site_id"].to_list() == ["0499902"]


def test_lessons_by_others_stand_in_the_order_of_pub1_with_their_reason():
    stages = mirror.own_stages(ratings(), ENDS)
    barriers = mirror.open_barriers(
        lake_table(
            "barrier_and_waiver",
            """
            site_id | barrier_id | revision | policy_area | element_code | severity | status | opened_on
            0499901 | B1         | 1        | PA3         | CBE4         | 2        | open   | 2026-01-01
            """,
        ),
        as_of=AS_OF,
    )
    requests = no_rows(
        mirror.open_requests, "ta_request", lake_rows("ta_event", []), as_of=AS_OF
    )
    shared = lessons_frame(
        {"evidence_tier": 0},
        {"evidence_tier": 3},
        {"evidence_tier": 2, "lesson_date": date(2025, 1, 1)},
        {"evidence_tier": 2, "lesson_date": date(2025, 1, 2)},
        {"evidence_tier": 1},
        {"element_code": "DC01", "policy_area": "PA3"},
        {"element_code": "CBE4", "policy_area": "PA3"},
    )

    found = lessons_for_sites(
        stages, barriers, requests, shared, own_of((SITES[0], "L00005"))
    )

    columns = ("basis", "rank", "reference", "matched_by", "public_id", "own_stage")
    assert found.select(columns).rows() == [
        ("priority_element", 1, "CBE3", "element", "L00004", 3),
        ("priority_element", 2, "CBE3", "element", "L00003", 3),
        ("priority_element", 3, "CBE3", "element", "L00002", 3),
        ("priority_element", 4, "CBE3", "element", "L00001", 3),
        ("barrier", 1, "B1", "policy_area", "L00006", None),
        ("barrier", 2, "B1", "element", "L00007", None),
    ]


def test_where_a_site_went_is_told_only_of_sites_that_are_named():
    lessons = pl.DataFrame(
        {"site_label": ["Mesa", "a pilot site"], "element_code": ["CBE3", "CBE3"]}
    )
    named = pl.DataFrame(
        {"site_name": ["Mesa"], "element_code": ["CBE3"], "stage": [3], "more": ["x"]}
    )

    found = with_stage_now(lessons, named_stages({"pub3_sites": named}))

    assert found["stage_now"].to_list() == [3, None]
    assert with_stage_now(lessons, named_stages({}))["stage_now"].null_count() == 2


#: Each example goes through two engines; small frames find what large ones do.
FEW = settings(max_examples=12)
sites = st.sampled_from(SITES)
days = st.dates(date(2026, 9, 1), date(2026, 12, 31))
years = st.sampled_from(["2025-2026", "2026-2027"])
windows = st.sampled_from(["fall", "mid_year", "spring", "end_of_year"])
elements = st.sampled_from(["CBE1", "CBE3", "DC01", "MT1"])
areas = st.sampled_from(["PA0", "PA1", "PA3"])
rating_rows = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": sites,
            "school_year": years,
            "window": windows,
            "element_code": st.sampled_from([*ELEMENTS, "MT1"]),
            "stage": st.none() | st.integers(0, 4),
            "is_priority_next": st.sampled_from(["Y", "N", None]),
        }
    ),
    max_size=24,
    unique_by=itemgetter("site_id", "school_year", "window", "element_code"),
)
barrier_rows = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": sites,
            "barrier_id": st.sampled_from(["B1", "B2", "B3"]),
            "revision": st.integers(1, 3),
            "policy_area": areas,
            "element_code": elements,
            "severity": st.integers(1, 4),
            "status": st.sampled_from(["open", "under_review", "granted"]),
            "opened_on": days,
        }
    ),
    max_size=8,
    unique_by=itemgetter("site_id", "barrier_id", "revision"),
)
request_rows = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": sites,
            "ta_request_id": st.sampled_from(["R1", "R2", "R3"]),
            "element_code": elements,
            "requested_on": days,
            "needed_by": st.none() | days,
            "status": st.sampled_from(["open", "scheduled", "fulfilled"]),
        }
    ),
    max_size=6,
    unique_by=itemgetter("site_id", "ta_request_id"),
)
event_rows = st.lists(
    st.fixed_dictionaries(
        {
            "event_date": days,
            "sites_served": st.lists(sites, min_size=2, max_size=2, unique=True),
            "ta_request_ids": st.lists(st.sampled_from(["R1", "R2"]), max_size=2),
        }
    ),
    max_size=4,
)
lesson_rows = st.lists(
    st.fixed_dictionaries(
        {
            "evidence_tier": st.none() | st.integers(0, 4),
            "lesson_date": days,
            "element_code": elements,
            "policy_area": areas,
        }
    ),
    max_size=12,
)


def window_frame():
    rows = [
        (year, window, ENDS(year, window))
        for year in ("2025-2026", "2026-2027")
        for window in ("fall", "mid_year", "spring", "end_of_year")
    ]
    return pl.DataFrame(
        rows, schema=["school_year", "window", "window_end"], orient="row"
    )


@FEW
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_quartiles_of_stages_agree_with_sql(stages):
    counts = {f"stage_{number}": stages.count(number) for number in range(5)}
    line = {"school_year": "2026-2027", "window": "fall", "element_code": "CBE1"}
    published = pl.DataFrame([{**line, "sites": len(stages), **counts}])

    found = published_stages({"pub3_elements": published})

    assert found.select("network_q1", "network_median", "network_q3").rows() == (
        oracle_mirror.answer(
            oracle_mirror.QUARTILES, sites=pl.DataFrame({"stage": stages})
        )
    )


@FEW
@given(rating_rows)
def test_stages_and_index_agree_with_sql(rows):
    frame = lake_rows("implementation_status", rows)
    tables = {"ratings": frame, "windows": window_frame()}

    stages = mirror.own_stages(frame, ENDS)

    assert stages.rows() == oracle_mirror.answer(oracle_mirror.STAGES, **tables)
    assert mirror.own_index(stages).rows() == oracle_mirror.answer(
        oracle_mirror.INDEX, **tables
    )


@FEW
@given(barrier_rows, request_rows, event_rows, st.randoms())
def test_what_waits_agrees_with_sql_whatever_the_order_of_rows(
    barriers, requests, events, random
):
    frames = {
        "barriers": lake_rows("barrier_and_waiver", barriers),
        "requests": lake_rows("ta_request", requests),
        "events": lake_rows("ta_event", events),
    }
    turned = frames["barriers"].sample(
        fraction=1, shuffle=True, seed=random.randrange(9)
    )

    waiting = mirror.open_barriers(turned, as_of=AS_OF)
    asked = mirror.open_requests(frames["requests"], frames["events"], as_of=AS_OF)

    assert waiting.select("site_id", "barrier_id", "severity", "age_days").rows() == (
        oracle_mirror.answer(oracle_mirror.BARRIERS, as_of=AS_OF, **frames)
    )
    assert asked.select("site_id", "ta_request_id", "age_days", "is_late").rows() == (
        oracle_mirror.answer(oracle_mirror.REQUESTS, as_of=AS_OF, **frames)
    )


@FEW
@given(rating_rows, barrier_rows, request_rows, lesson_rows)
def test_lessons_agree_with_sql(rated, barriers, requests, shared):
    frames = {
        "stages": mirror.own_stages(lake_rows("implementation_status", rated), ENDS),
        "barriers": mirror.open_barriers(
            lake_rows("barrier_and_waiver", barriers), as_of=AS_OF
        ),
        "requests": mirror.open_requests(
            lake_rows("ta_request", requests), lake_rows("ta_event", []), as_of=AS_OF
        ),
        "lessons": lessons_frame(*shared),
        "own": own_of((SITES[0], "L00001"), (SITES[1], "L00002")),
    }

    found = lessons_for_sites(**frames)

    bases = {"priority_element": 1, "barrier": 2, "request": 3}
    assert [
        (site, bases[basis], rank, public_id)
        for site, basis, rank, public_id in found.select(
            "site_id", "basis", "rank", "public_id"
        ).iter_rows()
    ] == oracle_mirror.answer(oracle_mirror.LESSONS, **frames)
