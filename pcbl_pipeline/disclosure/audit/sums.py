"""What everybody knows without any publication: which cells add up to which.

How many students of a site have no known group is granted to the attacker, exactly.
Where one part stands alone, as English learners without their complement or the pilot's
students among all, the rest stays unknown, and must not be told either when it is small.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from pcbl_pipeline.disclosure.audit.cells import ALL, PARTITIONS, CellKey
from pcbl_pipeline.disclosure.audit.figures import SIDES, Figures
from pcbl_pipeline.disclosure.audit.system import SystemBuilder


@dataclass(frozen=True)
class Sum:
    """A cell and the cells into which its students are parted."""

    whole: CellKey
    parts: tuple[CellKey, ...]
    #: Whether sites are parts of the network: then there is no rest.
    of_sites: bool = False
    #: Whether the whole is itself a sum of sites: its rest is theirs, and a site that
    #: reports no such groups tells nobody how many it has.
    is_network: bool = False

    @property
    def has_known_rest(self) -> bool:
        """Whether the attacker is granted the exact rest."""
        return self.of_sites or (len(self.parts) > 1 and not self.is_network)


@dataclass(frozen=True)
class Link:
    """A family whose students other families part: grade bands, the pilot's share."""

    whole: str
    parts: tuple[str, ...]


def sums_of_groups(keys: Iterable[CellKey]) -> Iterator[Sum]:
    """Yield the partitions of each site's and the network's students into groups."""

    def place(key: CellKey) -> tuple[str, str]:
        return key.family, key.site_id

    ordered = sorted(keys)
    summed = {key.family for key in ordered if key.site_id != ALL}
    for (family, site_id), members in groupby(ordered, key=place):
        is_network = site_id == ALL and family in summed
        present = {key.student_group for key in members}
        for partition in PARTITIONS:
            groups = [group for group in partition if group in present]
            if groups and ALL in present:
                parts = tuple(CellKey(family, site_id, group) for group in groups)
                whole = CellKey(family, site_id, ALL)
                yield Sum(whole, parts, is_network=is_network)


def sums_of_sites(keys: Iterable[CellKey]) -> Iterator[Sum]:
    """Yield each cell of the network with the sites' cells that it adds up."""

    def place(key: CellKey) -> tuple[str, str]:
        return key.family, key.student_group

    for _, members in groupby(sorted(keys, key=place), key=place):
        together = sorted(members)
        network = [key for key in together if key.site_id == ALL]
        sites = tuple(key for key in together if key.site_id != ALL)
        if network and sites:
            yield Sum(network[0], sites, of_sites=True)


def sums_of_families(keys: Iterable[CellKey], links: Iterable[Link]) -> Iterator[Sum]:
    """Yield each linked cell with its parts in other families."""
    known = set(keys)
    for link in links:
        for key in sorted(known):
            parts = (key._replace(family=family) for family in link.parts)
            present = tuple(part for part in parts if part in known)
            if key.family == link.whole and present:
                yield Sum(key, present)


def state_sums(
    builder: SystemBuilder,
    figures: Mapping[CellKey, Figures],
    sums: Iterable[Sum],
    *,
    on_lone_rest: Callable[[CellKey, Figures], None],
) -> None:
    """State what each sum tells about its rest."""
    for item in sums:
        rest = figures[item.whole].less(*(figures[part] for part in item.parts))
        if item.has_known_rest:
            for side in SIDES:
                known = builder.value(side(rest))
                builder.state(side(rest), low=known, high=known)
        else:
            builder.state_not_negative(rest.numerator)
            builder.state_not_negative(rest.others)
            if len(item.parts) == 1:
                on_lone_rest(item.parts[0], rest)
