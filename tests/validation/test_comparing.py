"""A submission as a whole, beside what stood before it: measured, judged, explained."""

import json
from math import sqrt

import polars as pl
import pytest
from great_expectations.core import ExpectationSuite
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.comparison import Comparison, Measure
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.schema import field_schema
from pcbl_pipeline.model.waiver import Decision, Explanation, Waiver
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.comparing import (
    compare,
    comparison_suite,
    concern_of,
    numbers_of,
)
from pcbl_pipeline.validation.measures import SCOPE_ID, Before, measure
from tests.support.builders import EPOCH
from tests.support.stock_gx import outcomes_in_stock_gx, outcomes_on_polars

CATALOGUE = load_catalogue()
BETWEEN = "expect_column_values_to_be_between"


def measure_of(name: str, **more: object) -> Measure:
    return Measure(
        name=name,
        expectation=more.pop("expectation", BETWEEN),
        kwargs=more.pop("kwargs", {"max_value": 2}),
        **more,
    )


MEASURES = (
    measure_of("rows", kind="change", against="earlier", code="E531"),
    measure_of("replaced", kind="shrunk", against="replaced", code="E532"),
    measure_of("people", kind="change", against="earlier", of="people", code="E536"),
    measure_of(
        "gone",
        kind="vanished",
        against="earlier",
        of="topic",
        code="E533",
        expectation="expect_column_values_to_be_null",
        kwargs={},
    ),
    measure_of(
        "jumps",
        kind="jumped",
        against="earlier",
        of="stage",
        by=("topic",),
        step=2,
        code="E534",
    ),
    measure_of(
        "copied",
        kind="elsewhere",
        against="network",
        by=("topic", "people"),
        step=2,
        code="E535",
        kwargs={"max_value": 0.5},
    ),
)


def field(name: str, kind: str, **more: object) -> dict[str, object]:
    common = {"title": name, "description": name, "privacy": "public", "example": "x"}
    return {"name": name, "type": kind} | common | more


CONTRACT = Contract(
    dataset="invented_counts",
    code="S99",
    version="1.0",
    valid_from="2020-2021",
    title="Invented counts",
    description="Of the tests alone.",
    grain="one row per site, year, window and topic",
    key=("site_id", "school_year", "window", "topic"),
    delivery={"mode": "snapshot", "scope": ["site_id", "school_year", "window"]},
    submitted_by="site",
    owner_field="site_id",
    fields=[
        field("site_id", "text"),
        field("school_year", "school_year"),
        field("window", "code", code_list="window"),
        field("topic", "text"),
        field("stage", "integer"),
        field("people", "integer"),
    ],
    comparison=Comparison(
        series=("site_id",), period=("school_year", "window"), measures=MEASURES
    ),
)
SCHEMA = field_schema(CONTRACT)


def rows(*values: tuple[object, ...], site: str = "0499901") -> pl.DataFrame:
    """Make rows of year, window, topic, stage and people."""
    return pl.DataFrame(
        [(site, *value) for value in values], schema=SCHEMA, orient="row"
    )


def topics(count: int, period: tuple[str, str], *, stage: int = 1, people: int = 5):
    return [(*period, f"T{n:03d}", stage, people) for n in range(count)]


def before(standing: pl.DataFrame | None = None, others: pl.DataFrame | None = None):
    nothing = pl.DataFrame(schema=SCHEMA)
    mine = (nothing if standing is None else standing).with_columns(
        sender_id=pl.lit("0499901")
    )
    theirs = (nothing if others is None else others).with_columns(
        sender_id=pl.col("site_id")
    )
    return Before(mine.lazy(), theirs.lazy())


FALL, SPRING = ("2025-2026", "fall"), ("2025-2026", "spring")
END, NEXT_FALL = ("2025-2026", "end_of_year"), ("2026-2027", "fall")


def measured(now: pl.DataFrame, known: Before) -> dict[str, object]:
    table = measure(now.lazy(), CONTRACT, CATALOGUE, known)
    assert len(table) == 1
    return table.row(0, named=True)


