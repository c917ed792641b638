"""The map of the network on the start page, with its finding and its table."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts_map import StateTile, tile_map
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.tables import NETWORK_STATES


@dataclass(frozen=True)
class MapView:
    """The states of the network with their figures, those with most sites first."""

    rows: tuple[dict[str, Any], ...]
    messages: Messages

    @property
    def year(self) -> str:
        """The school year whose sites are counted."""
        return str(self.rows[0]["school_year"])

    @cached_property
    def finding(self) -> str:
        """What the map shows, in one or two sentences."""
        sites = sum(row["sites"] for row in self.rows)
        if not sites:
            return self.messages.plain("map.finding_none", year=self.year)
        taking_part = sum(1 for row in self.rows if row["sites"])
        words = self.messages.plain(
            "map.finding",
            sites=self.messages.plain("map.sites", count=sites),
            states=self.messages.plain("map.states", count=taking_part),
            year=self.year,
        )
        first, *others = self.rows
        if not others or first["sites"] == others[0]["sites"]:
            return words
        most = self.messages.plain(
            "map.finding_most", state=first["state"], most=first["sites"]
        )
        return f"{words} {most}"

    @cached_property
    def chart(self) -> str:
        """The map."""
        return tile_map(
            [
                StateTile(row["state_fips"], self.messages.number(row["sites"]))
                for row in self.rows
            ],
            text=ChartText(
                "chart-states",
                self.messages.plain("map.title"),
                self.messages.plain("map.description", finding=self.finding),
            ),
        )


def map_view(
    content: EditionContent, labels: Labels, messages: Messages
) -> MapView | None:
    """Return the map, if the edition has its table."""
    table = content.tables.get(NETWORK_STATES.name)
    if table is None or table.is_empty():
        return None
    rows = [
        {
            **row,
            "state": content.states.get(row["state_fips"], row["state_fips"]),
            "phase": row["state_phase"]
            and labels.label("state_phase", row["state_phase"]),
        }
        for row in NETWORK_STATES.conform(table).to_dicts()
    ]
    rows.sort(key=lambda row: (-row["sites"], row["state"]))
    return MapView(tuple(rows), messages)
