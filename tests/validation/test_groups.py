"""Groups of rows and the row before: what is derived, and where it stands."""

import itertools

import polars as pl
import pytest
from pydantic import ValidationError

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.prepare import prepare
from pcbl_pipeline.validation.verdict import judge
from tests.support.example_rows import SITE, example_rows
from tests.support.frames import table_rows
from tests.support.groups import (
    CATALOGUE,
    CHANGE,
    NOTHING_SENT,
    contract_with,
    derived,
)
from tests.support.rows import FIRST_ROW, text_frame

# ---------------------------------------------------------------------- missing


MISSING = {
    "kind": "group_missing",
    "of": "item",
    "group": ("site", "window"),
    "values": ("A", "B", "C"),
}


def test_what_a_group_lacks_stands_once_in_its_first_row():
    got = derived(
        """
        | site | window | item | n |
        | a    | fall   | B    |   |
        | b    | fall   | A    |   |
        | a    | fall   | X    |   |
        | b    | fall   | C    |   |
        | b    | fall   | B    |   |
        | b    | spring | B    |   |
        | b    | spring | C    |   |
        """,
        **MISSING,
    )

    assert got == ["A;C", None, None, None, None, "A", None]


@pytest.mark.parametrize("wrong", ["", "b", "NA"], ids=["blank", "malformed", "NA"])
def test_nothing_is_missing_while_a_row_may_be_it(wrong):
    got = derived(
        f"""
        | site | window | item    | n |
        | a    | fall   | A       |   |
        | a    | fall   | {wrong} |   |
        | b    | fall   | A       |   |
        """,
        **MISSING,
    )

    assert got == [None, None, "B;C"]


def test_nothing_is_missing_while_a_row_may_belong_to_the_group():
    got = derived(
        """
        | site | window | item | n |
        | a    | fall   | A    |   |
        | a    | autumn | B    |   |
        | b    | fall   | A    |   |
        | c    | fall   | A    |   |
        | C    |        | B    |   |
        """,
        **MISSING,
    )

    # A row of site a does not tell its window; one that tells neither is of no group.
    assert got == [None, None, "B;C", "B;C", None]


def test_nothing_is_missing_while_rows_of_the_file_are_not_judged():
    contract = CATALOGUE.get("implementation_status")
    row = {field.name: field.example for field in contract.fields}
    frame = text_frame(contract, [row]).lazy()

    judgement = judge(frame, contract, CATALOGUE, Circumstances(complete=False))

    assert judgement.occurrences.is_empty()
    assert "E501" in judgement.suite.unchecked


# --------------------------------------------------------- counts, kinds, sums


def test_rows_are_counted_where_the_first_of_them_stands():
    got = derived(
        """
        | site | window | item | n |
        | a    | fall   | A    | 1 |
        | a    | fall   | B    | 2 |
        | a    | fall   | C    | 3 |
        | b    | fall   | A    | 4 |
        """,
        kind="group_count",
        group=("site",),
        among={"item": ("B", "C")},
    )

    assert got == [None, 2, None, None]


def test_different_values_are_counted_without_blanks():
    got = derived(
        """
        | site | window | item | n |
        | a    | fall   | A    | 1 |
        | a    | fall   | B    | 2 |
        | a    | spring | C    | 2 |
        | a    | spring | D    |   |
        | b    | fall   | A    |   |
        """,
        kind="group_distinct",
        of="n",
        group=("site",),
    )

    assert got == [2, None, None, None, 0]


def test_a_sum_stands_in_every_row_of_its_group():
    got = derived(
        """
        | site | window | item | n   |
        | a    | fall   | T    | 9   |
        | a    | fall   | A    | 4   |
        | a    | fall   | B    | 6   |
        | a    | fall   | C    | six |
        | b    | fall   | T    | 9   |
        """,
        kind="group_sum",
        of="n",
        group=("site", "window"),
        among={"item": ("A", "B", "C")},
    )

    assert got == [10, 10, 10, 10, None]


def test_rows_whose_key_stands_twice_do_not_count():
    """They are a finding of their own; a sum would count a student twice."""
    table = """
        | site | window | item | n |
        | a    | fall   | A    | 4 |
        | a    | fall   | A    | 4 |
        | a    | fall   | B    | 6 |
        """

    assert derived(table, kind="group_sum", of="n", group=("site",)) == [6] * 3
    assert derived(table, kind="group_count", group=("site",)) == [None, None, 1]


# --------------------------------------------------------------- the row before


def sent(table):
    return pl.DataFrame(
        table_rows(table, NOTHING_SENT.schema), schema=NOTHING_SENT.schema
    )


def test_the_row_before_is_the_latest_earlier_one_in_the_order_of_the_list():
    got = derived(
        """
        | site | window      | item | n |
        | a    | spring      | A    | 1 |
        | a    | fall        | A    | 3 |
        | a    | end_of_year | A    | 4 |
        | a    | spring      | B    | 5 |
        | b    | spring      | A    | 5 |
        """,
        **CHANGE,
    )

    assert got == [-2, None, 3, None, None]


