"""A contract's own rules, asked of a file whose cells are all text.

A blank cell may be null, an empty text or `NA`, whatever read the file. What does not
belong here: which rules can be asked so (`contracts.at_home`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from great_expectations.expectations.row_conditions import (
    AndCondition,
    Column,
    ComparisonCondition,
    Condition,
    NullityCondition,
    OrCondition,
)

from pcbl_pipeline.contracts.contract import Contract, ContractRule
from pcbl_pipeline.validation.home_forms import BLANK, blank_pattern

NOT_NULL = "expect_column_values_to_not_be_null"
IN_SET = "expect_column_values_to_be_in_set"
NOT_IN_SET = "expect_column_values_to_not_be_in_set"
NOT_MATCH = "expect_column_values_to_not_match_regex"
_PAIR = ("column_A", "column_B")


@dataclass(frozen=True)
class Asked:
    """One expectation by its type and arguments, and the rows that it is about."""

    expectation: str
    kwargs: Mapping[str, Any]
    condition: Condition | None


def home_rule(rule: ContractRule, contract: Contract) -> Iterator[Asked]:
    """Yield the expectations that together ask what a rule asks."""
    kwargs = dict(rule.kwargs)
    pair = [kwargs[key] for key in _PAIR if key in kwargs]
    condition = _where(rule, pair)
    match rule.expectation:
        case "expect_column_values_to_be_null":
            kwargs["value_set"] = list(BLANK)
            yield Asked(IN_SET, kwargs, condition)
        case "expect_column_values_to_not_be_null":
            yield Asked(NOT_NULL, kwargs, condition)
            pattern = blank_pattern(contract.field(kwargs["column"]))
            yield Asked(NOT_MATCH, {**kwargs, "regex": pattern}, condition)
        case "expect_column_values_to_be_in_set":
            kwargs["value_set"] = [*map(str, kwargs["value_set"]), *BLANK]
            yield Asked(IN_SET, kwargs, condition)
        case "expect_column_values_to_not_be_in_set":
            kwargs["value_set"] = [str(value) for value in kwargs["value_set"]]
            yield Asked(NOT_IN_SET, kwargs, condition)
        case _:
            yield Asked(rule.expectation, kwargs, condition)


def filled(names: Sequence[str]) -> list[Condition]:
    """Return the conditions of rows in which all these columns have something."""
    return [Column(name).is_not_in(list(BLANK)) for name in names]


def all_of(conditions: Sequence[Condition]) -> Condition | None:
    """Join conditions; none at all is every row."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return AndCondition(conditions=list(conditions))


def columns_of(condition: Condition | None) -> set[str]:
    """Return the columns that a condition looks at."""
    match condition:
        case AndCondition() | OrCondition():
            return set().union(*map(columns_of, condition.conditions))
        case ComparisonCondition() | NullityCondition():
            return {condition.column.name}
    return set()


def _where(rule: ContractRule, pair: Sequence[str]) -> Condition | None:
    """Say which rows count. GX knows alternatives only at the outside."""
    ways: list[list[Condition]] = [filled(pair)]
    for name, wanted in rule.when.items():
        column = Column(name)
        if wanted == "blank":
            blank = (column.is_null(), column.is_in(list(BLANK)))
            ways = [[*way, one] for way in ways for one in blank]
        elif wanted == "present":
            ways = [[*way, column.is_not_null(), *filled([name])] for way in ways]
        else:
            values = [str(value) for value in wanted]
            ways = [[*way, column.is_in(values)] for way in ways]
    joined = [condition for way in ways if (condition := all_of(way)) is not None]
    return OrCondition(conditions=joined) if len(joined) > 1 else all_of(joined)
