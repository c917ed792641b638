"""Pollutions of a table's shape: rows that are no data, and columns.

Belongs to `pollutions`, which names all kinds.
"""

from collections.abc import Iterator, Sequence

from tests.support.pollution import (
    Clean,
    Polluted,
    Pollution,
    found,
    read_back,
    text_of,
    write,
)

ABOVE: dict[str, list[list[str]]] = {
    "a title above": [["Report of the pilot"]],
    "title, day and blank line above": [["Our pilot"], ["Printed 2026-03-09"], []],
    "facts in two cells above": [["District", "0499901"], ["Contact", "J. Peña"], []],
    "a sentence with commas above": [["Sent by A", " B", " and C"], []],
}
BELOW: dict[str, list[list[str]]] = {
    "total below": [["Total", "", "6"]],
    "note below a blank line": [[], ["Thank you for your help"]],
    "count of rows below": [["(6 rows affected)"]],
    "signature below": [["Exported by the office on 2026-03-09"]],
    "total and notes below": [["Total", "6"], [], ["Source: our records"], ["* new"]],
}
UNITS = ("(required)", "(text)", "(code)")


def layouts() -> Iterator[tuple[str, Pollution]]:
    """Yield what may stand around and between the rows."""
    for name, above in ABOVE.items():
        yield name, lambda c, a=above: around(c, a, [])
        yield f"{name}, padded", lambda c, a=above: around(c, a, [], padded=True)
    for name, below in BELOW.items():
        yield name, lambda c, b=below: around(c, [], b)
        yield f"{name}, padded", lambda c, b=below: around(c, [], b, padded=True)
    yield "header again in the middle", lambda c: repeated(c, [])
    yield "header on each page", lambda c: repeated(c, [["Page 2"]])
    yield "header twice at the top", lambda c: below_header(c, list(c.headers))
    yield "units below the header", lambda c: below_header(c, cycle(UNITS, c))
    yield "dashes below the header", lambda c: below_header(c, cycle(["---"], c))
    yield "titles below the names", lambda c: below_header(c, _titles(c))
    yield "descriptions below the names", lambda c: below_header(c, _descriptions(c))
    yield "groups above the header", _grouped
    yield "header over two rows", two_rows
    yield "rows of delimiters alone", _blank_rows
    yield "a total between the rows", _total_between
    yield "a heading between the rows", _heading_between
    yield "letters of columns above", lambda c: _counted_above(c, "ABC")
    yield "numbers of columns above", lambda c: _counted_above(c, "")
    yield "a second table below", _second_table


def around(
    clean: Clean,
    above: Sequence[Sequence[str]],
    below: Sequence[Sequence[str]],
    *,
    padded: bool = False,
    delimiter: str = ",",
) -> Polluted:
    """Put rows above and below the table, `padded` to its width or not."""
    width = len(clean.headers) if padded else 0
    lines = [
        [*cells, *[""] * (width - len(cells))] if cells else []
        for cells in [*above, *clean.lines, *below]
    ]
    rows = [number for number, cells in enumerate(above, 1) if cells]
    polluted = read_back(clean, text_of(write(lines, delimiter)))
    last = len(above) + len(clean.lines)
    rows += [last + number for number, cells in enumerate(below, 1) if cells]
    return Polluted(polluted.content, polluted.rows, said=tuple(map(str, rows)))


def repeated(clean: Clean, page: list[list[str]]) -> Polluted:
    """Repeat the header in the middle, below some rows of a page's head."""
    lines = clean.lines
    return read_back(clean, text_of(write([*lines[:4], *page, lines[0], *lines[4:]])))


def below_header(clean: Clean, cells: list[str]) -> Polluted:
    """Put one row right below the header."""
    return read_back(clean, text_of(write([clean.lines[0], cells, *clean.lines[1:]])))


def cycle(words: Sequence[str], clean: Clean) -> list[str]:
    """Return a row made of some words by turns."""
    return [words[i % len(words)] for i in range(len(clean.headers))]


def _titles(clean: Clean) -> list[str]:
    return [item.title for item in clean.contract.fields]


def _descriptions(clean: Clean) -> list[str]:
    return [item.description for item in clean.contract.fields]


