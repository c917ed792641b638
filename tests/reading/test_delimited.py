import subprocess
import sys
from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pcbl_pipeline.reading import grid as grid_module
from pcbl_pipeline.reading import regularity
from pcbl_pipeline.reading.delimited import scan_regular
from pcbl_pipeline.reading.dialect import DELIMITERS, Dialect
from pcbl_pipeline.reading.grid import gather
from pcbl_pipeline.reading.records import Records
from pcbl_pipeline.reading.regularity import is_regular
from pcbl_pipeline.reading.tables import INVISIBLE
from tests.support.files import (
    codes_of,
    csv_line,
    read_table,
    read_text,
    rows_of,
)

LINE_ENDS = ["\n", "\r\n", "\r"]
#: A last row that begins like this and is blank otherwise is a note, not data.
NOTE_MARKS = ("*", "©", "---", "===", "___")
cell_texts = st.text(
    st.sampled_from([*'ab0,;\t|"\n\r \u00a0é漢\U0001f642#\\'])
    | st.characters(codec="utf-8", exclude_characters="\0"),
    max_size=8,
).filter(lambda text: not text.strip(INVISIBLE).startswith(NOTE_MARKS))


def stripped(cell):
    return cell.strip(INVISIBLE) or None


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param("a,b\n1,2\n", [(2, ("1", "2"))], id="lines end in LF"),
        pytest.param("a,b\r\n1,2\r\n", [(2, ("1", "2"))], id="lines end in CRLF"),
        pytest.param("a,b\r1,2\r", [(2, ("1", "2"))], id="lines end in CR"),
        pytest.param("a,b\n1,2", [(2, ("1", "2"))], id="last line has no end"),
        pytest.param("\ufeffa,b\n1,2\n", [(2, ("1", "2"))], id="byte order mark"),
        pytest.param('\ufeff"a",b\n1,2\n', [(2, ("1", "2"))], id="mark, then quote"),
        pytest.param("a;b\n1;2,5\n", [(2, ("1", "2,5"))], id="semicolons"),
        pytest.param("a\tb\n1\t2, 3\n", [(2, ("1", "2, 3"))], id="tabs"),
        pytest.param("a|b\n1|2\n", [(2, ("1", "2"))], id="vertical bars"),
        pytest.param(
            'a,b\n"x\ny",2\n3,4\n',
            [(2, ("x\ny", "2")), (3, ("3", "4"))],
            id="line break",
        ),
        pytest.param('a,b\n"x ""y""",2\n', [(2, ('x "y"', "2"))], id="doubled quotes"),
        pytest.param('a,b\n5" pipe,2\n', [(2, ('5" pipe', "2"))], id="inch mark"),
        pytest.param('a,b\n"x"y,2\n', [(2, ("xy", "2"))], id="text behind a quote"),
        pytest.param(
            "a,b\n\n1,2\n\n\n3,4\n",
            [(3, ("1", "2")), (6, ("3", "4"))],
            id="blank lines count",
        ),
        pytest.param(
            'a,b\n,\n1,2\n"",""\n \u00a0,\t\n',
            [(3, ("1", "2"))],
            id="rows of blank cells are left out",
        ),
        pytest.param(
            "a,b\n \u00a01 ,\u200b2\ufeff\n", [(2, ("1", "2"))], id="cells are stripped"
        ),
        pytest.param("a,b\n1,\n", [(2, ("1", None))], id="a blank cell is null"),
        pytest.param(
            "a,b\nNA,null\n#,0\n",
            [(2, ("NA", "null")), (3, ("#", "0"))],
            id="nothing has a meaning of its own",
        ),
        pytest.param("a,b\n007,1e3\n", [(2, ("007", "1e3"))], id="numbers stay text"),
    ],
)
def test_reads_cells_and_row_numbers(tmp_path, content, rows):
    table = read_table(tmp_path, content)

    assert (table.headers, table.columns) == (("a", "b"), ("c1", "c2"))
    assert rows_of(table) == rows


