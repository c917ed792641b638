"""The charts: deterministic, themed, named, and at home among others on a page."""

import json
import re
import xml.etree.ElementTree as ET

import altair as alt
import pytest
from jsonschema import ValidationError

from pcbl_pipeline.publication import drawing
from pcbl_pipeline.publication.charts import (
    DaysRange,
    MatrixCell,
    RequestBar,
    corroboration_matrix,
    days_ranges,
    request_bars,
)
from pcbl_pipeline.publication.charts_barriers import WeightBar, weight_bars
from pcbl_pipeline.publication.charts_mirror import StageLane, stage_lanes
from pcbl_pipeline.publication.charts_outcomes import (
    BandRange,
    SmallRange,
    band_ranges,
    small_ranges,
)
from pcbl_pipeline.publication.charts_progress import (
    IndexRange,
    WindowBar,
    index_ranges,
    stage_panel,
)
from pcbl_pipeline.publication.charts_roadmap import DecisionCell, decision_matrix
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.svg import page_svg
from tests.support.html import read_html

TEXT = ChartText("chart-a", "A & B", "Rows <and> columns.")
KINDS = ("Worked", "Worked after a change")
ELEMENTS = ("Timely support", "Active learning, own paths and pace")


def matrix(cells=None, text=TEXT):
    cells = cells or [
        MatrixCell(ELEMENTS[0], KINDS[0], 13, corroborated=True),
        MatrixCell(ELEMENTS[1], KINDS[1], 2, corroborated=False),
    ]
    return corroboration_matrix(cells, rows=ELEMENTS, columns=KINDS, text=text)


def bars(text=TEXT):
    return request_bars(
        [RequestBar("Grading", 7, 2, "7 met"), RequestBar("Family", 0, 4, "0 met")],
        text=text,
    )


def ranges(text=TEXT):
    items = [DaysRange("Grading", 18, 71, "18 to 71 days")]
    return days_ranges(items, goal_days=60, goal_label="60 days", text=text)


def bands(text=TEXT):
    rows = [BandRange("All", (45, 45), "45%"), BandRange("Few", None, "hidden")]
    return band_ranges(rows, everyone=(45, 45), text=text)


def small_bands(text=TEXT):
    shown = [SmallRange("A", "All", (0, 20)), SmallRange("B", "All", (21, 39))]
    return small_ranges(
        shown,
        columns=("A", "B"),
        rows=("All", "Few"),
        everyone=[(0, 20), None],
        text=text,
    )


def lanes(text=TEXT):
    drawn = [
        StageLane("A", now=3, first=1, middle=(1, 2), note="3 (was 1)"),
        StageLane("B", now=2, first=None, middle=None, note="2"),
    ]
    return stage_lanes(drawn, text=text)


def panel(text=TEXT):
    bar = WindowBar(lines=("Fall", "26"), shares=(0, 0.5, 0, 0.5, 0), note="1/2")
    return stage_panel([bar], text=text)


def indices(text=TEXT):
    return index_ranges([IndexRange("All", 20, 30, 40, "30")], text=text)


def weights(text=TEXT):
    return weight_bars([WeightBar("Seat time", 6, "2 sites")], text=text)


def decisions(text=TEXT):
    cell = DecisionCell("Funding", "Arizona", "in_effect", "2026")
    return decision_matrix([cell], rows=["Funding"], columns=["Arizona"], text=text)


CHARTS = pytest.mark.parametrize(
    "chart", [matrix, bars, ranges, bands, small_bands, lanes]
)


@pytest.mark.parametrize(
    "chart",
    [
        *(matrix, bars, ranges, bands, small_bands, lanes),
        *(panel, indices, weights, decisions),
    ],
)
def test_a_charts_specification_keeps_the_schema(chart, monkeypatch):
    drawn, draw = [], drawing.vlc.vegalite_to_svg
    monkeypatch.setattr(
        drawing.vlc, "vegalite_to_svg", lambda text: drawn.append(text) or draw(text)
    )

    chart()

    (specification,) = map(json.loads, drawn)
    assert alt.LayerChart.from_dict(specification, validate=True).layer
    specification["layer"][0]["mark"] = "no such mark"
    with pytest.raises(ValidationError):
        alt.LayerChart.from_dict(specification, validate=True)


def drawn(svg):
    return read_html(f"<!doctype html>\n{svg}".encode()).first("svg")


