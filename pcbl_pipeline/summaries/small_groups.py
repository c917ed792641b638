"""Groups with too few sites to stand alone, and what they are merged into."""

from collections.abc import Collection, Mapping


def merged_groups(
    members: Mapping[str, Collection[str]], *, least: int, into: str
) -> dict[str, str | None]:
    """Return group → the group under which its rows are shown; None: not at all.

    Groups of fewer than `least` sites are merged, together with the group `into`
    where there is one. Everybody sees the total as well, so taking the shown groups
    off it leaves the merged ones: they too need `least` sites, and get the next
    smallest groups (by sites, then by name) until they have them. If nothing is left
    to stand beside them, they say what the total says, and only that is shown.

    Shape: `members` is group → ids of the sites in it; a site may be in several.
    """
    by_size = sorted(members, key=lambda name: (len(set(members[name])), name))
    merged = [
        name for name in by_size if name == into or len(set(members[name])) < least
    ]
    alone = [name for name in by_size if name not in merged]
    while merged and alone and _sites(members, merged) < least:
        merged.append(alone.pop(0))
    other = into if alone and _sites(members, merged) >= least else None
    shown: dict[str, str | None] = dict.fromkeys(merged, other)
    return shown | {name: name for name in alone}


def _sites(members: Mapping[str, Collection[str]], names: Collection[str]) -> int:
    return len({site for name in names for site in members[name]})
