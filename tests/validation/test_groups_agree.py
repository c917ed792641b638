"""Groups of rows and the row before, against a second implementation in plain loops."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.groups import CHANGE, NOTHING_SENT, WINDOWS, contract_with, over


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