@pytest.mark.parametrize(
    ("content", "headers", "cells"),
    [
        pytest.param("a\n1\n", ("a",), ("1",), id="one column"),
        pytest.param(
            "note\nwent well, mostly\n",
            ("note",),
            ("went well, mostly",),
            id="one column of prose with commas",
        ),
        pytest.param(
            'note\n"well, yes"\n', ("note",), ("well, yes",), id="one column, quoted"
        ),
        pytest.param(
            '"Name, first";age\n"Doe, J";5\n',
            ("Name, first", "age"),
            ("Doe, J", "5"),
            id="header with a comma, quoted",
        ),
        pytest.param(
            'age;"Name, first"\n5;"Doe, J"\n',
            ("age", "Name, first"),
            ("5", "Doe, J"),
            id="last header with a comma, quoted",
        ),
        pytest.param(
            "Name, first\tage\nDoe, J\t5\n",
            ("Name, first", "age"),
            ("Doe, J", "5"),
            id="tabs around prose with commas",
        ),
        pytest.param(
            "id,codes\n1,a;b;c\n2,d;e;f\n",
            ("id", "codes"),
            ("1", "a;b;c"),
            id="lists with semicolons in a comma file",
        ),
        pytest.param(
            "site;share;rate\nA;1,5;2,5\nB;1,5;2,5\n",
            ("site", "share", "rate"),
            ("A", "1,5", "2,5"),
            id="decimal commas in a semicolon file",
        ),
        pytest.param(
            'a;b\n1;"x, y, z"\n2;"p, q"\n',
            ("a", "b"),
            ("1", "x, y, z"),
            id="commas inside quotes in a semicolon file",
        ),
    ],
)
def test_finds_the_delimiter(tmp_path, content, headers, cells):
    table = read_table(tmp_path, content)

    assert table.headers == headers
    assert rows_of(table)[0] == (2, cells)


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        (
            "a;b\n1;2\n",
            (
                "Read as UTF-8 text.",
                "Cells are separated by semicolons.",
                "The header is in row 1.",
            ),
        ),
        (
            "\n,\n a \n1\n",
            ("Read as UTF-8 text.", "There is one column.", "The header is in row 3."),
        ),
    ],
)
def test_says_how_the_file_was_read(tmp_path, content, read_as):
    assert read_table(tmp_path, content).read_as == read_as


@pytest.mark.parametrize(
    ("content", "headers", "columns", "rows"),
    [
        pytest.param(
            "a,,b\n1,,2\n", ("a", "b"), ("c1", "c3"), [(2, ("1", "2"))], id="no data"
        ),
        pytest.param(
            "a,,b\n1,x,2\n",
            ("a", "", "b"),
            ("c1", "c2", "c3"),
            [(2, ("1", "x", "2"))],
            id="data",
        ),
        pytest.param(
            "a,b,,\n1,2,,\n3\n",
            ("a", "b"),
            ("c1", "c2"),
            [(2, ("1", "2")), (3, ("3", None))],
            id="at the end, and a short row",
        ),
        pytest.param(
            ",,a,b\n,,1,2\n", ("a", "b"), ("c3", "c4"), [(2, ("1", "2"))], id="in front"
        ),
    ],
)
def test_column_without_header_stays_only_when_it_has_data(
    tmp_path, content, headers, columns, rows
):
    table = read_table(tmp_path, content)

    assert (table.headers, table.columns) == (headers, columns)
    assert rows_of(table) == rows


@pytest.mark.parametrize(
    ("content", "misshapen", "rows"),
    [
        pytest.param("a,b\n1\n", {2: 1}, [(2, ("1", None))], id="too few"),
        pytest.param("a,b\n1,2,3\n", {2: 3}, [(2, ("1", "2"))], id="too many"),
        pytest.param("a,b\n1,2,,\n", {}, [(2, ("1", "2"))], id="blank ones at the end"),
        pytest.param(
            "a,b\n1,2,,3,\n", {2: 4}, [(2, ("1", "2"))], id="blank ones between"
        ),
        pytest.param("a,b,,\n1,2\n", {}, [(2, ("1", "2"))], id="header ends in commas"),
        pytest.param(
            "a,b\n,,3\n", {2: 3}, [(2, (None, None))], id="only too far right"
        ),
        pytest.param(
            "a,b\n\n1\n", {3: 1}, [(3, ("1", None))], id="behind a blank line"
        ),
        pytest.param("a,b\n,,,\n1,2\n", {}, [(3, ("1", "2"))], id="nothing but commas"),
    ],
)
def test_notes_rows_with_more_or_fewer_cells_than_the_header(
    tmp_path, content, misshapen, rows
):
    table = read_table(tmp_path, content)

    assert table.misshapen == misshapen
    assert rows_of(table) == rows


def test_duplicate_headers_stay_two_columns(tmp_path):
    table = read_table(tmp_path, "a,a\n1,2\n")

    assert (table.headers, table.columns) == (("a", "a"), ("c1", "c2"))
    assert rows_of(table) == [(2, ("1", "2"))]


# ------------------------------------------------------------ what cannot be read


