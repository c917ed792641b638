"""What a contract says, in plain words: for templates, dictionaries and rule pages.

Words about the contract only. What was found wrong in a file is worded by its rule.
"""

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    FieldType,
    Presence,
    Privacy,
    RuleText,
)
from pcbl_pipeline.model.finding import Severity

#: Up to this many codes are named one by one; a longer list is named by its name.
_CODES_NAMED = 8

PRESENCE_WORDS = {
    Presence.REQUIRED: "Must be filled in",
    Presence.RECOMMENDED: "Should be filled in",
    Presence.OPTIONAL: "May stay blank",
}
PRIVACY_WORDS = {
    Privacy.PUBLIC: "Everyone",
    Privacy.NETWORK: "Member sites and state agencies",
    Privacy.RESTRICTED: "Your state agency only",
    Privacy.SHARE_LEVEL: "Whom the row's share_level names",
}
SENDER_WORDS = {"site": "each pilot site", "agency": "the state agency"}
_FORM_WORDS = {
    FieldType.DATE: "date as YYYY-MM-DD",
    FieldType.SCHOOL_YEAR: "school year as YYYY-YYYY",
    FieldType.URI: "web address with https:// in front",
    FieldType.NARRATIVE: "free text without names of people",
}
#: What a `{placeholder}` of a rule's texts stands for.
PLACEHOLDERS = {
    "absent": "the columns that must be there and are missing",
    "back": "the side to which the cells belong: left or right",
    "before": "what there was before",
    "cells": "the cells that are meant, such as B3:B7",
    "code": "a code of the list",
    "column": "the header as you sent it",
    "columns": "the headers of the columns",
    "count": "how many there are",
    "counts": "the smallest and the largest number",
    "dataset": "the title of the dataset",
    "datasets": "the datasets that you may send, each with its name for commands",
    "day": "the day on which you confirmed it",
    "expected": "what the contract asks for in that column",
    "field": "the name of the column in the contract",
    "file": "the name of your file",
    "filled": "how many cells a row has",
    "first": "the first column",
    "form": "how the values are written",
    "hint": "a column that you may have meant, if there is one",
    "inside": "what the file is by its content",
    "key": "the columns that must be unique together",
    "kind": "a site or an agency, or what a column holds",
    "last": "the last column",
    "limit_mb": "the limit in megabytes",
    "limits": "what your state allows",
    "mapping": "the name and version of the mapping",
    "mark": "the mark that stands in its place now",
    "member": "the name of a file in your ZIP file",
    "missing": "what the group of rows does not have",
    "name": "the dataset's name for commands",
    "named": "how many columns the header has",
    "named_rows": "the rows of the sheet",
    "now": "what there is now",
    "other": "the id found in the rows",
    "period": "the school year, or the part of it, that it is compared with",
    "reading": "how many values were written in another form, and how they were read",
    "reason": "what makes it too large",
    "received": "the day on which the file came in first",
    "withdrawn": "the day on which the other file was withdrawn",
    "records": "how many records they made",
    "row": "the row as you see it, with the header in row 1",
    "rows": "how many rows there are",
    "scope": "the site and the school year, or the part of it",
    "sender": "your sender id",
    "shared": "how many of them are there",
    "sheet": "the name of the sheet",
    "side": "left or right",
    "size_mb": "the size in megabytes",
    "skills": "the columns that became rows, if there are several",
    "suffix": "the ending of the file's name",
    "taken": "what was taken out, how often and in which rows",
    "times": "how many times",
    "title": "the title of the column in the contract, or the name of the tool",
    "total": "how many columns the dataset must have",
    "unknown": "the headers that are no column of the dataset",
    "value": "the value as you sent it",
    "values": "the column to which the cells below those headers belong",
    "way": "how to change the column as a whole",
    "where": "the file or sheet",
    "who": "who sends this dataset",
    "words": "the words, each with how often it stands there",
}


def value_words(field: ContractField, codes: CodeList | None) -> str:
    """Say in one line what a right value looks like.

    Units: the field's unit follows in brackets.
    """
    words = _kind_words(field, codes)
    if field.max_length is not None:
        words += f", at most {field.max_length} characters"
    return f"{words} ({field.unit})" if field.unit else words


def range_words(field: ContractField) -> str:
    """Say which numbers are allowed; blank when all are."""
    low, high = (_plain(limit) for limit in (field.minimum, field.maximum))
    if low and high:
        return f"from {low} to {high}"
    if low:
        return f"above {low}" if field.above_minimum else f"{low} or more"
    return f"{high} or less" if high else ""


def delivery_words(contract: Contract) -> str:
    """Say how a newer file relates to what was sent before."""
    if contract.delivery.mode == "snapshot":
        scope = names_together(contract.delivery.scope)
        return f"The newest file for the same {scope} replaces the earlier one."
    key = names_together(contract.key)
    return f"The newest row with the same {key} replaces the earlier one."


def names_together(names: tuple[str, ...]) -> str:
    """Write names one after the other, as people do: `a, b and c`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def consequence_words(rule: RuleText) -> str:
    """Say what becomes of the file or row when the rule is broken."""
    if rule.severity is Severity.INFO:
        return "Info: nothing to do."
    if rule.severity is Severity.WARNING:
        return "Warning: your data is taken. Correct it when you can."
    if rule.explains and rule.code[0] == "F":
        return (
            "Error: one cause behind many findings. The rows it touches are set aside "
            "until it is corrected. Other rows are taken."
        )
    if rule.code[0] in "FC":
        return "Error: the file or sheet is not taken until this is corrected."
    if rule.code[0] == "E":
        return (
            "Error: all rows are held until this is corrected or your state's pilot "
            "office lets them through."
        )
    return "Error: the row is set aside until it is corrected. Other rows are taken."


def _kind_words(field: ContractField, codes: CodeList | None) -> str:
    match field.type:
        case FieldType.INTEGER | FieldType.DECIMAL:
            kind = "Whole number" if field.type is FieldType.INTEGER else "Number"
            return f"{kind}, {limits}" if (limits := range_words(field)) else kind
        case FieldType.CODE | FieldType.CODES:
            return _code_words(field, codes)
    words = _FORM_WORDS.get(field.type) or field.pattern_in_words or "text"
    return words[:1].upper() + words[1:]


def _code_words(field: ContractField, codes: CodeList | None) -> str:
    many = field.type is FieldType.CODES
    if codes is None:
        return "One or more ids with ; between them"
    if len(codes.codes) > _CODES_NAMED:
        start = "One or more codes" if many else "One code"
        end = ", with ; between them" if many else ""
        return f"{start} of the list {codes.name}{end}"
    listed = ", ".join(codes.values)
    if many:
        return f"One or more of {listed}, with ; between them"
    return f"One of {listed}" if len(codes.codes) > 1 else listed


def _plain(limit: float | None) -> str:
    return "" if limit is None else f"{limit:.15g}"
