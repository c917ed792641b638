"""An attacker who shares no code with the audit: scipy, own rows, own reading of bands.

Sees what a reader sees: no counts. All unknowns are the counts of sites; the network
is written as their sum. Assumes what the audit grants: groups add up to everybody.
"""

import re

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.support.outcome_cells import PAIRS, RACE

PARTITIONS = (RACE, *PAIRS)
MOST = 5_000


class Attacker:
    """Whole-number tables that fit one or more published frames."""

    def __init__(self) -> None:
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.places: dict[tuple, int] = {}

    def read(self, frame: pl.DataFrame, *, release: str = "") -> None:
        """Take in a published frame; counts, if it has any, are not looked at."""
        rows = frame.drop("numerator", "denominator", strict=False).rows(named=True)
        sites = sorted({row["site_id"] for row in rows} - {"ALL"})
        groups = {row["student_group"] for row in rows}
        for row in rows:
            self._read_cell(row, sites, release)
        for site_id in sites:
            for group in groups:
                inside = self._count(release, [site_id], group, "inside")
                everyone = self._count(release, [site_id], group, "everyone")
                self._say(_minus(everyone, inside), 0, np.inf)
            for partition in PARTITIONS:
                for what in ("inside", "everyone"):
                    whole = self._count(release, [site_id], "ALL", what)
                    for group in set(partition) & groups:
                        part = self._count(release, [site_id], group, what)
                        whole = _minus(whole, part)
                    self._say(whole, 0, 0)

    def know_corrections(self, first: str, second: str, records: int) -> None:
        """Know that so many records changed between two releases, not which.

        A record is one student, who leaves one group of a partition for another, or is
        rated anew, or comes or goes; each moves two counts of a partition at most.
        """
        for what in ("inside", "everyone"):
            for partition in (*PARTITIONS, ("ALL",)):
                moved: dict[int, float] = {}
                for key, place in list(self.places.items()):
                    release, site_id, group, kind = key
                    if (release, kind) != (first, what) or group not in partition:
                        continue
                    other = self._place((second, site_id, group, what))
                    distance = self._place(("moved", site_id, group, what))
                    moved[distance] = 1.0
                    for sign in (1, -1):
                        row = {distance: 1.0, place: -sign, other: sign}
                        self._say(row, 0, np.inf)
                self._say(moved, 0, 2 * records)

    def know_site(self, frame: pl.DataFrame, site_id: str) -> None:
        """Know all counts of one site, as the site itself does."""
        own = frame.filter(site_id=site_id).select(
            "student_group", "numerator", "denominator"
        )
        for group, numerator, denominator in own.iter_rows():
            for what, count in (("inside", numerator), ("everyone", denominator)):
                self._say(self._count("", [site_id], group, what), count, count)

    def interval(self, site_ids, group: str, *, release: str = "") -> tuple[int, int]:
        """Return the least and the greatest number of students in a hidden cell."""
        target = self._count(release, site_ids, group, "everyone")
        costs = np.zeros(len(self.places))
        costs[list(target)] = list(target.values())
        ends = [self._least(sign * costs) for sign in (1, -1)]
        return ends[0], -ends[1]

    def _least(self, costs: np.ndarray) -> int:
        matrix = np.zeros((len(self.rows), len(self.places)))
        for number, (row, _, _) in enumerate(self.rows):
            matrix[number, list(row)] = list(row.values())
        found = milp(
            costs,
            constraints=LinearConstraint(
                matrix, [low for _, low, _ in self.rows], [up for _, _, up in self.rows]
            ),
            bounds=Bounds(0, MOST),
            integrality=np.ones(len(costs)),
        )
        assert found.success, found.message
        return round(found.fun)

    def _read_cell(self, row: dict, sites: list[str], release: str) -> None:
        site_ids = sites if row["site_id"] == "ALL" else [row["site_id"]]
        group = row["student_group"]
        everyone = self._count(release, site_ids, group, "everyone")
        if row["reason"] == "no_data":
            self._say(everyone, 0, 0)
        elif row["n_band"] is None:
            self._say(everyone, 1, np.inf)
        else:
            self._say(everyone, *_ends(row["n_band"], np.inf))
        if row["percent_band"] is not None:
            low, high = _ends(row["percent_band"], 100)
            inside = self._count(release, site_ids, group, "inside")
            if low > 0:  # rounded half up: 20.5 is 21
                self._say(_weighed(inside, everyone, 100, low - 0.5), 0, np.inf)
            if high < 100:
                below = _weighed(inside, everyone, 100, high + 0.5)
                self._say(below, -np.inf, -0.5)

    def _count(self, release: str, site_ids, group: str, what: str) -> dict[int, float]:
        return {self._place((release, site, group, what)): 1.0 for site in site_ids}

    def _place(self, key: tuple) -> int:
        return self.places.setdefault(key, len(self.places))

    def _say(self, row: dict[int, float], low: float, high: float) -> None:
        self.rows.append((row, low, high))


def _ends(band: str, top: float) -> tuple[float, float]:
    low, high = re.fullmatch(r"(?:>=)?(\d+)?(?:-|\+|<=)?(\d+)?", band).groups()
    if band.startswith("<="):
        return 0, float(high)
    if band.startswith(">=") or band.endswith("+"):
        return float(low), top
    return float(low), float(high or low)


def _minus(whole: dict[int, float], part: dict[int, float]) -> dict[int, float]:
    return whole | {place: -factor for place, factor in part.items()}


def _weighed(inside, everyone, factor: float, share: float) -> dict[int, float]:
    scaled = {place: factor * own for place, own in inside.items()}
    return scaled | {place: -share * own for place, own in everyone.items()}


def narrow_cells(attacker: Attacker, frame: pl.DataFrame, *, release: str = "", k=10):
    """Return the small cells of sites whose size the attacker knows too well."""
    small = frame.filter(
        pl.col("denominator").is_between(1, k - 1), pl.col("site_id") != "ALL"
    )
    narrow = {}
    for row in small.rows(named=True):
        site_id, group = row["site_id"], row["student_group"]
        low, high = attacker.interval([site_id], group, release=release)
        assert low <= row["denominator"] <= high
        if high - low < k - 1:
            narrow[site_id, group] = (low, high)
    return narrow
