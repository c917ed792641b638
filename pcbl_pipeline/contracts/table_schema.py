"""A contract as a Frictionless Table Schema, for tools that people already have.

The schema says what Table Schema version 1 can express: types, required values, ranges,
lengths, patterns, code lists and the key. It never refuses what the contract accepts
in the form of the template; other forms that we read (R317), rules between columns and
datasets, and "above the minimum", are ours alone.
"""

import re
from typing import Any

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    FieldType,
    Presence,
)
from pcbl_pipeline.model.identifiers import SCHOOL_YEARS, WEB_ADDRESS_PATTERN

#: A blank was not provided; `NA` does not apply.
MISSING_VALUES = ("", "NA")

_TYPES = {
    FieldType.INTEGER: ("integer", "default"),
    FieldType.DECIMAL: ("number", "default"),
    FieldType.DATE: ("date", "default"),
}


def table_schema(contract: Contract, catalogue: Catalogue) -> dict[str, Any]:
    """Return the Table Schema descriptor of a contract, ready for JSON.

    Source: Table Schema 1, https://specs.frictionlessdata.io/table-schema/
    """
    return {
        "name": contract.dataset,
        "title": contract.title,
        "description": contract.description,
        "version": contract.version,
        "fields": [
            _field_descriptor(field, catalogue.codes_of(field))
            for field in contract.fields
        ],
        "primaryKey": list(contract.key),
        "missingValues": list(MISSING_VALUES),
    }


def _field_descriptor(field: ContractField, codes: CodeList | None) -> dict[str, Any]:
    kind, form = _TYPES.get(field.type, ("string", "default"))
    described = {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "type": kind,
        "format": form,
        "example": field.example,
        "unit": field.unit,
        "constraints": _constraints(field, codes),
    }
    return {name: value for name, value in described.items() if value}


def _constraints(field: ContractField, codes: CodeList | None) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "required": field.presence is Presence.REQUIRED or None,
        "pattern": _pattern(field, codes),
        "minimum": _number(field.minimum),
        "maximum": _number(field.maximum),
        "maxLength": field.max_length,
    }
    if codes is not None and field.type is FieldType.CODE:
        stated["enum"] = list(codes.values)
    elif field.type is FieldType.SCHOOL_YEAR:
        stated["enum"] = list(SCHOOL_YEARS)
    return {name: value for name, value in stated.items() if value is not None}


def _pattern(field: ContractField, codes: CodeList | None) -> str | None:
    if field.type is FieldType.URI:
        return WEB_ADDRESS_PATTERN
    if codes is not None and field.type is FieldType.CODES:
        one = "(?:" + "|".join(re.escape(value) for value in codes.values) + ")"
        return rf"^\s*{one}\s*(?:;\s*{one}\s*)*$"
    return field.pattern


def _number(limit: float | None) -> float | int | None:
    return int(limit) if limit is not None and limit == int(limit) else limit
