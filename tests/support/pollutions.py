"""The pollutions: every way of spoiling a text file that reading has an answer to.

By kind, each under the name that the published page shows. What does not belong here:
how a file is written (`pollution`), and how reading is scored (`reading_score`).
"""

from collections.abc import Callable, Iterator

from tests.support.pollution import (
    Clean,
    Polluted,
    Pollution,
    found,
    read_back,
    text_of,
    with_cell,
    with_rows,
    write,
)
from tests.support.pollutions_of_tables import (
    ABOVE,
    BELOW,
    UNITS,
    around,
    below_header,
    columns,
    cycle,
    layouts,
    repeated,
    two_rows,
)

ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-8 with mark": "utf-8-sig",
    "UTF-16 little endian with mark": "utf-16",
    "UTF-16 little endian": "utf-16-le",
    "UTF-16 big endian": "utf-16-be",
    "Windows-1252": "cp1252",
    "Mac Roman": "mac_roman",
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "vertical bar": "|"}
LINE_ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


def pollutions() -> dict[str, dict[str, Pollution]]:
    """Return kind → name → pollution."""
    return {
        "Encodings": dict(_encodings()),
        "Dialects": dict(_dialects()),
        "Line ends": dict(_line_ends()),
        "Rows that are no data": dict(layouts()),
        "Columns": dict(columns()),
        "Cells": dict(_cells()),
        "Rows out of shape": dict(_rows()),
        "Files that cannot be read": dict(_files()),
        "Two at once": dict(_pairs()),
    }


def _encodings() -> Iterator[tuple[str, Pollution]]:
    for name, codec in ENCODINGS.items():
        yield name, lambda c, e=codec: read_back(c, text_of(write(c.lines)), e)
    yield "UTF-8 with a few letters of Windows-1252", _mixed
    yield "UTF-8 saved twice", lambda c: _saved_twice(c, "cp1252")
    yield "UTF-8 saved twice, by way of Latin-1", lambda c: _saved_twice(c, "latin-1")
    yield "a mark in the middle", lambda c: read_back(c, _join_files(c, "\ufeff"))
    yield "NUL signs", lambda c: read_back(c, _join_files(c, "\0"))
    yield (
        "NUL signs behind the end",
        lambda c: read_back(c, text_of(write(c.lines)) + "\0" * 4_000),
    )
    yield (
        "old end-of-file mark",
        lambda c: read_back(c, text_of(write(c.lines)) + "\x1a"),
    )


def _saved_twice(clean: Clean, codec: str) -> Polluted:
    # A program for Windows-1252 takes the bytes that it has no letter for as they are.
    content = "".join(
        bytes([byte]).decode(codec, errors="ignore") or chr(byte)
        for byte in text_of(write(clean.lines)).encode()
    )
    return Polluted(content.encode(), clean.rows, said=("saved as UTF-8 twice",))


def _mixed(clean: Clean) -> Polluted:
    start = clean.rows[0][:-1]
    first, last = (*start, "aún más"), (*start, "día")
    content = text_of(write([*clean.lines, first, (*start, "")])).encode()
    content = content.removesuffix(b"\n") + "día\n".encode("cp1252")
    return Polluted(content, (*clean.rows, first, last), warnings=("F124",))


def _join_files(clean: Clean, sign: str) -> str:
    records = write(clean.lines, quote_all=True)
    return text_of([*records[:3], sign + records[3], *records[4:]])


def _dialects() -> Iterator[tuple[str, Pollution]]:
    for name, mark in DELIMITERS.items():
        yield name, lambda c, d=mark: read_back(c, text_of(write(c.lines, d)))
    for name, mark in {"colon": ":", "caret": "^", "tilde": "~"}.items():
        yield name, lambda c, d=mark: read_back(c, text_of(write(c.lines, d)))
    for name, mark in {"number sign": "#", "broken bar": "¦", "U+001F": "\x1f"}.items():
        yield name, lambda c, d=mark: read_back(c, text_of(write(c.lines, d)))
    yield "cells as formulas of text", lambda c: _formulas(c, "{}")
    yield "cells as formulas of text, quoted", lambda c: _formulas(c, '"{}"')
    yield (
        "space, all quoted",
        lambda c: read_back(c, text_of(write(c.lines, " ", quote_all=True))),
    )
    yield (
        "comma and space, texts quoted",
        lambda c: read_back(
            c, text_of([", ".join(write([[x]])[0] for x in line) for line in c.lines])
        ),
    )
    yield "all quoted", lambda c: read_back(c, text_of(write(c.lines, quote_all=True)))
    yield (
        "single quotation marks",
        lambda c: read_back(c, text_of(write(c.lines, quote="'", quote_all=True))),
    )
    yield (
        "quotation marks with a backslash",
        lambda c: read_back(c, text_of(write(c.lines, escape="\\"))),
    )
    yield (
        "first line names the separator",
        lambda c: read_back(c, "sep=;\r\n" + text_of(write(c.lines, ";"), "\r\n")),
    )
    yield (
        "each row in quotation marks",
        lambda c: read_back(
            c, text_of(write([[record] for record in write(c.lines)], quote_all=True))
        ),
    )
    yield "commas inside unquoted quotes", _inch_marks


