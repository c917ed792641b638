"""The tile map: every state once, the network's own with their figure."""

import xml.etree.ElementTree as ET

import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.publication.charts_map import StateTile, state_places, tile_map
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.network_map import map_view
from tests.support.editions import edition_content, network_states, render
from tests.support.html import read_html

TEXT = ChartText("chart-states", "States", "Twelve sites in two states.")
SVG = "{http://www.w3.org/2000/svg}"
MESSAGES = load_messages()


def drawn(*tiles: StateTile) -> ET.Element:
    return ET.fromstring(tile_map(tiles, text=TEXT))  # noqa: S314 - our own drawing


def view(**changes):
    frame = network_states().with_columns(**changes)
    content = edition_content([], tables={"network_states": frame})
    return map_view(content, Labels(content.code_lists, MESSAGES), MESSAGES)


def test_every_state_and_territory_has_a_place_of_its_own():
    places = state_places()
    codes = load_catalogue().code_lists["state_fips"].values

    assert set(places) == set(codes)
    assert len({(row, column) for row, column, _ in places.values()}) == len(places)
    assert len({postal for *_, postal in places.values()}) == len(places)


@pytest.mark.parametrize(
    ("fips", "postal"),
    [
        ("04", "AZ"),
        ("32", "NV"),
        ("38", "ND"),
        ("45", "SC"),
        ("26", "MI"),
        ("25", "MA"),
    ],
)
def test_a_code_stands_for_its_state(fips, postal):
    assert state_places()[fips][2] == postal


def test_the_networks_states_stand_out_with_their_figure():
    image = drawn(StateTile("04", "7"), StateTile("45", "5"))
    texts = [item.text for item in image.iter(f"{SVG}text")]
    filled = [
        box for box in image.iter(f"{SVG}rect") if box.get("fill") == "var(--accent)"
    ]

    assert len(filled) == 2
    assert texts[texts.index("AZ") + 1] == "7"
    assert texts[texts.index("SC") + 1] == "5"
    assert len(texts) == 52 + 2


def test_a_territory_is_drawn_where_the_network_has_one():
    texts = [item.text for item in drawn(StateTile("66", "1")).iter(f"{SVG}text")]

    assert "GU" in texts
    assert "VI" not in texts


def test_the_finding_counts_sites_and_names_the_state_with_most():
    assert view().finding == (
        "In 2026-2027 the network has 20 sites in 4 states. The most are in Arizona (7)."
    )
    one = view(sites=pl.Series([0, 0, 1, 0]))
    assert one.finding == (
        "In 2026-2027 the network has 1 site in 1 state. "
        "The most are in North Dakota (1)."
    )
    assert view(sites=pl.lit(4)).finding == (
        "In 2026-2027 the network has 16 sites in 4 states."
    )
    assert view(sites=pl.lit(0)).finding == (
        "No site has sent its profile for 2026-2027 yet."
    )


def test_an_edition_without_the_table_has_no_map():
    files = render(edition_content([], assistance=(), documents={}, tables={}))

    assert not read_html(files["index.html"]).all("svg")