@CHARTS
def test_drawing_twice_gives_the_same_bytes(chart):
    assert chart() == chart()


@CHARTS
def test_a_chart_is_one_image_with_a_name_and_a_description(chart):
    image = drawn(chart())

    assert image.get("role") == "img"
    assert image.get("aria-labelledby") == "chart-a-title chart-a-desc"
    assert image.first("title").texts == ["A & B"]
    assert image.first("desc").texts == ["Rows <and> columns."]
    assert not [item for item in image.all() if item.get("role") or item.get("class")]


@CHARTS
def test_every_colour_is_a_variable_of_the_page(chart):
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', chart()))

    assert colours - {"none"}
    assert all(re.fullmatch(r"none|var\(--[a-z-]+\)", item) for item in colours)


@CHARTS
def test_a_chart_takes_the_font_of_the_page_and_loads_nothing(chart):
    svg = chart()

    assert "font-family" not in svg
    assert "style=" not in svg
    assert "href" not in svg


@CHARTS
def test_charts_of_one_page_share_no_id(chart):
    other = ChartText("chart-b", "B", "B")

    ids = [re.findall(r' id="([^"]+)"', svg) for svg in (chart(), chart(text=other))]

    assert ids[0]
    assert not set(ids[0]) & set(ids[1])


def test_ids_inside_a_drawing_follow_the_charts_own():
    svg = page_svg(
        '<svg xmlns="http://www.w3.org/2000/svg"><clipPath id="clip0"/>'
        '<g clip-path="url(#clip0)"/></svg>',
        chart_id="mine",
        title="t",
        description="d",
    )

    assert 'id="mine-1"' in svg
    assert "url(#mine-1)" in svg
    assert "clip0" not in svg


def test_the_matrix_shows_every_number_and_fills_what_is_corroborated():
    image = drawn(matrix())
    texts = [item.text for item in image.all("text")]
    fills = [item.get("fill") for item in image.all("path")]

    assert "13" in texts
    assert "2" in texts
    assert fills == ["var(--accent)", "var(--paper)"]


def test_long_labels_are_broken_between_words():
    texts = [item.text for item in drawn(matrix()).all("text")]

    assert "Active learning, own paths and pace" in texts
    tspans = [item.text for item in drawn(matrix()).all("tspan")]
    assert {"Active learning, own paths", "and pace"} <= set(tspans)


def test_one_site_alone_draws_a_small_hollow_dot():
    image = drawn(matrix([MatrixCell(ELEMENTS[0], KINDS[0], 1, corroborated=False)]))

    assert [item.get("fill") for item in image.all("path")] == ["var(--paper)"]


def test_bars_tell_met_from_waiting_without_colour():
    image = drawn(bars())
    boxes = [item for item in image.all("path") if item.get("stroke")]

    assert [item.get("fill") for item in boxes] == [
        *("var(--accent)", "var(--paper)", "var(--paper)")
    ]
    assert "7 met" in image.text


def test_a_range_names_its_days_and_the_goal():
    image = drawn(ranges())

    assert "18 to 71 days" in image.text
    assert "60 days" in image.text


def test_a_band_is_drawn_as_long_as_it_is_and_a_hidden_one_not_at_all():
    wide = drawn(small_bands())
    bars = [item for item in wide.all("path") if item.get("fill") == "var(--accent)"]

    # 20 and 18 percent of the same width; the corners of each are its path.
    lengths = [float(re.match(r"M[\d.]+,[\d.]+h([\d.]+)", b.get("d"))[1]) for b in bars]
    assert lengths[0] / lengths[1] == pytest.approx(20 / 18)
    one = drawn(bands())
    assert len([i for i in one.all("path") if i.get("fill") == "var(--accent)"]) == 1
    assert "hidden" in one.text


def test_a_lane_tells_now_from_first_by_filling_and_the_network_by_a_band():
    image = drawn(lanes())
    marks = [item for item in image.all("path", "line") if item.get("stroke-width")]
    fills = [item.get("fill") for item in marks if item.tag == "path"]

    assert fills == ["var(--paper)", "var(--ink)", "var(--ink)"]
    bands_drawn = [item for item in marks if item.get("stroke-width") == "14"]
    assert len(bands_drawn) == 1
    assert "3 (was 1)" in image.text


def test_a_chart_stays_an_image_after_other_xml_was_written():
    ET.register_namespace("", "http://www.w3.org/2005/Atom")

    assert matrix().startswith("<svg ")
