"""Bands, changes and gaps in words, for the pages on outcomes and on experience.

A band stays a range and a change stays a rounded number of points: no word here says
more than the table does.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from pcbl_pipeline.model.bands import percent_ends, size_ends
from pcbl_pipeline.publication.messages import Messages

ALL = "ALL"

Row = Mapping[str, Any]
Item = TypeVar("Item")


def parts_of(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """Cut a list into parts of at most so many, all of much the same length."""
    parts = -(-len(items) // size)
    cuts = [len(items) * number // max(1, parts) for number in range(parts + 1)]
    return [items[start:end] for start, end in pairwise(cuts)]


class BandWords:
    """Writes the cells of a row of `pub5_outcomes` or `pub6_experience`."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def percent(self, row: Row, name: str = "percent_band") -> str:
        """Return a percent as a range, or why it is hidden."""
        label = row[name]
        if label is None:
            return self.hidden(row)
        low, high = percent_ends(label)
        if low == high:
            return self._words("percent", n=low)
        if low == 0:
            return self._words("percent_low", n=high)
        if high == 100:
            return self._words("percent_high", n=low)
        return self._words("percent_between", low=low, high=high)

    def size(self, row: Row) -> str:
        """Return the band of a group's size, or why it is hidden."""
        if row["n_band"] is None:
            return self.hidden(row)
        least, most = size_ends(row["n_band"])
        if most is None:
            return self._words("size_from", least=least)
        return self._words("size", least=least, most=most)

    def hidden(self, row: Row) -> str:
        """Return why a row is hidden, in few words."""
        return self._words(f"reasons.{row['reason']}")

    def change(self, row: Row) -> str | None:
        """Return a change in words; None where the row is hidden."""
        points, note = row["change"], row["change_note"]
        if points is None:
            return None if note is None else self._words(f"change_notes.{note}")
        text = self._words("up" if points > 0 else "down", points=abs(points))
        if row.get("lower_is_better") is None:
            return text
        return self._words("better" if is_better(row) else "worse", change=text)

    def gap(self, row: Row) -> str | None:
        """Return a gap in words; None where it is not shown."""
        points, note = row["gap"], row["gap_note"]
        if points is None:
            return None if note is None else self._words(f"gap_notes.{note}")
        return self._words("above" if points > 0 else "below", points=abs(points))

    def _words(self, key: str, **values: object) -> str:
        return self._messages.plain(f"bands.{key}", **values)


def is_better(row: Row) -> bool:
    """Tell whether a row's change, which is known, is one for the better."""
    return bool((row["change"] < 0) == row["lower_is_better"])


def ends(row: Row) -> tuple[int, int] | None:
    """Return the ends of a row's percent band; None where it is hidden."""
    label = row["percent_band"]
    return None if label is None else percent_ends(label)


def furthest(gaps: Sequence[tuple[str, str]], messages: Messages) -> str:
    """Say which groups are furthest from all others, and in what.

    Shape: (group, measure or topic) for each that has a clear gap.
    """
    behind: dict[str, list[str]] = {}
    for group, name in gaps:
        behind.setdefault(group, []).append(name)
    sentences = [
        messages.plain("bands.furthest", group=group, names=messages.listed(names))
        for group, names in behind.items()
    ]
    return " ".join(sentences) or messages.plain("bands.no_gap")
