"""A small judge of IAM policies: the part of the language that our template uses.

What it does not know raises, so that no statement is passed over. Source: AWS IAM User
Guide, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators".
"""

import re
from collections.abc import Iterable
from typing import Any


def is_allowed(
    statements: Iterable[dict[str, Any]],
    action: str,
    resource: str,
    context: dict[str, str] | None = None,
) -> bool:
    """Decide a request: an explicit deny wins, and what nothing allows is denied."""
    effects = {
        statement["Effect"]
        for statement in statements
        if _applies(statement, action, resource, context or {})
    }
    return effects == {"Allow"}


def _applies(
    statement: dict[str, Any], action: str, resource: str, context: dict[str, str]
) -> bool:
    known = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
    assert set(statement) <= known, f"cannot judge {set(statement) - known}"
    return (
        any(
            _like(wanted.lower(), action.lower())
            for wanted in _list(statement["Action"])
        )
        and any(_like(wanted, resource) for wanted in _list(statement["Resource"]))
        and all(
            _holds(operator, wanted, context.get(key))
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _holds(operator: str, wanted: Any, given: str | None) -> bool:
    values = _list(wanted)
    match operator:
        case "Null":
            return (given is None) == (values == ["true"])
        case "StringNotEquals":  # a negation holds where the key is not given
            return given not in values
        case _ if given is None:
            return False
        case "StringEquals" | "ArnEquals" | "Bool":
            return given in values
        case "StringLike":
            return any(_like(value, given) for value in values)
        case "NumericLessThan":
            return any(float(given) < float(value) for value in values)
    raise AssertionError(f"cannot judge the operator {operator}")


def _like(pattern: str, text: str) -> bool:
    parts = {"*": ".*", "?": "."}
    regex = "".join(parts.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
