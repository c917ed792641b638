"""Which cells are hidden: small groups, and what would give them away.

Rules 1, 4, 5, 6 and 8 of the rule set for tables, in that order; the words and bands
of what is left are in `bands`, differences in `differences`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import polars as pl

from pcbl_pipeline.disclosure.tables.cells import KEY, PROTECTING, Reason, Step
from pcbl_pipeline.disclosure.tables.families import Family, Key, families_of


def hidden_cells(
    cells: pl.DataFrame,
    *,
    also_hide: pl.DataFrame | None = None,
    hidden_before: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Decide for each cell whether it is hidden, and why.

    `also_hide` are cells that the audit found exposed; `hidden_before` are those that
    an earlier release hid, which stay hidden: two patterns together tell more than
    each alone. Both are taken with their families.

    Shape: columns of `CELLS` and `k`; the two others have `KEY`. The result has one
    row per cell, by key, with `reason` and `step` (blank: shown).
    """
    rows = cells.sort(KEY)
    earlier, exposed = (_is_in(rows, other) for other in (hidden_before, also_hide))
    marked = rows.with_columns(_first_reason(earlier, exposed))
    pattern = _Pattern(marked)
    pattern.hide_small_rests()
    pattern.close()
    return marked.with_columns(
        pl.Series("reason", pattern.reasons, dtype=pl.String),
        pl.Series("step", pattern.steps, dtype=pl.String),
    )


def _is_in(rows: pl.DataFrame, other: pl.DataFrame | None) -> pl.Series:
    if other is None:
        return pl.repeat(value=False, n=rows.height, eager=True)
    found = other.select(KEY).unique().with_columns(found=pl.lit(value=True))
    joined = rows.select(KEY).join(found, on=KEY, how="left", maintain_order="left")
    return joined["found"].fill_null(value=False)


def _first_reason(earlier: pl.Series, exposed: pl.Series) -> tuple[pl.Expr, pl.Expr]:
    cases = (
        (pl.col("people") <= 0, Reason.NO_DATA, None),
        (pl.col("people") < pl.col("k"), Reason.PRIMARY, Step.SMALL_GROUP),
        (pl.lit(exposed), Reason.AUDIT, Step.AUDIT),
        (pl.lit(earlier), Reason.COMPLEMENTARY, Step.EARLIER),
        (~pl.col("is_valid"), Reason.LOW_RESPONSE, Step.RESPONSE),
        (~pl.col("is_shown"), Reason.NOT_NAMED, None),
    )
    reason = step = pl.lit(None, dtype=pl.String)
    for holds, its_reason, its_step in reversed(cases):
        reason = pl.when(holds).then(pl.lit(its_reason.value)).otherwise(reason)
        text = pl.lit(its_step and its_step.value, dtype=pl.String)
        step = pl.when(holds).then(text).otherwise(step)
    return reason.alias("reason"), step.alias("step")


class _Pattern:
    """What is hidden so far, and the families that have to be looked at."""

    def __init__(self, rows: pl.DataFrame) -> None:
        keys: list[Key] = rows.select(KEY).rows()
        self.reasons: list[str | None] = rows["reason"].to_list()
        self.steps: list[str | None] = rows["step"].to_list()
        self._people: list[int] = rows["people"].to_list()
        self._k: list[int] = rows["k"].to_list()
        self._families = families_of(keys, self._people)
        self._of_cell: dict[int, list[int]] = defaultdict(list)
        for number, family in enumerate(self._families):
            for place in self._cells(family):
                self._of_cell[place].append(number)

    def hide_small_rests(self) -> None:
        """Hide a flag whose complement is small, though no row tells of that."""
        for family in self._families:
            if family.is_half_told and 0 < family.rest < self._least(family):
                member = family.members[0]
                if not self._is_protected(member):
                    self._hide(member, Step.SMALL_REST)

    def close(self) -> None:
        """Hide more until no family gives a hidden cell away (a fixed point)."""
        touched = self._families_of(
            place for place in range(len(self.reasons)) if self._is_protected(place)
        )
        while touched:
            hidden = [place for number in touched for place in self._settle(number)]
            touched = self._families_of(hidden)

    def _families_of(self, places: Iterable[int]) -> Sequence[int]:
        # In the families' own order: what is hidden next depends on what was before.
        return sorted({number for place in places for number in self._of_cell[place]})

    def _settle(self, number: int) -> list[int]:
        family, hidden = self._families[number], []
        while (place := self._next_to_hide(family)) is not None:
            self._hide(place, family.kind)
            hidden.append(place)
        return hidden

    def _next_to_hide(self, family: Family) -> int | None:
        hidden = [place for place in family.members if self.reasons[place]]
        shown = [place for place in family.members if not self.reasons[place]]
        if any(self._is_protected(place) for place in hidden):
            people = sum(self._people[place] for place in hidden)
            if len(hidden) > 1 and people >= self._least(family):
                return None
            return self._smallest(shown) if shown else self._total(family, people)
        if hidden or family.total is None or not self._is_protected(family.total):
            return None
        # A hidden total comes back by adding up, unless a part is hidden as well.
        return None if family.is_half_told and family.rest else self._smallest(shown)

    def _total(self, family: Family, people: int) -> int | None:
        """Return the total if nothing else is left that could be hidden."""
        if family.total is None or self.reasons[family.total]:
            return None
        # Those whom no member counts are one more unknown, if there are any.
        is_safe = family.rest > 0 and people + family.rest >= self._least(family)
        return None if is_safe else family.total

    def _smallest(self, places: Sequence[int]) -> int | None:
        # Cells lie in the order of their keys, so the place is the smallest code.
        return min(places, key=lambda place: (self._people[place], place), default=None)

    def _least(self, family: Family) -> int:
        return max(self._k[place] for place in self._cells(family))

    def _is_protected(self, place: int) -> bool:
        return self.reasons[place] in PROTECTING

    def _hide(self, place: int, step: Step) -> None:
        self.reasons[place] = Reason.COMPLEMENTARY.value
        self.steps[place] = step.value

    @staticmethod
    def _cells(family: Family) -> tuple[int, ...]:
        return family.members + (() if family.total is None else (family.total,))