def test_rows_sent_earlier_count_but_not_those_that_this_file_replaces():
    got = derived(
        """
        | site | window      | item | n |
        | a    | mid_year    | A    | 2 |
        | a    | end_of_year | A    | 2 |
        | a    | end_of_year | B    | 2 |
        | b    | spring      | A    | 2 |
        """,
        history=sent(
            """
            | site | window      | item | n |
            | a    | fall        | A    | 4 |
            | a    | mid_year    | A    | 9 |
            | a    | mid_year    | B    | 9 |
            | a    | fall        | B    | 1 |
            | a    | spring      | A    | 3 |
            | b    | end_of_year | A    | 1 |
            """
        ),
        **CHANGE,
    )

    # Nothing of mid-year is left but what this file brings, so B stood at 1 before.
    assert got == [-2, -1, 1, None]


def test_a_place_that_is_taken_twice_tells_nothing():
    got = derived(
        """
        | site | window | item | n |
        | a    | fall   | A    | 4 |
        | a    | spring | A    | 1 |
        | a    | spring | A    | 2 |
        """,
        **CHANGE,
    )

    assert got == [None, None, None]


@pytest.mark.parametrize("spoilt", ["fall | A | two", "autumn | A | 9", "fall | a | 9"])
def test_a_row_with_a_wrong_value_is_not_the_row_before(spoilt):
    got = derived(
        f"""
        | site | window | item | n |
        | a    | {spoilt}         |
        | a    | spring | A    | 1 |
        """,
        **CHANGE,
    )

    assert got == [None, None]


def test_without_the_rows_sent_earlier_nothing_is_derived():
    contract = contract_with(**CHANGE)

    got = prepare(
        text_frame(contract, [{"site": "a"}]).lazy(),
        contract,
        CATALOGUE,
        Circumstances(),
    )

    assert "got" not in got.collect_schema().names()


# --------------------------------------------------------------- what is said


def test_a_finding_names_what_the_group_lacks():
    contract = CATALOGUE.get("implementation_status")
    windows = itertools.product(("fall", "spring"), ("CBE1", "CBE2", "DC10"))
    rows = [
        {field.name: field.example for field in contract.fields}
        | {"window": window, "element_code": element}
        for window, element in windows
    ]

    occurrences = judge(
        text_frame(contract, rows).lazy(), contract, CATALOGUE, Circumstances()
    ).occurrences

    found = occurrences.select("code", "field", "row_number", "value").rows()
    assert found == [
        ("E501", "window", FIRST_ROW, "fall"),
        ("E501", "window", FIRST_ROW + 3, "spring"),
    ]
    lacking = "CBE3, CBE4, CBE5, CBE6, CBE7, DC01, DC02, DC03, DC04, DC05, DC06"
    assert set(occurrences["expected"]) == {
        f"All 17 elements. These lack: {lacking}, DC07, DC08, DC09."
    }


@pytest.mark.parametrize(
    ("sender_id", "other"),
    [("0499901", "0499902"), ("049990100123", "049990100124")],
    ids=["district", "school"],
)
def test_a_row_with_the_id_of_another_site_is_one_finding(sender_id, other):
    contract = CATALOGUE.get("implementation_status")
    sender = Sender(sender_id=sender_id, name="Mesa", kind="site", state_fips="04")
    rows = [row | {"site_id": sender_id} for row in example_rows(contract)]
    rows[3]["site_id"] = other

    occurrences = judge(
        text_frame(contract, rows).lazy(),
        contract,
        CATALOGUE,
        Circumstances(sender=sender),
    ).occurrences

    assert occurrences.select("code", "row_number").rows() == [("K402", FIRST_ROW + 3)]


def test_a_district_reports_for_each_of_its_schools():
    contract = CATALOGUE.get("implementation_status")
    schools = ("0499901", "049990100123", "049990100124")
    rows = [
        row | {"site_id": school}
        for school in schools
        for row in example_rows(contract)[: -1 if school == schools[1] else None]
    ]

    occurrences = judge(
        text_frame(contract, rows).lazy(),
        contract,
        CATALOGUE,
        Circumstances(sender=SITE),
    ).occurrences

    assert occurrences.select("code", "row_number").rows() == [("E501", FIRST_ROW + 17)]


def test_only_a_list_of_what_is_missing_can_be_named():
    contract = CATALOGUE.get("implementation_status")
    stated = contract.model_dump()
    stated["rules"][0]["expected"] = "Not {missing}."

    with pytest.raises(ValidationError, match="R321 does not know what is missing"):
        Contract.model_validate(stated)


def test_a_group_without_columns_is_refused():
    with pytest.raises(ValidationError, match="a group, and only it, has columns"):
        DerivedColumn(name="n", kind="group_count")
    with pytest.raises(ValidationError, match="a group, and only it, has columns"):
        DerivedColumn(name="n", kind="prefix", of="site", length=2, group=("site",))


def test_a_group_of_unknown_columns_is_refused():
    with pytest.raises(ValidationError, match="names that are no field: district"):
        contract_with(kind="group_count", group=("district",))
