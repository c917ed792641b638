"""Invented outcome cells, with bands and a plain suppression; all counts are drawn.

The suppression here is a second, short one, so that tests of the audit do not rest on
the pipeline's own: a cell below k is hidden, then the next smallest of its partition
and of its sites, until the hidden are two and k together.
"""

import random

import polars as pl

from pcbl_pipeline.disclosure.audit.cells import CELL_COLUMNS

RACE = ("AM7", "AS7", "BL7", "HI7", "PI7", "WH7", "MU7")
PAIRS = (("F", "M"), ("ECODIS", "NECODIS"), ("LEP", "NLEP"), ("IDEA", "NIDEA"))
GROUPS = ("ALL", *RACE, *(group for pair in PAIRS for group in pair))
FAMILY = "M04|2024-2025|06-08|pilot_students"
_RACE_WEIGHTS = (3, 6, 16, 24, 1, 42, 8)
_WIDTHS = ((19, 20), (39, 10), (99, 5), (299, 1))

Counts = dict[tuple[str, str], tuple[int, int]]

#: A group that was published as empty, and the same site after one correction.
EMPTY_BEFORE: Counts = {
    ("0499901", "ALL"): (30, 60),
    ("0499901", "AM7"): (0, 0),
    ("0499901", "WH7"): (20, 40),
    ("0499901", "HI7"): (10, 20),
}
EMPTY_NO_LONGER: Counts = EMPTY_BEFORE | {
    ("0499901", "AM7"): (0, 1),
    ("0499901", "HI7"): (10, 19),
}


def drawn_counts(sites: int, *, seed: int, smallest: int = 30, largest: int = 260):
    """Draw numerator and denominator per site and group, with the network's sums."""
    chance = random.Random(seed)  # noqa: S311 - tests want the same draw every time
    counts: Counts = {}
    for number in range(1, sites + 1):
        site_id = f"04999{number:02d}" if sites < 100 else f"04999{number:03d}"
        size = chance.randint(smallest, largest)
        met = {student: chance.random() < 0.45 for student in range(size)}
        counts[site_id, "ALL"] = (sum(met.values()), size)
        partitions = [(RACE, _RACE_WEIGHTS)]
        for pair in PAIRS:
            share = chance.uniform(0.05, 0.6)
            partitions.append((pair, (share, 1 - share)))
        for groups, weights in partitions:
            member = chance.choices(groups, weights, k=size)
            for group in groups:
                inside = [student for student in met if member[student] == group]
                counts[site_id, group] = (sum(met[s] for s in inside), len(inside))
    for group in GROUPS:
        rows = [value for (_, name), value in counts.items() if name == group]
        counts["ALL", group] = (sum(n for n, _ in rows), sum(d for _, d in rows))
    return counts


def cells_frame(
    counts: Counts,
    hidden: dict[tuple[str, str], str],
    *,
    family: str = FAMILY,
    table: str = "pub5",
    k: int = 10,
    exact: bool = False,
) -> pl.DataFrame:
    """Return the frame of cells, hidden ones without bands.

    `exact` publishes counts in place of bands, as no release of ours may.
    """
    rows = []
    for (site_id, group), (numerator, denominator) in counts.items():
        reason = hidden.get((site_id, group))
        if denominator == 0:
            reason = "no_data"
        shown = reason is None
        rows.append(
            {
                "table": table,
                "family": family,
                "site_id": site_id,
                "student_group": group,
                "numerator": numerator,
                "denominator": denominator,
                "n_band": (str(denominator) if exact else n_band(denominator, k))
                if shown
                else None,
                "percent_band": percent_band(numerator, denominator)
                if shown and not exact
                else None,
                "reason": reason,
            }
        )
    return pl.DataFrame(rows, schema=CELL_COLUMNS)


def n_band(n: int, k: int = 10) -> str:
    for low, high in ((k, 19), (20, 39), (40, 99), (100, 299)):
        if low <= n <= high:
            return f"{low}-{high}"
    return "300+"


def percent_band(numerator: int, denominator: int) -> str:
    percent = (200 * numerator + denominator) // (2 * denominator)
    if denominator >= 100:
        tail = 1 if denominator >= 300 else 2
        if percent <= tail:
            return f"<={tail}"
        return f">={100 - tail}" if percent >= 100 - tail else str(percent)
    width = next(width for top, width in _WIDTHS if denominator <= top)
    if percent <= width:
        return f"<={width}"
    if percent >= 100 - width:
        return f">={100 - width}"
    low = max(percent // width * width, width + 1)
    return f"{low}-{percent // width * width + width - 1}"


def small_cells(counts: Counts, *, k: int = 10) -> dict[tuple[str, str], str]:
    """Return the primary cells alone: protection that is switched off."""
    return {key: "primary" for key, (_, n) in counts.items() if 0 < n < k}


def hidden_cells(counts: Counts, *, k: int = 10) -> dict[tuple[str, str], str]:
    """Return what is hidden, and why: primary, then complementary to a fixed point."""
    hidden = small_cells(counts, k=k)
    lines = _lines(counts)
    while True:
        before = len(hidden)
        for line in lines:
            _complete(line, counts, hidden, k)
        if len(hidden) == before:
            return hidden


def _lines(counts: Counts):
    sites = sorted({site_id for site_id, _ in counts})
    lines = [
        [(site_id, group) for group in (*partition, "ALL")]
        for site_id in sites
        for partition in (RACE, *PAIRS)
    ]
    lines += [
        [(site_id, group) for site_id in (*(s for s in sites if s != "ALL"), "ALL")]
        for group in GROUPS
    ]
    for line in lines:
        if line[-1] in counts:
            yield [key for key in line if key in counts]


def _complete(line, counts: Counts, hidden, k: int) -> None:
    *members, total = line
    members = [key for key in members if counts[key][1] > 0]
    while inside := [key for key in members if key in hidden]:
        if len(inside) > 1 and sum(counts[key][1] for key in inside) >= k:
            return
        candidates = [key for key in members if key not in hidden] or [total]
        nearest = min(candidates, key=lambda key: (counts[key][1], key))
        if nearest in hidden:
            return
        hidden[nearest] = "complementary"


def corrected_counts(counts: Counts, *, records: int, seed: int) -> Counts:
    """Return the counts after some students' race was put right at some sites."""
    chance = random.Random(seed)  # noqa: S311 - see above
    after = dict(counts)
    sites = sorted({site_id for site_id, _ in counts} - {"ALL"})
    for _ in range(records):
        site_id = chance.choice(sites)
        origin = chance.choice([g for g in RACE if after[site_id, g][1] > 0])
        target = chance.choice([group for group in RACE if group != origin])
        met = after[site_id, origin][0] > 0
        for place in (site_id, "ALL"):
            for group, step in ((origin, -1), (target, 1)):
                numerator, denominator = after[place, group]
                after[place, group] = (numerator + step * met, denominator + step)
    return after


def without_sites(counts: Counts, gone: set[str]) -> Counts:
    """Return the counts as they were before some sites joined."""
    kept = {key: value for key, value in counts.items() if key[0] not in {"ALL", *gone}}
    for group in GROUPS:
        rows = [value for (_, name), value in kept.items() if name == group]
        kept["ALL", group] = (sum(n for n, _ in rows), sum(d for _, d in rows))
    return kept
