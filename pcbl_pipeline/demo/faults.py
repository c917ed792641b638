"""Faults: the mistakes that people make, each a named change that can be combined.

A fault changes a draft and notes which rules the change breaks and where. Rules about
references between datasets are not noted here: whether a site or a request is known
depends on what was dropped before, and `expected` works that out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pcbl_pipeline.contracts.contract import FieldType, Presence
from pcbl_pipeline.demo.corpus import LESSONS, load_corpus
from pcbl_pipeline.demo.draft import DraftRow, DraftTable

_FORM_CODES = {
    FieldType.INTEGER: "R304",
    FieldType.DECIMAL: "R305",
    FieldType.DATE: "R306",
    FieldType.CODE: "R307",
    FieldType.TEXT: "R308",
    FieldType.SCHOOL_YEAR: "R310",
    FieldType.CODES: "R312",
    FieldType.URI: "R313",
}
_READ_AS = "R317"
_BLANK_CODES = {Presence.REQUIRED: "R303", Presence.RECOMMENDED: "R302"}
_MISSING_CODES = {
    Presence.REQUIRED: "C201",
    Presence.RECOMMENDED: "C206",
    Presence.OPTIONAL: "C203",
}
_OF_A_WAIVER = ("waiver_start", "waiver_end", "extension_no", "agency_response")


@dataclass(frozen=True)
class Fault:
    """One mistake, in words for the answer key, and what it does to a draft."""

    #: Empty where nothing is wrong, only unusual.
    words: str
    apply: Callable[[DraftTable], None]


def malformed(key: str, name: str, value: str) -> Fault:
    """Write a value that its field's type, code list or pattern does not allow."""

    def apply(table: DraftTable) -> None:
        row = table.find(key)
        row.cells[name] = value
        row.broken.append((_FORM_CODES[table.contract.field(name).type], name))

    return Fault(f"{name} of {key} written as {value!r}", apply)


def breaking(code: str, key: str, name: str, value: str) -> Fault:
    """Write a value of the right form that breaks another rule than its type's."""

    def apply(table: DraftTable) -> None:
        row = table.find(key)
        row.cells[name] = value
        row.broken.append((code, _field_of(code, name, table)))

    return Fault(f"{name} of {key} written as {value!r}", apply)


def changed(key: str, name: str, value: str) -> Fault:
    """Write a value that is right by itself; what refers to it may not be."""

    def apply(table: DraftTable) -> None:
        table.find(key).cells[name] = value

    return Fault(f"{name} of {key} written as {value!r}", apply)


def written(key: str, name: str, value: str) -> Fault:
    """Write a right value in another form, of which the meaning is certain.

    That is no mistake; the receipt says how it was read.
    """

    def apply(table: DraftTable) -> None:
        table.find(key).written[name] = value
        table.broken.append((_READ_AS, name))

    return Fault(f"{name} of {key} written as {value!r}", apply)


def blank(key: str, name: str) -> Fault:
    """Leave a required or recommended cell empty."""

    def apply(table: DraftTable) -> None:
        row = table.find(key)
        row.cells[name] = ""
        row.broken.append((_BLANK_CODES[table.contract.field(name).presence], name))

    return Fault(f"{name} of {key} left blank", apply)


