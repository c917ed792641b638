"""Soundness: whether a mapping fits its dataset, and whether it lets a person through.

Looked at before a mapping is used or kept. What does not belong here: whether it fits a
file, and what its files hold.
"""

from collections.abc import Iterator

from pcbl_pipeline.contracts.contract import Contract, FieldType, Presence
from pcbl_pipeline.contracts.source import SourceMapping, ValueSource
from pcbl_pipeline.errors import ContractInvalid
from pcbl_pipeline.mapping.fill_in import FILL_IN, columns_to_name, names_to_give
from pcbl_pipeline.mapping.guard import keyed_fields
from pcbl_pipeline.mapping.identifiers import named_by
from pcbl_pipeline.model.identifiers import SCHOOL_YEARS

_NAME_COLUMN = f"Under `{{}}`, name a column of the file in place of {FILL_IN}."


def require_sound(source: SourceMapping, contract: Contract) -> None:
    """Refuse a mapping that does not fit its dataset or lets a person through.

    Raises:
        ContractInvalid: With every problem at once.
    """
    problems = [
        *(_NAME_COLUMN.format(name) for name in columns_to_name(source)),
        *_problems(source, contract),
    ]
    if problems:
        raise ContractInvalid(
            f"The mapping `{source.source}` is not usable: {' '.join(problems)}"
        )


def require_finished(source: SourceMapping) -> None:
    """Refuse to keep a mapping in which something is still to be filled in.

    Raises:
        ContractInvalid: With the fields that are meant.
    """
    if names := names_to_give(source):
        listed = ", ".join(f"`{name}`" for name in names)
        raise ContractInvalid(
            f"The mapping `{source.source}` is not finished: write the name of the list "
            f"of skills, or of the tool, in place of {FILL_IN} under {listed}."
        )


def _problems(source: SourceMapping, contract: Contract) -> Iterator[str]:
    known = set(contract.field_names)
    for name in sorted(set(source.fields) - known):
        yield f"`{name}` is no column of {contract.dataset}."
    for field in contract.fields:
        if field.presence is Presence.REQUIRED and field.name not in source.fields:
            yield f"`{field.name}` must be made, and nothing makes it."
    keyed = {field.name for field in keyed_fields(contract)}
    for name, value in source.fields.items():
        if name in keyed and not value.is_hashed:
            yield f"`{name}` must be hashed (`hash: student` or `hash: teacher`)."
        elif not value.is_hashed:
            yield from _wrong_years(name, value, contract)
            for header, kind in _persons(value):
                yield f"`{name}` is made from `{header}`, which holds {kind}."


def _wrong_years(name: str, value: ValueSource, contract: Contract) -> Iterator[str]:
    """Name a year that is the same for every row and wrong in every row."""
    if name not in contract.field_names:
        return
    for text in (value.constant, value.default):
        is_year = contract.field(name).type is FieldType.SCHOOL_YEAR
        if is_year and text is not None and text not in SCHOOL_YEARS:
            yield (
                f"`{name}` is `{text}`. Write the year with all of its digits, such as "
                "2025-2026."
            )


def _persons(value: ValueSource) -> Iterator[tuple[str, str]]:
    for header in value.headers:
        kind = named_by(header)
        if kind is not None:
            yield header, kind.value