def _formulas(clean: Clean, form: str) -> Polluted:
    # A formula holds no line break.
    one_line = [[c.replace("\n", " ") for c in cells] for cells in clean.rows]
    table = with_rows(clean, one_line)
    inner = [[c.replace('"', '""') for c in cells] for cells in table.lines]
    if '"' in form:
        texts = [[f'="{c}"'.replace('"', '""') for c in cells] for cells in inner]
    else:
        texts = [[f'="{c}"' for c in cells] for cells in inner]
    lines = [",".join(form.format(c) for c in cells) for cells in texts]
    return Polluted(text_of(lines).encode(), table.rows, said=('="007"',))


def _inch_marks(clean: Clean) -> Polluted:
    marked = with_cell(clean, 1, len(clean.headers) - 1, '5" pipe')
    records = write(marked.lines)
    return read_back(marked, text_of(records).replace('"5"" pipe"', '5" pipe'))


def _line_ends() -> Iterator[tuple[str, Pollution]]:
    for name, end in LINE_ENDS.items():
        yield name, lambda c, e=end: read_back(c, text_of(write(c.lines), e))
    yield "no line end at the end", lambda c: read_back(c, text_of(write(c.lines))[:-1])
    yield (
        "blank lines at the end",
        lambda c: read_back(c, text_of(write(c.lines)) + "\n\n"),
    )
    yield (
        "a blank line after each",
        lambda c: read_back(c, text_of(write(c.lines), "\n\n")),
    )
    yield "three kinds in one file", _mixed_line_ends


def _mixed_line_ends(clean: Clean) -> Polluted:
    ends = ["\n", "\r\n", "\r"] * len(clean.lines)
    records = zip(write(clean.lines), ends, strict=False)
    return read_back(clean, "".join(record + end for record, end in records))


#: What stands in a cell, and must arrive as it was sent.
_VALUES = {
    "decimal comma": "12,5",
    "thousands separators": "1,234,567",
    "not applicable": "N/A",
    "a dash for nothing": "-",
    "a spreadsheet's error": "#REF!",
    "a formula": "=SUM(A1:A9)",
    "zeros in front": "0007",
    "codes of the web": "R&amp;D &lt;new&gt;",
    "a blank that does not break": "12\u00a0000",
    "doubled quotation marks": 'so ""called""',
    "a line break of Windows": "one\r\ntwo",
    "a tab": "one\ttwo",
    "a picture": "good \U0001f642",
    "another script": "学校 and школа",
    "an apostrophe in front": "'0499901",
    "a very long text": "word " * 6_000 + "end",
}


def _cells() -> Iterator[tuple[str, Pollution]]:
    for name, value in _VALUES.items():
        yield name, lambda c, v=value: _with_value(c, v)
    yield "decimal commas between semicolons", lambda c: _with_value(c, "12,5", ";")
    yield "blanks around cells", _spaced_cells
    yield "signs without width around cells", _invisible_cells
    yield "soft hyphens in names", _hyphened_names


def _with_value(clean: Clean, value: str, delimiter: str = ",") -> Polluted:
    changed = with_cell(clean, 2, len(clean.headers) - 1, value)
    return read_back(changed, text_of(write(changed.lines, delimiter)))


def _spaced_cells(clean: Clean) -> Polluted:
    lines = [[f"  {cell}\u00a0" if cell else "" for cell in x] for x in clean.lines]
    return read_back(clean, text_of(write(lines)))


def _invisible_cells(clean: Clean) -> Polluted:
    lines = [
        [f"\u200b\u200e{cell}\u00ad\u2060\u2003" if cell else "" for cell in x]
        for x in clean.lines
    ]
    return read_back(clean, text_of(write(lines)))


def _hyphened_names(clean: Clean) -> Polluted:
    header, *rows = clean.lines
    names = [f"{name[:3]}\u00ad{name[3:]}" for name in header]
    return read_back(clean, text_of(write([names, *rows])))


def _rows() -> Iterator[tuple[str, Pollution]]:
    yield "a cell too many", lambda c: _one_row(c, lambda cells: [*cells, "x"])
    yield "a cell too few", lambda c: _one_row(c, lambda cells: cells[:-1])
    yield "one cell alone", lambda c: _one_row(c, lambda cells: cells[:1])
    yield (
        "twice as many cells",
        lambda c: _one_row(c, lambda cells: [*cells, *cells]),
    )
    yield "one row with another separator", _other_separator
    yield "a comma outside quotation marks", _unquoted_comma
    yield "a row cut at the end", _cut_row


def _one_row(clean: Clean, change: Callable[[list[str]], list[str]]) -> Polluted:
    lines = clean.lines
    lines[4] = change(lines[4])
    return found(clean, text_of(write(lines)), "R311", 5, lost=3)