def too_long(key: str, name: str) -> Fault:
    """Paste a text twice and more, until it is longer than the field takes."""

    def apply(table: DraftTable) -> None:
        row, limit = table.find(key), table.contract.field(name).max_length or 0
        once = row.cells[name]
        row.cells[name] = " ".join([once] * (limit // len(once) + 1))
        row.broken.append(("R309", name))

    return Fault(f"{name} of {key} pasted more than once", apply)


def duplicated(key: str) -> Fault:
    """Add a row a second time at the end of the table."""

    def apply(table: DraftTable) -> None:
        row, first = table.find(key), table.contract.key[0]
        row.broken.append(("K401", first))
        table.rows.append(DraftRow(dict(row.cells), list(row.broken)))

    return Fault(f"{key} twice in the table", apply)


def foreign_row(key: str, dataset: str = LESSONS) -> Fault:
    """Add a row of another site, or of another state."""
    foreign = load_corpus().rows[dataset]

    def apply(table: DraftTable) -> None:
        names = table.contract.key
        row = next(row for row in foreign if key in (row[name] for name in names))
        code = "K436" if table.contract.submitted_by == "agency" else "K402"
        broken = [(code, table.contract.owner_field or "")]
        table.rows.append(DraftRow(dict(row), broken))

    return Fault(f"{key} of somebody else in the table", apply)


def claimed(owner: str) -> Fault:
    """Put one's own id into rows that were copied from somebody else's file."""

    def apply(table: DraftTable) -> None:
        for row in table.rows:
            row.cells[table.contract.owner_field or ""] = owner

    return Fault(f"rows of another site under the id {owner}", apply)


def without_row(key: str) -> Fault:
    """Leave a row out. What then lacks is seen in the rows that are there."""

    def apply(table: DraftTable) -> None:
        table.rows.remove(table.find(key))

    return Fault(f"no row for {key}", apply)


def few_in_place_of_many() -> Fault:
    """Send a part of what was sent before; the plan picks it."""
    return Fault("few rows in the place of many", lambda _: None)


def a_group_left_out() -> Fault:
    """Send no row of a group that was there before; the plan leaves it out."""
    return Fault("no rows of a group that was there before", lambda _: None)


def reopened(key: str, status: str, day: str) -> Fault:
    """Add a later revision in which a settled barrier is open again."""

    def apply(table: DraftTable) -> None:
        row = table.find(key)
        cells = row.cells | dict.fromkeys(_OF_A_WAIVER, "")
        revision = str(int(row.cells["revision"]) + 1)
        cells |= {"revision": revision, "status": status, "status_date": day}
        table.rows.append(DraftRow(cells))

    return Fault(f"{key} goes back to {status}", apply)


def of_another_site() -> Fault:
    """Let every row be one of another site; the plan picks them."""

    def apply(table: DraftTable) -> None:
        table.broken.append(("F108", table.contract.owner_field))
        table.is_refused = True

    return Fault("every row belongs to another site", apply)


def from_the_wrong_sender() -> Fault:
    """Send a dataset that another kind of sender sends."""

    def apply(table: DraftTable) -> None:
        table.broken.append(("F109", None))
        table.is_refused = True

    return Fault("a dataset that somebody else sends", apply)


def without_column(name: str) -> Fault:
    """Leave a column out."""

    def apply(table: DraftTable) -> None:
        del table.headers[name]
        _note_missing(table, name)

    return Fault(f"no column {name}", apply)


def renamed_column(name: str, header: str) -> Fault:
    """Give a column a header that nobody knows."""

    def apply(table: DraftTable) -> None:
        table.headers[name] = header
        _note_missing(table, name)
        table.broken.append(("C202", None))

    return Fault(f"header {name} written as {header!r}", apply)


def with_column(header: str, value: str) -> Fault:
    """Add a column that no contract knows."""

    def apply(table: DraftTable) -> None:
        table.foreign_columns[header] = value
        table.broken.append(("C202", None))

    return Fault(f"a column {header!r} of their own", apply)


def with_version(value: str) -> Fault:
    """Write a version of the contract into every row; `1.0` is the only known one."""

    def apply(table: DraftTable) -> None:
        table.headers = {"schema_version": "schema_version", **table.headers}
        for row in table.rows:
            row.cells["schema_version"] = value
            if value != "1.0":
                row.broken.append(("C205", "schema_version"))

    return Fault(f"contract version written as {value!r}", apply)


def with_extra_cell(key: str) -> Fault:
    """Leave a text with a comma unquoted, so that the record is one cell too long."""
    return _misshapen(key, shape="long")


def cut_short(key: str) -> Fault:
    """Lose the last cells of a record."""
    return _misshapen(key, shape="short")


def curly_quotes() -> Fault:
    """Write quotation marks as a word processor does. That is no mistake in itself."""
    curled = "\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}"

    def apply(table: DraftTable) -> None:
        _rewrite(table, '"([^"]*)"', curled)
        _rewrite(table, "'", "\N{RIGHT SINGLE QUOTATION MARK}")

    return Fault("", apply)


def line_breaks() -> Fault:
    """Begin each sentence on a new line of its cell. That is no mistake at all."""

    def apply(table: DraftTable) -> None:
        _rewrite(table, r"\. ", ".\n")

    return Fault("", apply)


def _rewrite(table: DraftTable, old: str, new: str) -> None:
    for field in table.contract.fields:
        if field.type is FieldType.NARRATIVE:
            for row in table.rows:
                row.cells[field.name] = re.sub(old, new, row.cells[field.name])


def _misshapen(key: str, *, shape: str) -> Fault:
    def apply(table: DraftTable) -> None:
        row = table.find(key)
        row.shape = "long" if shape == "long" else "short"
        row.broken.append(("R311", table.contract.field_names[0]))

    return Fault(f"the record of {key} is too {shape}", apply)


def _field_of(code: str, name: str, table: DraftTable) -> str:
    """Return the field that a rule's finding names: a dataset's own rule says which."""
    own = {rule.code: rule.fields[0] for rule in table.contract.rules}
    return own.get(code, name)


def _note_missing(table: DraftTable, name: str) -> None:
    presence = table.contract.field(name).presence
    table.broken.append((_MISSING_CODES[presence], name))
    if presence is Presence.REQUIRED:
        table.is_refused = True


#: Name in the plan → what makes the fault from its details.
FAULTS: Mapping[str, Callable[..., Fault]] = {
    make.__name__: make
    for make in (
        malformed,
        breaking,
        changed,
        written,
        blank,
        too_long,
        duplicated,
        foreign_row,
        claimed,
        without_row,
        few_in_place_of_many,
        a_group_left_out,
        reopened,
        of_another_site,
        from_the_wrong_sender,
        without_column,
        renamed_column,
        with_column,
        with_version,
        with_extra_cell,
        cut_short,
        curly_quotes,
        line_breaks,
    )
}
