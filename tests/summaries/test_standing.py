"""How far lessons can be relied on: worked out by hand, and by SQL on drawn lessons."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.standing import lesson_standing
from tests.summaries.oracle_standing import expected_standing

AS_OF = date(2026, 11, 20)
SCHEMA = {
    "public_id": pl.String,
    "lesson_id": pl.String,
    "site_id": pl.String,
    "told_state": pl.String,
    "element_code": pl.String,
    "lesson_type": pl.String,
    "evidence_tier": pl.Int64,
    "lesson_date": pl.Date,
    "reused_lesson_id": pl.String,
    "reuse_kind": pl.String,
    "reuse_result": pl.String,
}


def lessons(*rows: dict[str, object]) -> pl.DataFrame:
    """Return shown lessons: by default each worked at another site, without a study."""
    return pl.DataFrame(
        [
            {
                "public_id": f"p{number}",
                "lesson_id": f"l{number}",
                "site_id": f"site{number}",
                "told_state": "04",
                "element_code": "CBE1",
                "lesson_type": "worked",
                "evidence_tier": 0,
                "lesson_date": date(2026, 3, number),
                **row,
            }
            for number, row in enumerate(rows, 1)
        ],
        schema=SCHEMA,
        orient="row",
    )


def took_up(target: str, result: str, **more: object) -> dict[str, object]:
    """Return a lesson on something else, whose site took one of others up."""
    return {
        "element_code": "MT1",
        "reused_lesson_id": target,
        "reuse_kind": "adopted",
        "reuse_result": result,
        **more,
    }


def strengths(shown: pl.DataFrame) -> dict[tuple[str, str], str]:
    rows = lesson_standing(shown, as_of=AS_OF).groups.iter_rows(named=True)
    return {(row["element_code"], row["lesson_type"]): row["strength"] for row in rows}


WORKED = ("CBE1", "worked")


def test_one_account_is_too_little_evidence():
    assert strengths(lessons({}))[WORKED] == "too_little"


def test_three_sites_of_two_states_with_a_study_are_strong():
    three = ({"evidence_tier": 3}, {}, {"told_state": "32"})

    assert strengths(lessons(*three))[WORKED] == "strong"
    assert strengths(lessons({}, {}, {"told_state": "32"}))[WORKED] == "moderate"
    assert strengths(lessons(*three[:2], {"told_state": None}))[WORKED] == "moderate"
    assert strengths(lessons({"evidence_tier": 3}, {}, {}))[WORKED] == "moderate"
    assert strengths(lessons({"evidence_tier": 4}, {}))[WORKED] == "emerging"


def test_two_lessons_of_one_site_are_not_independent():
    assert strengths(lessons({}, {"site_id": "site1"}))[WORKED] == "too_little"


def test_a_site_that_took_a_lesson_up_and_saw_it_help_bears_it_out():
    shown = lessons({}, took_up("p1", "helped_in_part"), took_up("l1", "too_early"))

    standing = lesson_standing(shown, as_of=AS_OF)

    assert strengths(shown)[WORKED] == "emerging"
    assert standing.reuse.rows() == [("p1", 2, 2, 0, 0, 1, 0, 1)]


def test_a_site_that_saw_it_not_help_opposes():
    shown = lessons({}, {}, took_up("p1", "did_not_help"))

    group = lesson_standing(shown, as_of=AS_OF).groups.row(0, named=True)

    assert (group["strength"], group["opposing_sites"]) == ("too_little", 1)


def test_the_last_word_of_a_site_counts():
    shown = lessons(
        {},
        took_up("p1", "too_early", lesson_date=date(2026, 1, 1)),
        took_up("p1", "helped", site_id="site2", lesson_date=date(2026, 2, 1)),
    )

    assert lesson_standing(shown, as_of=AS_OF).reuse["helped"].to_list() == [1]


def test_nobody_is_credited_for_taking_up_the_own_lesson():
    shown = lessons({}, took_up("p1", "helped", site_id="site1"))

    assert lesson_standing(shown, as_of=AS_OF).reuse.is_empty()


def test_what_nobody_renewed_for_three_years_stands_lower():
    old = {"lesson_date": date(2023, 11, 19)}
    just = {"lesson_date": date(2023, 11, 20)}

    assert strengths(lessons(old, old, old))[WORKED] == "emerging"
    assert strengths(lessons(old, old, just))[WORKED] == "moderate"


def test_a_question_has_no_strength():
    asked = {"lesson_type": "open_question", "evidence_tier": 1}

    assert strengths(lessons(asked))["CBE1", "open_question"] == "question"


def test_what_worked_here_and_did_not_there_stands_side_by_side():
    shown = lessons(
        {},
        {"lesson_type": "adapted"},
        {"lesson_type": "did_not_work"},
        {"element_code": "MT1"},
    )

    found = lesson_standing(shown, as_of=AS_OF).contradictions

    assert found.rows() == [("CBE1", 2, 1, ["p2", "p1"], ["p3"])]


NUMBERS = range(1, 9)
DRAWN = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": st.sampled_from(["a", "b", "c", "d"]),
            "element_code": st.sampled_from(["CBE1", "MT1"]),
            "lesson_type": st.sampled_from(
                ["worked", "worked", "adapted", "did_not_work", "open_question"]
            ),
            "evidence_tier": st.integers(0, 4),
            "lesson_date": st.sampled_from(
                [AS_OF - timedelta(days=days) for days in (1, 90, 1095, 1096, 1097)]
            ),
            "reused_lesson_id": st.none()
            | st.sampled_from([f"{kind}{n}" for kind in "pl" for n in NUMBERS]),
            "reuse_kind": st.sampled_from([None, "adopted", "adapted"]),
            "reuse_result": st.sampled_from(
                [None, "helped", "helped_in_part", "did_not_help", "too_early"]
            ),
        }
    ),
    max_size=len(NUMBERS),
)
#: Where nothing may be told of a site, it has no state here.
STATES = {"a": "04", "b": "04", "c": "32", "d": None}


@settings(max_examples=60, deadline=None)
@given(DRAWN, st.randoms())
def test_sql_says_the_same_in_any_order_of_rows(rows, random):
    shown = lessons(*({**row, "told_state": STATES[row["site_id"]]} for row in rows))
    order = list(range(shown.height))
    random.shuffle(order)

    standing = lesson_standing(shown[order], as_of=AS_OF)

    assert (
        standing.groups.rows(),
        standing.reuse.rows(),
        standing.contradictions.rows(),
    ) == expected_standing(shown, AS_OF)
