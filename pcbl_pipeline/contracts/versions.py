"""The versions of one dataset's contract: which fit together, which judges which year.

What does not belong here: reading files, and what changed between two versions
(`diff`).
"""

from collections.abc import Sequence
from itertools import pairwise

from pcbl_pipeline.contracts.contract import SCHEMA_VERSION, Contract
from pcbl_pipeline.contracts.schema import lake_type
from pcbl_pipeline.errors import ContractInvalid


def in_order(versions: Sequence[Contract]) -> tuple[Contract, ...]:
    """Return a dataset's versions, the one that begins first in front.

    Raises:
        ContractInvalid: If they cannot stand beside each other.
    """
    ordered = tuple(sorted(versions, key=lambda item: item.valid_from))
    _check_distinct(ordered)
    for earlier, later in pairwise(ordered):
        if earlier.valid_to and earlier.valid_to >= later.valid_from:
            raise ContractInvalid(
                f"{earlier.dataset} {earlier.version} and {later.version} both judge "
                f"{later.valid_from}."
            )
        _check_same_table(earlier, later)
    return ordered


def judging_version(versions: Sequence[Contract], school_year: str) -> Contract:
    """Return the version that judges a school year: the last that began by then.

    Years before the first version are judged by that one too.

    Shape: `versions` as `in_order` returns them.
    """
    begun = [item for item in versions if item.valid_from <= school_year]
    return begun[-1] if begun else versions[0]


def years_in_words(versions: Sequence[Contract], version: Contract) -> str:
    """Say which school years a version judges.

    Shape: `versions` as `in_order` returns them.
    """
    place = next(
        number
        for number, item in enumerate(versions)
        if version.version in {item.version, *item.adds_to}
    )
    later = versions[place + 1 :]
    if version.valid_to:
        end = version.valid_to
    elif later:
        first = int(later[0].valid_from[:4])
        end = f"{first - 1}-{first}"
    else:
        end = ""
    if place == 0:
        return f"school years up to {end}" if end else "every school year"
    if not end:
        return f"school years from {version.valid_from} on"
    if end == version.valid_from:
        return f"the school year {end}"
    return f"school years from {version.valid_from} to {end}"


def _check_distinct(versions: Sequence[Contract]) -> None:
    dataset = versions[0].dataset
    for what in ("version", "valid_from"):
        values = [str(getattr(item, what)) for item in versions]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ContractInvalid(
                f"Two versions of {dataset} have the same {what}: {', '.join(twice)}."
            )


def _check_same_table(earlier: Contract, later: Contract) -> None:
    """Refuse what rows of one table in the lake cannot differ in."""
    for what in ("key", "delivery", "submitted_by", "owner_field"):
        if getattr(earlier, what) != getattr(later, what):
            raise ContractInvalid(
                f"{later.dataset} {later.version} has another {what} than "
                f"{earlier.version}. Rows of both lie in one table, so that needs a "
                "dataset of its own."
            )
    shared = set(earlier.field_names) & set(later.field_names) - {SCHEMA_VERSION}
    for name in sorted(shared):
        if lake_type(earlier.field(name)) != lake_type(later.field(name)):
            raise ContractInvalid(
                f"{later.dataset}.{name} holds another type in version "
                f"{later.version} than in {earlier.version}. Give it another name."
            )
