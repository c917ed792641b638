"""Bands as the attacker reads them: exact statements in whole numbers.

A percent is rounded half up to a whole number and then put into its band, so that
`21-39` says `20.5 <= 100 * numerator / denominator < 39.5`.
"""

import re
from dataclasses import dataclass

from pcbl_pipeline.disclosure.audit.cells import NO_DATA, Cell
from pcbl_pipeline.disclosure.audit.figures import Figures
from pcbl_pipeline.disclosure.audit.system import STRUCTURE, SystemBuilder

_RANGE = re.compile(r"(\d+)-(\d+)")
_FORMS = (
    (re.compile(r"<=(\d+)"), (False, True)),
    (re.compile(r">=(\d+)"), (True, False)),
    (re.compile(r"(\d+)\+"), (True, False)),
    (re.compile(r"(\d+)"), (True, True)),
)


@dataclass(frozen=True)
class Band:
    """A closed range of whole numbers; None: open on that side."""

    low: int | None
    high: int | None


def read_band(text: str) -> Band:
    """Return what a published band says: `10-19`, `300+`, `<=20`, `>=80` or `45`.

    Raises:
        ValueError: If the text is no such band.
    """
    if match := _RANGE.fullmatch(text):
        return Band(int(match[1]), int(match[2]))
    for form, (is_low, is_high) in _FORMS:
        if match := form.fullmatch(text):
            number = int(match[1])
            return Band(number if is_low else None, number if is_high else None)
    raise ValueError("a published band has an unknown form")


def state_bands(
    builder: SystemBuilder,
    figures: Figures,
    cell: Cell,
    *,
    least: int,
    source: int = STRUCTURE,
) -> None:
    """State what is published of a cell; of a hidden one, that it counts `least`."""
    if cell.reason == NO_DATA:  # no source: hiding that there is nobody hides nobody
        builder.state(figures.denominator, low=0, high=0)
        return
    if cell.n_band is None:
        builder.state(figures.denominator, low=least)
    else:
        band = read_band(cell.n_band)
        builder.state(figures.denominator, low=band.low, high=band.high, source=source)
    if cell.percent_band is not None and figures.numerator:
        _state_percent(builder, figures, read_band(cell.percent_band), source)


def _state_percent(
    builder: SystemBuilder, figures: Figures, band: Band, source: int
) -> None:
    if band.low is not None:
        builder.state(figures.weighed(200, 2 * band.low - 1), low=0, source=source)
    if band.high is not None:
        builder.state(figures.weighed(200, 2 * band.high + 1), high=-1, source=source)