def _other_separator(clean: Clean) -> Polluted:
    records = write(clean.lines)
    records[4] = write(clean.lines, ";")[4]
    return found(clean, text_of(records), "R311", 5, lost=3)


def _unquoted_comma(clean: Clean) -> Polluted:
    return _one_row(clean, lambda cells: [*cells[:2], "one", "two", *cells[3:]])


def _cut_row(clean: Clean) -> Polluted:
    lines = clean.lines
    lines[-1] = lines[-1][:5]
    row = len(lines)
    return found(clean, text_of(write(lines)), "R311", row, lost=len(clean.rows) - 1)


def _files() -> Iterator[tuple[str, Pollution]]:
    yield "a quotation mark never closed", _open_quote
    yield "a quotation mark opened in the header", _open_header
    yield "cut in the middle of a letter", _cut_letter
    yield "a code page of DOS", _dos
    yield "nothing at all", lambda c: found(c, "", "F101")
    yield "blank lines alone", lambda c: found(c, "\n\n,,,\n", "F101")
    yield "header alone", lambda c: found(c, text_of(write(c.lines[:1])), "F102")
    yield (
        "a title and a header alone",
        lambda c: found(c, text_of(write([["Our pilot"], [], c.lines[0]])), "F102"),
    )
    yield (
        "a web page",
        lambda c: found(c, "<html><table><tr><td>1</td></tr></table></html>", "F103"),
    )
    yield (
        "a web page without its beginning",
        lambda c: found(c, "<!-- x -->\n<meta charset=utf-8><table><tr>", "F103"),
    )
    yield "XML", lambda c: found(c, "<rows>\n <row><a>1</a></row>\n</rows>", "F103")


def _open_quote(clean: Clean) -> Polluted:
    lines = with_rows(clean, [["plain"] * len(clean.headers)] * 4).lines
    records = write(lines)
    records[3] = f'"{records[3]}'
    return found(clean, text_of(records), "F110", 4)


def _open_header(clean: Clean) -> Polluted:
    plain = write(clean.lines[:1]) + write(clean.lines[1:], quote_all=True)
    return found(clean, '"' + text_of(plain), "F110", 1)


def _cut_letter(clean: Clean) -> Polluted:
    last = with_cell(clean, -1, len(clean.headers) - 1, "añ")
    last = with_cell(last, 0, len(clean.headers) - 1, "día")
    content = text_of(write(last.lines)).encode()[:-2]
    return Polluted(content, (), "F104", len(clean.lines))


def _dos(clean: Clean) -> Polluted:
    plain = with_rows(clean, [["x"] * len(clean.headers)] * 3)
    marked = with_cell(plain, 1, 0, "Schüler lösen é")
    return Polluted(text_of(write(marked.lines)).encode("cp850"), (), "F104", 3)


def _pairs() -> Iterator[tuple[str, Pollution]]:
    for encoding, codec in ENCODINGS.items():
        for name, mark in DELIMITERS.items():
            if codec != "utf-8" and mark != ",":
                yield (
                    f"{encoding}, {name}",
                    lambda c, e=codec, d=mark: read_back(
                        c, text_of(write(c.lines, d), "\r\n"), e
                    ),
                )
    yield (
        "title above, total below",
        lambda c: around(
            c,
            ABOVE["title, day and blank line above"],
            BELOW["total and notes below"],
        ),
    )
    yield (
        "title above, semicolon",
        lambda c: around(c, ABOVE["a title above"], [], delimiter=";"),
    )
    yield (
        "facts above, padded, tab",
        lambda c: around(
            c, ABOVE["facts in two cells above"], [], padded=True, delimiter="\t"
        ),
    )
    yield (
        "title above, Windows-1252",
        lambda c: _encoded(around(c, ABOVE["facts in two cells above"], []), "cp1252"),
    )
    yield (
        "note below, UTF-16",
        lambda c: _encoded(around(c, [], BELOW["note below a blank line"]), "utf-16"),
    )
    yield "header again, Mac Roman", lambda c: _encoded(repeated(c, []), "mac_roman")
    yield "header over two rows, CR", lambda c: _with_ends(two_rows(c), "\r")
    yield (
        "units below, CRLF",
        lambda c: _with_ends(below_header(c, cycle(UNITS, c)), "\r\n"),
    )
    yield (
        "single quotation marks, semicolon",
        lambda c: read_back(c, text_of(write(c.lines, ";", quote="'", quote_all=True))),
    )
    yield (
        "blank columns, title above",
        lambda c: read_back(
            c,
            text_of(write([["Our pilot"], [], *[["", *x, "", ""] for x in c.lines]])),
        ),
    )


def _encoded(polluted: Polluted, codec: str) -> Polluted:
    content = polluted.content.decode().encode(codec)
    return Polluted(content, polluted.rows, said=polluted.said)


def _with_ends(polluted: Polluted, end: str) -> Polluted:
    rows = tuple(
        tuple(cell.replace("\n", end) for cell in cells) for cells in polluted.rows
    )
    text = polluted.content.decode().replace("\n", end)
    return Polluted(text.encode(), rows)
