"""Own rates of the mirror report in words: beside their past, and beside the network.

The network's figure is written as it is published: as a band, or why it is hidden.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.bands import parts_of
from pcbl_pipeline.publication.pages.labels import Labels

Row = Mapping[str, Any]
Line = tuple[str, ...]
#: A line, and one group of students in it.
Key = tuple[Line, str]
#: Rows of a long table on the page; the data files have all.
SHOWN_ROWS = 120
#: Measures whose groups are shown.
SHOWN_LINES = 24
_EVERYBODY = "ALL"
_STUDENT = "student"
#: What a line of rates is of, in either table of rates; a group is of such a line.
_LINE = (
    *("metric_code", "grade_band", "pilot_scope"),
    *("respondent", "construct_code", "instrument"),
)
#: Lines side by side in one table of groups.
_SIDE_BY_SIDE = 3


@dataclass(frozen=True)
class RateRow:
    """An own rate beside the network's published one, in words."""

    label: str
    year: str
    own: str
    counts: str
    #: The same in the year before the pilot, or else the first time it was sent.
    before: str
    network: str


@dataclass(frozen=True)
class GroupTable:
    """Groups of students by a few measures; None where a group has no such rate."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[RateRow | None, ...]], ...]


@dataclass(frozen=True)
class RatesView:
    """Own rates: of everybody measure by measure, then the groups of students."""

    everyone: tuple[RateRow, ...]
    groups: tuple[GroupTable, ...]
    #: Whether there are more than a page shows.
    is_cut: bool

    def __bool__(self) -> bool:
        """Return whether there is any rate."""
        return bool(self.everyone or self.groups)


class RateWords:
    """Writes rows of rates in the words of a language."""

    def __init__(self, labels: Labels, messages: Messages) -> None:
        self._labels = labels
        self._t = messages

    def outcomes(self, rows: Sequence[Row]) -> RatesView:
        """Return the newest year's outcomes for all students, then by group."""
        return self._rates(rows, self._metric, ("numerator", "denominator"))

    def experience(self, rows: Sequence[Row]) -> RatesView:
        """Return the newest year's survey results for all asked, then by group."""
        return self._rates(rows, self._construct, ("n_favorable", "n_responded"))

    def _rates(
        self,
        rows: Sequence[Row],
        label: Callable[[Row], str],
        counts: tuple[str, str],
    ) -> RatesView:
        year = max((row["school_year"] for row in rows), default=None)
        newest = [row for row in rows if row["school_year"] == year]
        # Of several windows of a year the newest stands first.
        of_key = {_key_of(row): row for row in reversed(newest)}
        before, published = _first_by_key(rows), _published_by_key(rows)
        names = self._names(
            [row for row in newest if of_key[_key_of(row)] is row], label
        )
        told = {
            key: RateRow(
                label=names[_line_of(row)],
                year=self._year(row),
                own=self._percent(row["percent"]),
                counts=self._counts(row, *counts),
                before=self._before(row, before[key]),
                network=self._network(row, published.get(key)),
            )
            for row in newest
            if of_key[key := _key_of(row)] is row
        }
        everyone = [
            told[line, _EVERYBODY] for line in names if (line, _EVERYBODY) in told
        ]
        lines = [line for line in names if any(_is_group(k, line) for k in told)]
        return RatesView(
            everyone=tuple(everyone[:SHOWN_ROWS]),
            groups=tuple(self._tables(lines[:SHOWN_LINES], told, names)),
            is_cut=len(everyone) > SHOWN_ROWS or len(lines) > SHOWN_LINES,
        )

    def _tables(
        self,
        lines: Sequence[Line],
        told: Mapping[Key, RateRow],
        names: Mapping[Line, str],
    ) -> Iterator[GroupTable]:
        for few in parts_of(lines, _SIDE_BY_SIDE):
            codes = {g for line, g in told if line in few and g != _EVERYBODY}
            ordered = self._labels.in_order("student_group", codes)[:SHOWN_ROWS]
            yield GroupTable(
                labels=tuple(names[line] for line in few),
                rows=tuple(
                    (
                        self._labels.label("student_group", code),
                        tuple(told.get((line, code)) for line in few),
                    )
                    for code in ordered
                ),
            )

    def _names(
        self, rows: Sequence[Row], label: Callable[[Row], str]
    ) -> dict[Line, str]:
        """Return what each line is called; what is the same for all is left out."""
        found = {_line_of(row): row for row in rows}
        named = {line: label(row) for line, row in found.items()}
        called = Counter(named.values())
        return {
            line: self._told_apart(name, found[line]) if called[name] > 1 else name
            for line, name in named.items()
        }

    def _told_apart(self, name: str, row: Row) -> str:
        code_list = "pilot_scope" if "pilot_scope" in row else "instrument"
        words = self._labels.label(code_list, row[code_list])
        return self._t.plain("mirror.told_apart", name=name, words=words)

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
        construct = self._labels.label("construct_code", row["construct_code"])
        if row["respondent"] == _STUDENT:
            return construct
        return self._t.plain(
            "mirror.construct",
            construct=construct,
            respondent=self._labels.label("respondent", row["respondent"]),
        )

    def _year(self, row: Row) -> str:
        year: str = row["school_year"]
        if "window" not in row:
            return year
        return window_words(self._labels, self._t, year, row["window"])

    def _before(self, row: Row, first: Row) -> str:
        if first is row:
            return self._t.plain("shell.none")
        percent = self._percent(first["percent"])
        return self._t.plain("mirror.before", pct=percent, year=self._year(first))

    def _network(self, row: Row, published: Row | None) -> str:
        """Write the network's figure, or the newest one if none is out yet."""
        if published is None or published is row:
            return self._figure(row)
        words = {"figure": self._figure(published), "year": self._year(published)}
        return self._t.plain("mirror.network_earlier", **words)

    def _figure(self, row: Row) -> str:
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


def _line_of(row: Row) -> Line:
    return tuple(row.get(name, "") for name in _LINE)


def _key_of(row: Row) -> Key:
    """Return what a rate is of, whatever year and window it is from."""
    return _line_of(row), row["student_group"]


def _is_group(key: Key, line: Line) -> bool:
    return key[0] == line and key[1] != _EVERYBODY


def _first_by_key(rows: Sequence[Row]) -> dict[Key, Row]:
    """Return each rate's row of the year before the pilot, else of the first time.

    Shape: rows of a year stand with the newest window first.
    """
    ordered = sorted(rows, key=lambda row: row["school_year"], reverse=True)
    ordered.sort(key=lambda row: bool(row.get("is_baseline")))
    return {_key_of(row): row for row in ordered}


def _published_by_key(rows: Sequence[Row]) -> dict[Key, Row]:
    """Return each rate's newest row beside which the network says anything."""
    ordered = sorted(rows, key=lambda row: row["school_year"], reverse=True)
    told = ("network_percent_band", "network_reason")
    said = [row for row in ordered if any(row[name] is not None for name in told)]
    return {_key_of(row): row for row in reversed(said)}
