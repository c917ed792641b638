"""A Parquet file is the text that one would type, and cannot grow without end."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.reading.tables import INVISIBLE
from pcbl_pipeline.reading.texts import cell_text
from tests.support.files import codes_of, read_bytes, rows_of

MORNING = datetime(2026, 3, 9, 14, 30)  # noqa: DTZ001 - as most programs write it
MIDNIGHT = datetime(2026, 3, 9)  # noqa: DTZ001


def parquet_of(**columns: pl.Series | list) -> bytes:
    content = BytesIO()
    pl.DataFrame(columns, strict=False).write_parquet(content)
    return content.getvalue()


def read(folder, content):
    return read_bytes(folder, content, "a.parquet")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0499901", "0499901"),
        (" x\u00a0", "x"),
        (1, "1"),
        (2025.0, "2025"),
        (-0.0, "0"),
        (12.5, "12.5"),
        (0.1, "0.1"),
        (float("nan"), "NaN"),
        (Decimal("12.50"), "12.5"),
        (Decimal("300"), "300"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2026, 3, 9), "2026-03-09"),
        (MIDNIGHT, "2026-03-09"),
        (MORNING, "2026-03-09T14:30:00"),
        (MORNING.replace(microsecond=250_000), "2026-03-09T14:30:00.250000"),
        (MORNING.replace(tzinfo=UTC), "2026-03-09T14:30:00+00:00"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=36, minutes=5), "36:05:00"),
        (["a", "b"], "a;b"),
        ([1, 2], "1;2"),
        ([], None),
        ("", None),
        (None, None),
    ],
)
def test_value_becomes_the_text_one_would_type(tmp_path, value, text):
    (table,) = read(tmp_path, parquet_of(key=["k"], value=[value])).tables

    assert rows_of(table) == [(1, ("k", text))]


def test_rows_are_records_without_header_and_addresses(tmp_path):
    content = parquet_of(a=["1", None, "3"], b=["x", None, None])

    (table,) = read(tmp_path, content).tables

    assert (table.sheet, table.header_row, table.headers) == (None, None, ("a", "b"))
    assert rows_of(table) == [(1, ("1", "x")), (3, ("3", None))]
    assert table.read_as[0] == "Read as Parquet."


def test_codes_of_a_category_are_their_texts(tmp_path):
    content = parquet_of(a=pl.Series(["x", "y", "x"], dtype=pl.Categorical))

    (table,) = read(tmp_path, content).tables

    assert [cells for _, cells in rows_of(table)] == [("x",), ("y",), ("x",)]


def test_structs_get_dotted_names_and_what_is_no_cell_is_told(tmp_path):
    content = parquet_of(
        site=[{"id": "007", "place": {"state": "AZ"}}],
        table=[[{"x": 1}]],
        bytes=[b"\xff\x00"],
    )

    result = read(tmp_path, content)

    (table,) = result.tables
    assert table.headers == ("site.id", "site.place.state")
    assert rows_of(table) == [(1, ("007", "AZ"))]
    assert [(f.code, f.place.column) for f in result.findings] == [
        ("F135", "table"),
        ("F135", "bytes"),
    ]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"a": pl.Series([], dtype=pl.String)}, "F101"),
        ({"a": [None, ""]}, "F101"),
        ({"a": [b"x"]}, "F133"),
    ],
)
def test_parquet_without_any_value(tmp_path, columns, code):
    assert codes_of(read(tmp_path, parquet_of(**columns))) == [code]


@settings(deadline=None, max_examples=40)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=("Cs",)), max_size=5) | st.none(),
            st.integers(-(2**63), 2**63 - 1) | st.none(),
            st.floats(-(2**53), 2**53) | st.none(),
            st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)) | st.none(),  # noqa: DTZ001
        ),
        min_size=1,
        max_size=8,
    )
)
def test_another_writer_and_the_texts_of_a_workbook_agree(tmp_path_factory, rows):
    names = ["text", "whole", "number", "moment"]
    kinds = [pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")]
    arrays = [
        pa.array(list(values), kind)
        for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)
    ]
    content = BytesIO()
    pq.write_table(pa.table(arrays, names=names), content)

    result = read(tmp_path_factory.getbasetemp(), content.getvalue())

    expected = []
    for number, row in enumerate(rows, 1):
        texts = tuple(
            None if value is None else cell_text(value).strip(INVISIBLE) or None
            for value in row
        )
        if any(texts):
            expected.append((number, texts))
    read_back = [row for table in result.tables for row in rows_of(table)]
    assert [(n, same_number(cells)) for n, cells in read_back] == [
        (n, same_number(cells)) for n, cells in expected
    ]


def same_number(cells):
    """Compare fractions as numbers: both texts are the shortest, in two notations."""
    text, whole, number, moment = cells
    return text, whole, None if number is None else float(number), moment


# ------------------------------------------------------------------------- bombs


def test_rows_that_cost_no_bytes_are_counted(tmp_path):
    content = parquet_of(a=pl.repeat("x", 21_000_000, eager=True))

    (finding,) = read(tmp_path, content).findings

    assert len(content) < 100_000
    assert (finding.code, finding.details["reason"]) == (
        "F115",
        "it has 21,000,000 rows with 1 columns",
    )


@pytest.mark.parametrize(
    ("text", "times"), [("x" * 50_000, 100_000), ("x" * 1_000_001, 1)]
)
def test_text_that_is_kept_once_and_repeated_is_measured(tmp_path, text, times):
    content = parquet_of(a=pl.repeat(text, times, eager=True))

    (finding,) = read(tmp_path, content).findings

    assert len(content) < 200_000
    assert (finding.code, finding.details["reason"]) == (
        "F115",
        "there is too much text in it",
    )


def test_too_many_columns_are_refused(tmp_path):
    content = parquet_of(**{f"c{i}": ["x"] for i in range(16_385)})

    (finding,) = read(tmp_path, content).findings

    assert finding.details["reason"] == "it has 16,385 columns"


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_damaged_parquet_never_raises(tmp_path_factory, data):
    whole = parquet_of(a=["x", "y", None] * 50, b=range(150), c=[["a"], ["b"], []] * 50)
    content = bytearray(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )

    result = read(tmp_path_factory.getbasetemp(), bytes(content))

    assert result.tables or result.findings
    for table in result.tables:
        assert table.rows.collect().height == table.row_count


def test_cut_parquet_is_said_to_be_damaged(tmp_path):
    (finding,) = read(tmp_path, parquet_of(a=["x"])[:-20]).findings

    assert finding.code == "F103"
    assert finding.details["inside"] == "a damaged or unfinished Parquet file"