def test_without_anything_before_there_is_nothing_to_compare():
    found = measured(rows(*topics(3, FALL)), before())

    values = {item.name: found[item.name] for item in MEASURES}
    assert values == dict.fromkeys(values, None) | {"copied": 0.0}


def test_the_period_before_is_the_latest_earlier_one_in_the_lists_order():
    """By the alphabet, `end_of_year` would come before `fall`."""
    standing = rows(*topics(2, FALL), *topics(9, END), *topics(4, SPRING))

    found = measured(rows(*topics(40, NEXT_FALL)), before(standing))

    assert (found["rows__before"], found["rows__period"]) == (
        "9",
        "2025-2026, end_of_year",
    )
    assert found["rows"] == pytest.approx(40 / 9)


def test_a_small_number_is_no_reason_to_worry():
    standing = rows(*topics(4, FALL))

    assert measured(rows(*topics(1, SPRING)), before(standing))["rows"] == 1.0
    assert measured(rows(*topics(12, SPRING)), before(standing))["rows"] == 1.0


def test_fewer_rows_than_those_replaced_count_and_more_do_not():
    standing = rows(*topics(60, FALL))

    fewer = measured(rows(*topics(12, FALL)), before(standing))
    more = measured(rows(*topics(240, FALL)), before(standing))

    assert (fewer["replaced"], fewer["replaced__now"]) == (5.0, "12")
    assert more["replaced"] == 1.0
    assert fewer["rows"] is None  # nothing earlier than the period itself


def test_totals_are_compared_like_counts():
    standing = rows(
        ("2025-2026", "fall", "A", 1, 100), ("2025-2026", "fall", "B", 1, 20)
    )

    found = measured(rows(("2025-2026", "spring", "A", 1, 480)), before(standing))

    assert found["people"] == 4.0
    assert (found["people__now"], found["people__before"]) == ("480", "120")


def test_groups_that_are_gone_are_named():
    standing = rows(*topics(3, FALL))

    found = measured(rows((*SPRING, "T001", 1, 5)), before(standing))

    assert found["gone"] == found["gone__before"] == "T000, T002"


def test_jumps_are_counted_among_what_was_rated_both_times():
    standing = rows((*FALL, "A", 1, 5), (*FALL, "B", 2, 5), (*FALL, "C", 4, 5))
    now = rows((*SPRING, "A", 3, 5), (*SPRING, "B", 3, 5), (*SPRING, "D", 4, 5))

    found = measured(now, before(standing))

    assert (found["jumps"], found["jumps__before"]) == (1.0, "2")


def test_rows_of_one_other_site_are_counted_and_those_of_several_are_not_added_up():
    now = rows((*FALL, "A", 1, 5), (*FALL, "B", 1, 6), (*FALL, "C", 1, 7))
    others = pl.concat(
        [
            rows((*FALL, "A", 4, 5), (*FALL, "B", 4, 6), site="0499902"),
            rows((*FALL, "C", 4, 7), (*SPRING, "A", 4, 5), site="0499903"),
        ]
    )

    found = measured(now, before(others=others))

    assert found["copied"] == pytest.approx(2 / 3)
    assert (found["copied__now"], found["copied__before"]) == ("2", "3")


def test_each_scope_has_its_own_row():
    now = pl.concat(
        [rows(*topics(2, SPRING)), rows(*topics(3, SPRING), site="049990100012")]
    )

    table = measure(now.lazy(), CONTRACT, CATALOGUE, before(rows(*topics(2, FALL))))

    assert table["site_id"].to_list() == ["0499901", "049990100012"]
    assert table["rows__before"].to_list() == ["2", None]


COUNT = st.integers(0, 400)


@given(now=COUNT, earlier=COUNT)
def test_a_change_counts_where_chance_is_no_likely_cause(now, earlier):
    """Against the definition, written out by itself."""
    people = [("2025-2026", "spring", "A", 1, now)]
    known = before(rows(("2025-2026", "fall", "A", 1, earlier)))

    found = measured(rows(*people), known)["people"]

    larger, smaller = max(now, earlier), min(now, earlier)
    surely = 2 * (sqrt(larger) - sqrt(smaller)) > 3 * sqrt(2)
    assert found == pytest.approx(larger / max(smaller, 1) if surely else 1.0)


