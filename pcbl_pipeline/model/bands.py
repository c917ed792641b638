"""The words in which a number of people and a percent are published: bands.

Which numbers are published at all is decided in `disclosure`. What does not belong
here: frames.
"""

from collections.abc import Iterator
from dataclasses import dataclass

#: No band begins below; a state may ask for larger groups, never for smaller ones.
LEAST_SHOWN = 10


@dataclass(frozen=True)
class SizeBand:
    """A band of group sizes, and the percent bands that groups of that size get.

    The lowest percent band always covers at least nobody, 1 and 2 people of any group
    in the band, and the highest all but 2, all but 1 and everybody. So neither
    "nobody" nor "everybody" is ever said of a group.
    """

    label: str
    least: int
    #: None: no upper end.
    most: int | None
    #: Ends of the percent bands, from `(0, ...)` to `(..., 100)`.
    percents: tuple[tuple[int, int], ...]

    @property
    def percent_labels(self) -> tuple[str, ...]:
        """The label for each whole percent from 0 to 100."""
        return tuple(
            percent_label(low, high)
            for low, high in self.percents
            for _ in range(low, high + 1)
        )


def percent_label(low: int, high: int) -> str:
    """Write a band of whole percents: `<=20`, `21-39`, `45`, `>=80`."""
    if low == 0:
        return f"<={high}"
    if high == 100:
        return f">={low}"
    return str(low) if low == high else f"{low}-{high}"


def percent_ends(label: str) -> tuple[int, int]:
    """Return the lowest and the highest whole percent that a label stands for."""
    if label.startswith("<="):
        return 0, int(label[2:])
    if label.startswith(">="):
        return int(label[2:]), 100
    low, _, high = label.partition("-")
    return int(low), int(high or low)


def _steps(tail: int, width: int) -> Iterator[tuple[int, int]]:
    # The tails are closed, so the band above the lowest one is a percent narrower.
    yield 0, tail
    if width == 1:
        yield from ((value, value) for value in range(tail + 1, 100 - tail))
    else:
        yield tail + 1, tail + width - 1
        yield from ((n, n + width - 1) for n in range(tail + width, 100 - tail, width))
    yield 100 - tail, 100


#: Every size band, the smallest first. Source: the three upper tails are those of
#: Utah's accountability reports; the labels follow the federal EDFacts files.
SIZE_BANDS: tuple[SizeBand, ...] = tuple(
    SizeBand(label, least, most, tuple(_steps(tail, width)))
    for label, least, most, tail, width in (
        ("10-19", 10, 19, 20, 20),
        ("20-39", 20, 39, 10, 10),
        ("40-99", 40, 99, 5, 5),
        ("100-299", 100, 299, 2, 1),
        ("300+", 300, None, 1, 1),
    )
)


def size_ends(label: str) -> tuple[int, int | None]:
    """Return the least and the most people of a band of group sizes.

    Raises:
        KeyError: If there is no such band.
    """
    found = {band.label: (band.least, band.most) for band in SIZE_BANDS}
    return found[label]
