"""Remarks: what the sender is told about rows that were taken for no data.

Sentences for "how this file was read", and findings that can be looked up by rule.
What does not belong here: finding those rows.
"""

from collections.abc import Iterator, Mapping, Sequence

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.header import Header
from pcbl_pipeline.reading.margins import Margins

#: More rows than this are counted instead of named.
_ROWS_NAMED = 10


def sentences_about(header: Header, margins: Margins) -> tuple[str, ...]:
    """Say where the header is and which rows were left out."""
    return tuple(_sentences(header, margins))


def findings_about(
    header: Header, margins: Margins, where: str, sheet: str | None
) -> tuple[FileFinding, ...]:
    """Name the rows that were left out though they might have been meant as data.

    `where` names the file or sheet for a message.
    """
    if margins.above:
        # The rows above it are data, and would be lost.
        place = Place(sheet=sheet, row=header.row)
        return (FileFinding(code="F113", place=place, details={"where": where}),)
    left_out = {
        "F120": margins.totals + margins.below,
        "F121": margins.repeated,
        "F122": header.remarks,
        "F123": (margins.second,) if margins.second is not None else (),
    }
    return tuple(
        FileFinding(
            code=code,
            place=Place(sheet=sheet, row=rows[0]),
            details={"where": where, "rows": row_words(rows)},
        )
        for code, rows in left_out.items()
        if rows
    )


def row_words(rows: Sequence[int]) -> str:
    """Name rows in a sentence: `row 4`, `rows 1 to 3`, `rows 5, 9 and 12`."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    if list(rows) == list(range(rows[0], rows[-1] + 1)):
        joint = "and" if len(rows) == 2 else "to"
        return f"rows {rows[0]} {joint} {rows[-1]}"
    if len(rows) <= _ROWS_NAMED:
        return f"rows {', '.join(map(str, rows[:-1]))} and {rows[-1]}"
    return f"{len(rows)} rows, from row {rows[0]} to row {rows[-1]}"


def _sentences(header: Header, margins: Margins) -> Iterator[str]:
    rows = header.rows
    if len(rows) == 1:
        yield f"The header is in row {rows[0]}."
    else:
        yield f"The header is in {row_words(rows)}, put together."
    left_out: list[tuple[Sequence[int], str]] = [
        ([number for number, _ in header.above], "above it"),
        (header.remarks, "below it"),
        (margins.examples.rows, "with the example of the template"),
        (margins.repeated, "with the header again"),
        (margins.totals, "with totals"),
        (margins.below, "below the table"),
    ]
    yield from (_left_out(found, where) for found, where in left_out if found)
    if margins.examples.remains:
        yield _blanked(margins.examples.remains, header)


def _blanked(remains: Mapping[int, Sequence[int]], header: Header) -> str:
    columns = sorted({position for found in remains.values() for position in found})
    names = ", ".join(f"`{header.cells[position]}`" for position in columns)
    words = row_words(sorted(remains))
    return f"In {words}, what still showed the template's example was read as blank: {names}."


def _left_out(rows: Sequence[int], where: str) -> str:
    words = row_words(rows)
    verb = "was" if len(rows) == 1 else "were"
    return f"{words[0].upper()}{words[1:]} {where} {verb} left out."
