"""Own rates of the mirror report in words: beside their past, and beside the network.

The network's figure is written as it is published: as a band, or why it is hidden.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels

Row = Mapping[str, Any]
#: Rows of a long table on the page; the data files have all.
SHOWN_ROWS = 120
_EVERYBODY = "ALL"
#: What a rate is of, in either table of rates.
_WHOSE = (
    *("metric_code", "grade_band", "pilot_scope", "student_group"),
    *("window", "respondent", "construct_code", "instrument"),
)


@dataclass(frozen=True)
class RateRow:
    """An own rate beside the network's published one, in words."""

    label: str
    group: str
    year: str
    own: str
    counts: str
    #: The same in the year before the pilot, or else the first year that was sent.
    before: str
    network: str


class RateWords:
    """Writes rows of rates in the words of a language."""

    def __init__(self, labels: Labels, messages: Messages) -> None:
        self._labels = labels
        self._t = messages

    def outcomes(self, rows: Sequence[Row]) -> list[RateRow]:
        """Return the newest year's outcomes for all students, then by group."""
        return self._rates(rows, self._metric, ("numerator", "denominator"))

    def experience(self, rows: Sequence[Row]) -> list[RateRow]:
        """Return the newest year's survey results for all asked, then by group."""
        return self._rates(rows, self._construct, ("n_favorable", "n_responded"))

    def _rates(
        self,
        rows: Sequence[Row],
        label: Callable[[Row], str],
        counts: tuple[str, str],
    ) -> list[RateRow]:
        newest = max((row["school_year"] for row in rows), default=None)
        shown = [row for row in rows if row["school_year"] == newest]
        shown.sort(key=lambda row: row["student_group"] != _EVERYBODY)
        before = _first_by_key(rows)
        return [
            RateRow(
                label=label(row),
                group=self._labels.label("student_group", row["student_group"]),
                year=self._year(row),
                own=self._percent(row["percent"]),
                counts=self._counts(row, *counts),
                before=self._before(row, before[_key_of(row)]),
                network=self._network(row),
            )
            for row in shown[:SHOWN_ROWS]
        ]

    def _counts(self, row: Row, above: str, below: str) -> str:
        key = "counts_records" if row.get("from_records") else "counts"
        return self._t.plain(f"mirror.{key}", above=row[above], below=row[below])

    def _metric(self, row: Row) -> str:
        metric = self._labels.label("metric_code", row["metric_code"])
        if row["grade_band"] == _EVERYBODY:
            return metric
        band = self._labels.label("grade_band", row["grade_band"])
        return self._t.plain("mirror.of_band", metric=metric, band=band)

    def _construct(self, row: Row) -> str:
        return self._t.plain(
            "mirror.construct",
            construct=self._labels.label("construct_code", row["construct_code"]),
            respondent=self._labels.label("respondent", row["respondent"]),
        )

    def _year(self, row: Row) -> str:
        year: str = row["school_year"]
        if "window" not in row:
            return year
        return window_words(self._labels, self._t, year, row["window"])

    def _before(self, row: Row, first: Row) -> str:
        if first["school_year"] == row["school_year"]:
            return self._t.plain("shell.none")
        percent = self._percent(first["percent"])
        return self._t.plain("mirror.before", pct=percent, year=first["school_year"])

    def _network(self, row: Row) -> str:
        band, people = row["network_percent_band"], row["network_n_band"]
        if band is not None:
            key = "mirror.network_band" if people is None else "mirror.network_of"
            return self._t.plain(key, band=_signs(band), people=_signs(people))
        if row["network_reason"] is not None:
            return self._t.plain("mirror.hidden")
        return self._t.plain("mirror.not_published")

    def _percent(self, value: float | None) -> str:
        if value is None:
            return self._t.plain("shell.none")
        number = self._t.number(value, digits=1)
        return self._t.plain("assistance.pct", pct=number)


def _signs(band: str | None) -> str:
    return (band or "").replace("<=", "≤ ").replace(">=", "≥ ")


def window_words(labels: Labels, messages: Messages, year: str, window: str) -> str:
    """Return what a reporting window of a school year is called."""
    label = labels.label("window", window)
    return messages.plain("mirror.window", window=label, year=year)


def _key_of(row: Row) -> tuple[str, ...]:
    """Return what a rate is of, whatever year it is from."""
    return tuple(row.get(name, "") for name in _WHOSE)


def _first_by_key(rows: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    """Return each rate's row of the year before the pilot, else of the first year."""
    ordered = sorted(rows, key=lambda row: row["school_year"], reverse=True)
    ordered.sort(key=lambda row: bool(row.get("is_baseline")))
    return {_key_of(row): row for row in ordered}
