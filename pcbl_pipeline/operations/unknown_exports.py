"""Unknown exports: a table that fits no dataset, and looks like one of another tool.

Such a file is not to be retyped column by column: a mapping turns it. What does not
belong here: drafting one, and telling known exports by their signs (`mapping`).
"""

from collections.abc import Iterable
from dataclasses import replace

from pcbl_pipeline.mapping.identifiers import Identifier, named_by
from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.unfitting import NO_DATASET, PART_OF_A_DATASET

RULE = "F129"
#: What says that each row is about a learner.
_LEARNERS = {Identifier.STUDENT_ID, Identifier.BIRTH_DATE}
#: No list of ours has so many columns that are not ours.
_MANY_COLUMNS, _FEW_OF_THEM = 30, 0.2
_NAMED = 4


def told_as_export(item: Recognition) -> Recognition:
    """Say of an unknown table that it looks like an export, where it does."""
    if not item.findings or item.findings[0].code not in {
        NO_DATASET,
        PART_OF_A_DATASET,
    }:
        return item
    headers = [header for header in item.table.headers if header]
    people = [header for header in headers if named_by(header)]
    if not (_is_about_learners(people) or _has_many_others(headers, item)):
        return item
    first = item.findings[0]
    details = {
        "where": item.table.where,
        "file": item.table.file_name,
        "hint": _naming(people),
    }
    found = FileFinding(code=RULE, place=first.place, details=details)
    return replace(item, findings=(found, *item.findings[1:]))


def _is_about_learners(people: Iterable[str]) -> bool:
    return any(named_by(header) in _LEARNERS for header in people)


def _has_many_others(headers: list[str], item: Recognition) -> bool:
    shared = int(item.findings[0].details.get("shared", "0"))
    return len(headers) >= _MANY_COLUMNS and shared <= _FEW_OF_THEM * len(headers)


def _naming(people: list[str]) -> str:
    """Say which columns name people, and what a mapping makes of them."""
    if not people:
        return ""
    named = ", ".join(f"`{header}`" for header in people[:_NAMED])
    more = f" and {len(people) - _NAMED} more" if len(people) > _NAMED else ""
    return (
        f"The file names people: see {named}{more}. The mapping leaves names out and "
        "turns ids into keys that nobody can trace back."
    )