@pytest.mark.parametrize(
    ("content", "row"),
    [
        pytest.param('a,b\n1,2\n3,"4\n5,6\n', "3", id="in the middle"),
        pytest.param('a,b\n1,2\n3,"', "3", id="at the end"),
        pytest.param('"a,b\n1,2\n', "1", id="in the header"),
        pytest.param('a,b\n"x\ny",2\n\n"4,5\n', "4", id="rows, not lines"),
        pytest.param('a,b\n1,"' + "x" * 2_000_000 + "\n", "2", id="very long rest"),
        pytest.param('a,b\n1,"' + "x" * 2_000_000 + '"\n', None, id="long, but closed"),
    ],
)
def test_quotation_mark_that_is_never_closed(tmp_path, content, row):
    result = read_text(tmp_path, content)

    assert codes_of(result) == (["F110"] if row else [])
    for finding in result.findings:
        assert finding.details["row"] == row
        assert finding.place.row == int(row)
        assert result.tables == ()


# -------------------------------------------------------------------- properties


@settings(deadline=None)
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(cell_texts, min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    delimiter=st.sampled_from(sorted(DELIMITERS)),
    line_end=st.sampled_from(LINE_ENDS),
    bom=st.sampled_from(["", "\ufeff"]),
    quote_all=st.booleans(),
)
def test_any_table_in_any_dialect_comes_back_cell_for_cell(
    tmp_path_factory, rows, delimiter, line_end, bom, quote_all
):
    header = [f"h{i}" for i in range(len(rows[0]))]
    lines = [
        csv_line(cells, delimiter, quote_all=quote_all) for cells in [header, *rows]
    ]

    result = read_text(tmp_path_factory.getbasetemp(), bom + line_end.join(lines))

    expected = [
        (number, tuple(map(stripped, cells))) for number, cells in enumerate(rows, 2)
    ]
    expected = [row for row in expected if any(row[1])]
    if not expected:
        assert codes_of(result) == ["F102"]
        return
    (table,) = result.tables
    assert table.headers == tuple(header)
    assert table.misshapen == {}
    assert rows_of(table) == expected


words = st.text(st.sampled_from([*"ab,;\t| "]), min_size=1, max_size=6).filter(stripped)


@settings(deadline=None)
@given(
    rows=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(words, min_size=width, max_size=width), min_size=2, max_size=6
        )
    ),
    delimiter=st.sampled_from(sorted(DELIMITERS)),
)
def test_delimiters_inside_quotes_never_mislead(tmp_path_factory, rows, delimiter):
    cells_of_rows = [tuple(map(stripped, cells)) for cells in rows]
    assume(cells_of_rows[0] not in cells_of_rows[1:])  # the header again
    lines = [csv_line(cells, delimiter) for cells in rows]

    table = read_table(tmp_path_factory.getbasetemp(), "\n".join(lines))

    assert table.headers == tuple(map(stripped, rows[0]))
    assert rows_of(table) == [
        (number, tuple(map(stripped, cells)))
        for number, cells in enumerate(rows[1:], 2)
    ]


raw_text = st.text(st.sampled_from([*'aé ,;"\n\r\0']), max_size=40)
record = st.lists(cell_texts, min_size=2, max_size=2)
regular_text = st.builds(
    lambda records, ends, bom: (
        ("\ufeff" if bom else "")
        + "".join(
            csv_line(cells, ",") + end
            for cells, end in zip(records, ends, strict=False)
        )
    ),
    st.lists(record | st.just([""]), max_size=8),
    st.lists(st.sampled_from(["\n", "\r\n"]), min_size=8, max_size=8),
    st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(text=regular_text | raw_text, block=st.sampled_from([1, 2, 7, 4_000_000]))
@example(text='a,b\n"x"y,2\n', block=1)
@example(text='"a","b"\r\n"","""x"""\r\n', block=1)
@example(text="a,b\r1,2", block=1)
@example(text="a,b\n1,2\r", block=7)
@example(text='a,b\n"1\r2",3', block=2)
@example(text='\ufeff"a",b\n1,2', block=1)
def test_fast_way_agrees_with_the_csv_module_wherever_it_is_taken(
    tmp_path_factory, text, block
):
    path = tmp_path_factory.getbasetemp() / "differential.csv"
    path.write_bytes(text.encode() or b"\n")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regularity, "_BLOCK_BYTES", block)
        regular = is_regular(path, ",")
    if not regular:
        return
    fast = scan_regular(path, Dialect())
    with path.open(encoding="utf-8-sig", newline="") as lines:
        records = Records(lines, Dialect())
        slow = gather(records)

    assert records.open_quote_row is None
    assert (fast is None) == (slow is None)
    if fast is not None and slow is not None:
        assert fast.header == slow.header
        assert rows_of(fast) == rows_of(slow)
        assert slow.misshapen == {}


