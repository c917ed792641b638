"""Parcels: one dropped file each, described: whose, when, which rows, which mistakes.

What does not belong here: the list of all parcels (`plan`), and their bytes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pcbl_pipeline.demo.corpus import (
    EVENTS,
    LESSONS,
    PROFILES,
    REQUESTS,
    Corpus,
    Row,
)
from pcbl_pipeline.demo.faults import Fault
from pcbl_pipeline.demo.render import Sheet

#: What can be wrong with a file as a whole, so that no table can be read from it.
Damage = Literal["empty", "header_only", "cut", "not_a_workbook"]


@dataclass(frozen=True)
class Selection:
    """Which rows of a dataset a sender puts into a file, and how they then stand."""

    dataset: str
    keeps: Callable[[Row], bool]
    as_sent: Callable[[Row], Row] = dict


@dataclass(frozen=True)
class Part:
    """One dataset's table in a file."""

    selection: Selection
    #: Whose rows they are; None: the sender's own.
    of: str | None = None
    sheet: str | None = None
    has_titles: bool = False
    faults: tuple[Fault, ...] = ()

    def rows(self, corpus: Corpus, sender: str) -> list[Row]:
        """Return the rows as they are sent."""
        chosen = self.selection
        return [
            chosen.as_sent(row)
            for row in corpus.rows[chosen.dataset]
            if _is_of(self.of or sender, row) and chosen.keeps(row)
        ]


@dataclass(frozen=True)
class Parcel:
    """One file to be dropped."""

    sender: str
    name: str
    #: Day of the demo's fortnight; files of one day come in any order.
    day: int
    parts: tuple[Part, ...] = ()
    #: Name of the way of saving it; None: one that fits the file's name, by chance.
    form: str | None = None
    #: Sheets that hold no dataset, next to the parts or in place of them.
    others: tuple[Sheet, ...] = ()
    damage: Damage | None = None
    #: Name of the sender's earlier file of which this is a copy.
    copy_of: str | None = None

    @property
    def is_workbook(self) -> bool:
        """Whether the name says that it is a workbook."""
        return self.name.endswith(".xlsx")


def select_profiles(years: Iterable[str] = ()) -> Selection:
    """Select a site's profiles of some school years; none named: of all."""
    return Selection(PROFILES, _in_years(years))


def select_lessons(
    years: Iterable[str], later_revisions: Iterable[str] = ()
) -> Selection:
    """Select the first texts of some years' lessons, and later texts of some ids."""
    in_years, revised = _in_years(years), frozenset(later_revisions)

    def keeps(row: Row) -> bool:
        if row["revision"] == "1":
            return in_years(row)
        return row["lesson_id"] in revised

    return Selection(LESSONS, keeps)


def select_first_requests() -> Selection:
    """Select a site's requests as they were first sent: all of them open."""
    return Selection(REQUESTS, lambda _: True, lambda row: {**row, "status": "open"})


def select_request_updates(also: Iterable[str] = ()) -> Selection:
    """Select the requests whose status has changed since, and some others."""
    others = frozenset(also)
    return Selection(
        REQUESTS,
        lambda row: row["status"] != "open" or row["ta_request_id"] in others,
    )


def select_events(years: Iterable[str] = ()) -> Selection:
    """Select an agency's events of some school years; none named: of all."""
    return Selection(EVENTS, _in_years(years))


def select_some_lessons(keys: Iterable[str]) -> Selection:
    """Select the first texts of some lessons, to send them once more."""
    wanted = frozenset(keys)
    return Selection(
        LESSONS, lambda row: row["lesson_id"] in wanted and row["revision"] == "1"
    )


def select_some_events(keys: Iterable[str]) -> Selection:
    """Select some events, to send them once more."""
    wanted = frozenset(keys)
    return Selection(EVENTS, lambda row: row["ta_event_id"] in wanted)


def select_where(
    dataset: str,
    where: Mapping[str, Iterable[str]] | None = None,
    without: Mapping[str, Iterable[str]] | None = None,
) -> Selection:
    """Select rows of any dataset by what stands in some of their columns."""
    wanted, unwanted = where or {}, without or {}

    def keeps(row: Row) -> bool:
        return all(row[name] in values for name, values in wanted.items()) and not any(
            row[name] in values for name, values in unwanted.items()
        )

    return Selection(dataset, keeps)


def _in_years(years: Iterable[str]) -> Callable[[Row], bool]:
    wanted = frozenset(years)
    return lambda row: not wanted or row["school_year"] in wanted


def _is_of(sender: str, row: Row) -> bool:
    """Tell whose row it is: a site's by its id, an agency's by the state's code."""
    if "site_id" in row:
        return row["site_id"] == sender
    state = row.get("state_fips") or row["ta_event_id"][:2]
    return state == sender.removeprefix("sea-")