def _grouped(clean: Clean) -> Polluted:
    groups = [""] * len(clean.headers)
    groups[0], groups[len(groups) // 2] = "Who and when", "What"
    return read_back(clean, text_of(write([groups, *clean.lines])))


def two_rows(clean: Clean) -> Polluted:
    """Break the names over two rows."""
    upper = [name.rpartition("_")[0] or name for name in clean.headers]
    lower = [name.rpartition("_")[2] if "_" in name else "" for name in clean.headers]
    return read_back(clean, text_of(write([upper, lower, *clean.lines[1:]])))


def _blank_rows(clean: Clean) -> Polluted:
    blank = [""] * len(clean.headers)
    lines = clean.lines
    return read_back(
        clean, text_of(write([*lines[:3], blank, *lines[3:], blank, blank]))
    )


def _total_between(clean: Clean) -> Polluted:
    lines = clean.lines
    total = ["Total", *[""] * (len(clean.headers) - 2), "3"]
    polluted = read_back(clean, text_of(write([*lines[:4], total, *lines[4:]])))
    return Polluted(polluted.content, polluted.rows, said=("Row 5 with totals",))


def _heading_between(clean: Clean) -> Polluted:
    lines = clean.lines
    heading = ["Spring term", *[""] * (len(clean.headers) - 1)]
    return found(clean, text_of(write([*lines[:4], heading, *lines[4:]])), "R311", 5)


def _counted_above(clean: Clean, letters: str) -> Polluted:
    names = [
        letters[i % len(letters)] if letters else str(i + 1)
        for i in range(len(clean.headers))
    ]
    return read_back(clean, text_of(write([names, *clean.lines])))


def _second_table(clean: Clean) -> Polluted:
    other = ["site_id", "school_year", "site_name", "grades_served", "term_code"]
    if clean.contract.dataset == "site_profile":
        other = ["request_id", "site_id", "school_year", "requested_on", "urgency"]
    lines = [*clean.lines, [], other, ["0499901", "2025-2026", "x", "KG", "PCBL"]]
    row = len(clean.lines) + 2
    return found(clean, text_of(write(lines)), "F123", row)


def columns() -> Iterator[tuple[str, Pollution]]:
    """Yield what may be wrong with columns and their names."""
    yield "blank columns at the end", lambda c: _padded(c, 0, 3)
    yield "blank columns in front", lambda c: _padded(c, 2, 0)
    yield "blank column in the middle", _split_by_blank
    yield "delimiters at the end of some rows", _trailing
    yield "other order", _reversed
    yield "names in capitals", lambda c: _headed(c, [h.upper() for h in c.headers])
    yield "titles instead of names", lambda c: _headed(c, _titles(c))
    yield (
        "names with blanks around",
        lambda c: _headed(c, [f" {h} " for h in c.headers]),
    )
    yield (
        "names with line breaks",
        lambda c: _headed(c, [_broken(h) for h in c.headers]),
    )
    yield (
        "names with remarks",
        lambda c: _headed(c, [f"{h} (required)" for h in c.headers]),
    )
    yield "a name twice", _name_twice
    yield "one name too few", _name_missing
    yield "no header", _no_header
    yield "the header sorted among the rows", lambda c: _header_in_row(c, 4)
    yield "the header below all rows", lambda c: _header_in_row(c, len(c.lines))


def _padded(clean: Clean, before: int, after: int) -> Polluted:
    lines = [[*[""] * before, *line, *[""] * after] for line in clean.lines]
    return read_back(clean, text_of(write(lines)))


def _split_by_blank(clean: Clean) -> Polluted:
    return read_back(clean, text_of(write([[*x[:2], "", *x[2:]] for x in clean.lines])))


def _trailing(clean: Clean) -> Polluted:
    records = write(clean.lines)
    return read_back(
        clean, text_of([r + ",," if i % 2 else r for i, r in enumerate(records)])
    )


def _reversed(clean: Clean) -> Polluted:
    return read_back(clean, text_of(write([line[::-1] for line in clean.lines])))


def _headed(clean: Clean, headers: list[str]) -> Polluted:
    return read_back(clean, text_of(write([headers, *clean.lines[1:]])))


def _broken(name: str) -> str:
    return name.replace("_", "\n", 1)


def _name_twice(clean: Clean) -> Polluted:
    lines = [[*line, line[1]] for line in clean.lines]
    return found(clean, text_of(write(lines)), "C204", 1)


def _name_missing(clean: Clean) -> Polluted:
    lines = [clean.lines[0][:-1], *clean.lines[1:]]
    return found(clean, text_of(write(lines)), "C210", 1)


def _no_header(clean: Clean) -> Polluted:
    return found(clean, text_of(write(clean.lines[1:])), "F113", 1)


def _header_in_row(clean: Clean, row: int) -> Polluted:
    header, *rows = clean.lines
    lines = [*rows[: row - 1], header, *rows[row - 1 :]]
    return found(clean, text_of(write(lines)), "F113", row)