@given(text=raw_text | regular_text, delimiter=st.sampled_from(",;"))
@settings(deadline=None)
def test_regularity_does_not_depend_on_where_blocks_end(
    tmp_path_factory, text, delimiter
):
    path = tmp_path_factory.getbasetemp() / "blocks.csv"
    path.write_bytes(text.encode() or b"\n")
    answers = set()
    for block in (1, 3, 4_000_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(regularity, "_BLOCK_BYTES", block)
            answers.add(is_regular(path, delimiter))

    assert len(answers) == 1


@pytest.mark.parametrize(
    ("content", "regular"),
    [
        ("a,b\n1,2\n", True),
        ("a,b\r\n1,2", True),
        ('"a","b"\n"x\ny","p ""q"""\n', True),
        ("a,b\n\n1,2\n\n", True),
        ('a,b\n5" pipe,2\n', False),
        ('a,b\n"x"y,2\n', False),
        ('a,b\n "x",2\n', False),
        ("a,b\n1,2,3\n", False),
        ("a,b\n1\n", False),
        ("a,b\n1", False),
        ("a,b\r1,2", False),
        ("a,b\n1,2\r", False),
        ('a,b\n1,"2', False),
        ("\na,b\n1,2\n", False),
        ("\r\na,b\n1,2\n", False),
        ("\ufeff\na,b\n1,2\n", False),
        ("\ufeff", False),
        ("a,b", True),
    ],
)
def test_regular_is_what_both_readers_agree_on(tmp_path, content, regular):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode())

    assert is_regular(path, ",") is regular


def test_large_file_with_line_breaks_and_quotes_reads_alike_both_ways(tmp_path):
    # Large enough that Polars splits the file between threads, in which line breaks
    # inside cells are easily taken for the ends of records.
    cells = ["x", "", '"a\n\n,b"', '"he said ""hi"""', '"\r\n"', "word " * 7]
    lines = [",".join(three) for three in product(cells, repeat=3)] * 150
    path = tmp_path / "large.csv"
    path.write_bytes("\n".join(["a,b,c", *lines]).encode())

    fast = scan_regular(path, Dialect())
    with path.open(encoding="utf-8", newline="") as text:
        slow = gather(Records(text, Dialect()))

    assert is_regular(path, ",")
    assert fast is not None
    assert slow is not None
    assert fast.rows.collect().equals(slow.rows.collect())
    assert fast.row_count == slow.row_count > 30_000


def test_rows_come_back_alike_however_many_are_gathered_at_a_time(
    tmp_path, monkeypatch
):
    content = "a,b\n" + "".join(f"{i},x\n" for i in range(10)) + "y\n"
    at_once = rows_of(read_table(tmp_path, content))

    monkeypatch.setattr(grid_module, "_BLOCK_ROWS", 3)

    assert rows_of(read_table(tmp_path, content)) == at_once
    assert len(at_once) == 11


# `getrusage` would count what this process has used before it started the other.
_MEASURE = """
import re, sys
from pathlib import Path
from pcbl_pipeline.reading.read import read_file

def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s*([0-9]+) kB", status)[1]) * 1024

before = peak()
result = read_file(Path(sys.argv[1]), "a.csv", size_limit_bytes=10**9)
print(result.tables[0].row_count, peak() - before)
"""


@pytest.mark.parametrize(
    ("megabytes", "last_line"),
    [
        pytest.param(60, "", id="regular"),
        pytest.param(10, 'a"b,,,\n', id="not regular"),
    ],
)
def test_large_file_is_read_without_several_copies_in_memory(
    tmp_path, megabytes, last_line
):
    row = '0499901-2026-001,"a text, and more of it, in its own cell",2026-03-09,x\n'
    rows = megabytes * 10**6 // len(row)
    path = tmp_path / "large.csv"
    path.write_text("a,b,c,d\n" + row * rows + last_line)

    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, path],
        capture_output=True,
        text=True,
        check=True,
    )

    count, memory = map(int, measured.stdout.split())
    assert count == rows + bool(last_line)
    # Measured: 2.1 times the file, its pages in the cache of the system included,
    # and 53 MB, most of it for the reader itself.
    assert memory < 60_000_000 + 3 * megabytes * 10**6


@pytest.mark.parametrize("columns", [16_384, 16_385])
def test_more_columns_than_a_spreadsheet_has_are_refused_at_once(tmp_path, columns):
    names = (f"c{number}" for number in range(columns))

    result = read_text(tmp_path, ",".join(names) + "\n" + "1," * (columns - 1) + "1\n")

    assert codes_of(result) == (["F115"] if columns > 16_384 else [])
