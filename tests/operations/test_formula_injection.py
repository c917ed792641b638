"""Nothing that we write lets a spreadsheet run what a site put into a cell."""

import csv
import io
import tempfile
from pathlib import Path

import openpyxl
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.spreadsheet import FORMULA_STARTS, inert, would_run
from pcbl_pipeline.operations.listing import LISTING_SCHEMA, write_csv
from pcbl_pipeline.operations.marked_workbook import _as_text
from pcbl_pipeline.publication.exports import csv_bytes
from pcbl_pipeline.publication.tables import PUB1_LESSONS
from pcbl_pipeline.reading.tables import TextTable

CATALOGUE = load_catalogue()
#: Texts that begin as a formula does, and any others that a workbook can hold.
_REST = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9
)
TEXTS = st.builds(str.__add__, st.sampled_from(["", *FORMULA_STARTS]), _REST)


def cells_of(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def formulas_of(content: bytes | Path) -> list[str]:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    return [
        cell.coordinate
        for sheet in openpyxl.load_workbook(source)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@given(text=TEXTS)
def test_an_inert_text_never_runs_and_changes_by_nothing_else(text):
    assert not would_run(inert(text))
    assert inert(text) in {text, f"'{text}"}
    assert inert(inert(text)) == inert(text)


@given(
    number=st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=2)
)
def test_a_number_stays_a_number(number):
    assert inert(f"{number:f}" if not isinstance(number, int) else str(number)) in {
        str(number),
        f"{number:f}",
    }


@settings(max_examples=25, deadline=None)
@given(text=TEXTS)
def test_no_list_of_ours_runs(text):
    finding = dict.fromkeys(LISTING_SCHEMA, None) | {
        name: text for name, dtype in LISTING_SCHEMA.items() if dtype == pl.String
    }
    lesson = {
        column.name: text
        for column in PUB1_LESSONS.columns
        if column.type.name == "STRING"
    }
    published = pl.DataFrame([lesson])
    published = published.with_columns(
        pl.lit(None).alias(column.name)
        for column in PUB1_LESSONS.columns
        if column.name not in lesson
    ).select(column.name for column in PUB1_LESSONS.columns)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "findings.csv"
        write_csv(pl.LazyFrame([finding], schema=LISTING_SCHEMA), path)
        listed = path.read_bytes()
    shown = csv_bytes(PUB1_LESSONS, published)

    assert not any(map(would_run, [*cells_of(listed), *cells_of(shown)]))


@settings(max_examples=15, deadline=None)
@given(text=TEXTS)
def test_no_workbook_of_ours_runs(text):
    rows = pl.LazyFrame({"row_number": [2], "c1": [text]})
    table = TextTable(
        sheet=None,
        header_row=1,
        headers=(text,),
        columns=("c1",),
        rows=rows,
        row_count=1,
        misshapen={},
        read_as=(),
    )

    content, _ = _as_text([table])

    assert formulas_of(content) == []


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(["=1+1", "@x", "+1|cmd"]))
def test_no_template_runs_the_name_of_a_site(name):
    site = Sender(sender_id="0499901", name=name, kind="site", state_fips="04")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template([CATALOGUE.get("ta_request")], CATALOGUE, path, site=site)

        assert formulas_of(path) == []
