"""Which rules a stock tool can check at home, on one file as it is sent, and why not.

Such a tool sees the cells as text, and nothing but this file. What does not belong here:
the expectations for it (`validation.home_suite`).
"""

from pcbl_pipeline.contracts.contract import Contract, ContractRule, FieldType

_GREATER = "expect_column_pair_values_a_to_be_greater_than_b"
#: What can be asked of text as well.
_ABOUT_TEXT = {
    "expect_column_values_to_be_null",
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_not_be_in_set",
    "expect_column_pair_values_to_be_equal",
    _GREATER,
}
_SEVERAL_ROWS = "It looks at several rows together."
_PARTS = "It compares parts of values."
_ARITHMETIC = "It calculates."
_EARLIER = "It looks at what was sent before."
_OTHERS = "It looks at other datasets."
_SCHOOL_YEAR = "It needs the days on which the network's school years begin and end."
_WHY_NOT = {
    "prefix": _PARTS,
    "prefix_like": _PARTS,
    "first_given": _PARTS,
    "times": _ARITHMETIC,
    "days_between": _ARITHMETIC,
    "limit": _ARITHMETIC,
    "school_year_first_day": _SCHOOL_YEAR,
    "school_year_last_day": _SCHOOL_YEAR,
    "received_date": "It needs the day on which the file is received.",
    "unresolved": _OTHERS,
    "looked_up": _OTHERS,
    "latest_earlier": _EARLIER,
    "previous_change": _EARLIER,
    "group_missing": _SEVERAL_ROWS,
    "group_count": _SEVERAL_ROWS,
    "group_distinct": _SEVERAL_ROWS,
    "group_sum": _SEVERAL_ROWS,
}


def why_not_at_home(rule: ContractRule, contract: Contract) -> str | None:
    """Say why a contract's own rule cannot be checked at home; None where it can."""
    for column in contract.derived:
        if column.name in rule.names:
            return _WHY_NOT[column.kind]
    if rule.expectation not in _ABOUT_TEXT:
        return "It looks at numbers, and the cells of a file are text."
    if rule.expectation == _GREATER:
        pair = (rule.kwargs["column_A"], rule.kwargs["column_B"])
        # As text, 10 comes before 9; days that begin with the year keep their order.
        if any(contract.field(name).type is not FieldType.DATE for name in pair):
            return "It compares numbers, and the cells of a file are text."
    return None
