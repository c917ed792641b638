"""Groups of rows and the row before: what is derived, and where it stands."""

import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    Delivery,
    DerivedColumn,
    FieldType,
    Presence,
    Privacy,
)
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.prepare import prepare
from pcbl_pipeline.validation.verdict import judge
from tests.support.example_rows import SITE, example_rows
from tests.support.frames import table_rows
from tests.support.rows import FIRST_ROW, text_frame

CATALOGUE = load_catalogue()
WINDOWS = CATALOGUE.code_lists["window"].values
NOTHING_SENT = pl.DataFrame(
    schema={"site": pl.String, "window": pl.String, "item": pl.String, "n": pl.Int64}
)


def field(name, kind, **more):
    return ContractField(
        name=name,
        title=name,
        description=name,
        type=kind,
        presence=Presence.OPTIONAL,
        privacy=Privacy.PUBLIC,
        example="1",
        **more,
    )


def contract_with(**derived) -> Contract:
    return Contract(
        dataset="invented",
        code="S0",
        version="1.0",
        valid_from="2020-2021",
        title="Invented",
        description="Invented for tests.",
        grain="one row per site, window and item",
        key=("site", "window", "item"),
        delivery=Delivery(mode="snapshot", scope=("site", "window")),
        submitted_by="agency",
        fields=(
            field(
                "site", FieldType.TEXT, pattern="^[a-z]$", pattern_in_words="a letter"
            ),
            field("window", FieldType.CODE, code_list="window"),
            field(
                "item", FieldType.TEXT, pattern="^[A-Z]$", pattern_in_words="a letter"
            ),
            field("n", FieldType.INTEGER),
        ),
        derived=(DerivedColumn(name="got", **derived),),
    )


def derived(table, history=NOTHING_SENT, **column):
    """Derive a column over an ASCII table; return it in the order of the rows."""
    contract = contract_with(**column)
    rows = table_rows(table, pl.Schema(dict.fromkeys(contract.field_names, pl.String)))
    return over(rows, contract, history)


def over(rows, contract, history=NOTHING_SENT):
    known = Circumstances(history=history)
    frame = text_frame(contract, rows).lazy()
    return prepare(frame, contract, CATALOGUE, known).collect()["got"].to_list()


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


CHANGE = {
    "kind": "previous_change",
    "of": "n",
    "group": ("site", "item"),
    "order": ("window",),
}


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


# ----------------------------------------------------- a second implementation


def cells():
    return st.fixed_dictionaries(
        {
            "site": st.sampled_from(["a", "b", "B", None]),
            "window": st.sampled_from([*WINDOWS[:3], "autumn", None]),
            "item": st.sampled_from(["A", "B", "C", "X", "x", None]),
            "n": st.sampled_from(["0", "1", "2", "5", "-3", "two", None]),
        }
    )


def as_values(row):
    """Read a row by hand: what is not right is None."""
    site, window, item, n = row["site"], row["window"], row["item"], row["n"]
    return {
        "site": site if site in {"a", "b"} else None,
        "window": window if window in WINDOWS else None,
        "item": item if item and item.isupper() else None,
        "n": None if n in {"two", None} else int(n),
    }


def may_belong(told, group):
    """Tell whether a row tells all but one column of a group, and those agree."""
    agree = all(one in {None, other} for one, other in zip(told, group, strict=True))
    return agree and told.count(None) == 1 < len(group)


def by_hand(rows, column):
    """Derive a group's column with plain loops."""
    values = [as_values(row) for row in rows]
    keys = [(v["site"], v["window"], v["item"]) for v in values]
    got = [None] * len(rows)
    groups = {tuple(v[name] for name in column.group) for v in values}
    for group in groups:
        if None in group:
            continue
        members = [
            number
            for number, v in enumerate(values)
            if tuple(v[name] for name in column.group) == group
        ]
        counted = [
            number
            for number in members
            if all(values[number][n] in allowed for n, allowed in column.among.items())
            and (column.kind == "group_missing" or keys.count(keys[number]) == 1)
        ]
        in_doubt = column.kind == "group_missing" and any(
            may_belong([v[name] for name in column.group], group) for v in values
        )
        if not counted or in_doubt:
            continue
        of = [values[number].get(column.of) for number in counted]
        result = {
            "group_missing": lambda of=of: (
                ";".join(v for v in column.values if v not in of) or None
                if None not in of
                else None
            ),
            "group_count": lambda of=of: len(of),
            "group_distinct": lambda of=of: len(set(of) - {None}),
            "group_sum": lambda of=of: sum(v for v in of if v is not None),
        }[column.kind]()
        for number in members if column.kind == "group_sum" else counted[:1]:
            got[number] = result
    return got


GROUPED = [
    {"kind": "group_missing", "of": "item", "values": ("A", "B", "C")},
    {"kind": "group_count", "among": {"item": ("A", "B")}},
    {"kind": "group_distinct", "of": "n", "among": {"item": ("A", "B", "C")}},
    {"kind": "group_sum", "of": "n", "among": {"item": ("B", "C")}},
]


@pytest.mark.parametrize("stated", GROUPED, ids=lambda stated: stated["kind"])
@given(rows=st.lists(cells(), max_size=12), group=st.sampled_from([1, 2]))
@settings(max_examples=25, deadline=None)
def test_groups_agree_with_plain_loops(stated, rows, group):
    contract = contract_with(group=("site", "window")[:group], **stated)

    assert over(rows, contract) == by_hand(rows, contract.derived[0])


def change_by_hand(rows, history):
    """Look for the row before with plain loops."""
    ours = [as_values(row) for row in rows]
    replaced = {(row["site"], row["window"]) for row in ours}
    kept = [row for row in history if (row["site"], row["window"]) not in replaced]
    known = [row for row in (*kept, *ours) if None not in row.values()]

    def at(site, item, window):
        here = [
            r["n"]
            for r in known
            if (r["site"], r["item"], r["window"]) == (site, item, window)
        ]
        return here[0] if len(here) == 1 else None

    def change(row):
        if None in row.values():
            return None
        now = at(row["site"], row["item"], row["window"])
        place = WINDOWS.index(row["window"])
        before = [at(row["site"], row["item"], w) for w in WINDOWS[:place]]
        told = [n for n in before if n is not None]
        return now - told[-1] if now is not None and told else None

    return [change(row) for row in ours]


@given(
    rows=st.lists(cells(), max_size=10),
    stages=st.dictionaries(
        st.tuples(*map(st.sampled_from, (["a", "b"], WINDOWS, ["A", "B"]))),
        st.integers(0, 4),
    ),
)
@settings(max_examples=40, deadline=None)
def test_changes_agree_with_plain_loops(rows, stages):
    history = [
        {"site": site, "window": window, "item": item, "n": n}
        for (site, window, item), n in stages.items()
    ]
    frame = pl.DataFrame(history, schema=NOTHING_SENT.schema)

    assert over(rows, contract_with(**CHANGE), frame) == change_by_hand(rows, history)


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
