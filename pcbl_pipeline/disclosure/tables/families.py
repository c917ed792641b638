"""Families: cells that add up to another one, so that a hidden one could be taken off.

Race and ethnicity, sex, each flag with its complement, grade bands, and the sites of
the network. Which member is hidden is decided in `suppression`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pcbl_pipeline.disclosure.tables.cells import ALL, Step
from pcbl_pipeline.model.partitions import FLAGS, RACE, SEX

_GROUP_FAMILIES = (
    (Step.RACE, RACE),
    (Step.SEX, SEX),
    *((Step.FLAG, flag) for flag in FLAGS),
)
#: (line, grade band, site, group)
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Family:
    """Members that make up a total, as positions among the cells.

    `rest` are the people of the total whom no member counts: of an unknown race, or
    without a flag that has no row of its own. They are published nowhere.
    """

    kind: Step
    members: tuple[int, ...]
    total: int | None
    rest: int

    @property
    def is_half_told(self) -> bool:
        """Whether it has two members, of which one is never published."""
        return self.kind in {Step.SEX, Step.FLAG} and len(self.members) == 1


def families_of(keys: Sequence[Key], people: Sequence[int]) -> list[Family]:
    """Return all families among some cells: of groups, of grade bands, of sites.

    Cells without people belong to none: they are published as having no data.
    """
    places = {key: place for place, key in enumerate(keys)}
    rows = _related(keys, people, 3)
    groups = [
        family
        for (line, band, site), cells in rows.items()
        for family in _of_groups(cells, places.get((line, band, site, ALL)), people)
    ]
    bands = [
        _family(Step.GRADE_BAND, cells, places.get((line, ALL, site, group)), people)
        for (line, site, group), cells in _related(keys, people, 1).items()
    ]
    sites = [
        _family(Step.SITE, cells, places.get((line, band, ALL, group)), people)
        for (line, band, group), cells in _related(keys, people, 2).items()
    ]
    return [*groups, *bands, *sites]


def _related(
    keys: Sequence[Key], people: Sequence[int], along: int
) -> dict[tuple[str, ...], dict[str, int]]:
    """Gather the parts along one part of the key: rest of the key → part → place."""
    gathered: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for place, key in enumerate(keys):
        if key[along] != ALL and people[place] > 0:
            gathered[key[:along] + key[along + 1 :]][key[along]] = place
    return gathered


def _of_groups(
    cells: dict[str, int], total: int | None, people: Sequence[int]
) -> Iterator[Family]:
    for kind, codes in _GROUP_FAMILIES:
        members = {code: cells[code] for code in codes if code in cells}
        if members:
            yield _family(kind, members, total, people)


def _family(
    kind: Step, members: dict[str, int], total: int | None, people: Sequence[int]
) -> Family:
    places = tuple(members[code] for code in sorted(members))
    known = sum(people[place] for place in places)
    rest = 0 if total is None else max(0, people[total] - known)
    return Family(kind, places, total, rest)