def copied() -> tuple[pl.DataFrame, Before]:
    now = rows((*FALL, "A", 1, 5), (*FALL, "B", 1, 6))
    return now, before(
        others=rows((*FALL, "A", 4, 5), (*FALL, "B", 4, 6), site="0499902")
    )


def test_an_error_about_the_whole_holds_and_says_why():
    now, known = copied()

    found = compare(now, CONTRACT, CATALOGUE, Circumstances(before=known))

    assert found.holding == ("E535",)
    [finding] = found.findings
    assert finding.details["scope"] == "0499901, 2025-2026, fall"
    assert (finding.details["now"], finding.details["before"]) == ("2", "2")


def test_a_warning_about_the_whole_holds_nothing():
    known = before(rows(*topics(3, FALL)))
    now = rows((*SPRING, "T001", 1, 5))

    found = compare(now, CONTRACT, CATALOGUE, Circumstances(before=known))

    assert [item.code for item in found.findings] == ["E533"]
    assert found.holding == ()


def test_what_cannot_be_compared_is_named_and_not_passed():
    found = compare(rows(*topics(2, FALL)), CONTRACT, CATALOGUE, Circumstances())

    assert found.unchecked == tuple(sorted({item.code for item in MEASURES}))
    assert found.findings == ()


def accepted_waiver(finding, numbers) -> Waiver:
    explanation = Explanation(
        sender_id="0499901",
        submission_id="0499901-1",
        concern=concern_of(finding, CONTRACT.dataset),
        numbers=numbers,
        message="",
        text="We share a program.",
        explained_at=EPOCH,
    )
    decision = Decision(
        accepted=True, until="2027-06-30", decided_by="Office", decided_at=EPOCH
    )
    return Waiver(waiver_id="1", explanation=explanation, decision=decision)


@pytest.mark.parametrize(("numbers", "holding"), [(None, ()), ("9|9|", ("E535",))])
def test_a_waiver_lets_through_only_the_numbers_that_it_is_about(numbers, holding):
    now, known = copied()
    first = compare(now, CONTRACT, CATALOGUE, Circumstances(before=known))
    [finding] = first.findings
    waiver = accepted_waiver(finding, numbers or numbers_of(finding))
    waived = {waiver.explanation.concern: waiver}

    found = compare(
        now, CONTRACT, CATALOGUE, Circumstances(before=known, waived=waived)
    )

    assert found.holding == holding
    assert found.findings == first.findings


def test_the_suite_of_measures_finds_the_same_in_stock_gx():
    standing = rows(*topics(60, FALL, people=9), site="0499901")
    now = pl.concat(
        [
            rows(*topics(12, FALL, stage=4)),
            rows(*topics(7, SPRING, stage=3)),
            rows(*topics(5, NEXT_FALL)),
        ]
    )
    others = rows(*topics(12, FALL), site="0499902")
    table = measure(now.lazy(), CONTRACT, CATALOGUE, before(standing, others))
    suite = comparison_suite(CONTRACT, CATALOGUE)
    judged = table.rename({SCOPE_ID: "row_number"})
    written = json.loads(json.dumps(suite.to_json_dict()))

    ours = outcomes_on_polars(
        [item.configuration for item in suite.expectations], judged
    )
    stock = outcomes_in_stock_gx(ExpectationSuite(**written), judged)

    assert ours == stock
    assert sum(outcome.unexpected_count for outcome in stock.values()) >= 5


def test_every_contracts_measures_look_at_columns_that_sort_and_add_up():
    for contract in CATALOGUE.contracts.values():
        for item in contract.comparison.measures if contract.comparison else ():
            assert item.code in CATALOGUE.rules
            if item.kind in {"change", "shrunk", "jumped"} and item.of:
                assert field_schema(contract)[item.of].is_numeric()
