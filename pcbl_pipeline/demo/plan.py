"""The plan: every file that is dropped, read from two tables per state.

Days 1 to 3 are the first round: profiles, last year's lessons and figures, requests as
they were first asked, barriers, and the agencies' events and actions. From day 4 on it
is the second: corrections, this year's lessons and figures, and what became of the
requests.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from pcbl_pipeline.demo.corpus import (
    ACTIONS,
    BARRIERS,
    LEARNING,
    OUTCOMES,
    RATINGS,
    RECORDS,
    SURVEYS,
)
from pcbl_pipeline.demo.faults import FAULTS, Fault
from pcbl_pipeline.demo.network import read_mapping
from pcbl_pipeline.demo.parcel import (
    Parcel,
    Part,
    Selection,
    select_events,
    select_first_requests,
    select_lessons,
    select_profiles,
    select_request_updates,
    select_some_events,
    select_some_lessons,
    select_where,
)
from pcbl_pipeline.demo.render import Sheet

_LAST_DAY_OF_FIRST_ROUND = 3

_SELECTIONS: Mapping[str, Callable[..., Selection]] = {
    "profiles": select_profiles,
    "lessons": select_lessons,
    "first_requests": select_first_requests,
    "request_updates": select_request_updates,
    "events": select_events,
    "some_lessons": select_some_lessons,
    "some_events": select_some_events,
    "ratings": partial(select_where, RATINGS),
    "outcomes": partial(select_where, OUTCOMES),
    "surveys": partial(select_where, SURVEYS),
    "barriers": partial(select_where, BARRIERS),
    "learning": partial(select_where, LEARNING),
    "actions": partial(select_where, ACTIONS),
    "records": partial(select_where, RECORDS),
}
_ABOUT_PART = {"take", "of", "sheet", "titles", "faults"}


@cache
def load_plan() -> tuple[Parcel, ...]:
    """Read every state's table of files."""
    return tuple(
        _parcel(sender, item)
        for state in ("az", "nv", "nd", "sc")
        for table in (f"plan_{state}", f"plan_{state}_more")
        for sender, items in read_mapping(table).items()
        for item in items
    )


def round_of(parcel: Parcel) -> int:
    """Return the round in which a parcel is dropped."""
    return 1 if parcel.day <= _LAST_DAY_OF_FIRST_ROUND else 2


def _parcel(sender: str, item: Mapping[str, Any]) -> Parcel:
    return Parcel(
        sender=sender,
        name=item["file"],
        day=item["day"],
        parts=tuple(_part(part) for part in item.get("parts", ())),
        form=item.get("form"),
        others=tuple(_sheet(other) for other in item.get("others", ())),
        damage=item.get("damage"),
        copy_of=item.get("copy_of"),
    )


def _part(item: Mapping[str, Any]) -> Part:
    limits = {name: value for name, value in item.items() if name not in _ABOUT_PART}
    return Part(
        selection=_SELECTIONS[item["take"]](**limits),
        of=item.get("of"),
        sheet=item.get("sheet"),
        has_titles=item.get("titles", False),
        faults=tuple(_fault(*fault) for fault in item.get("faults", ())),
    )


def _fault(name: str, *details: str) -> Fault:
    return FAULTS[name](*details)


def _sheet(item: Mapping[str, Any]) -> Sheet:
    return Sheet(item["sheet"], tuple(tuple(cells) for cells in item["rows"]))
