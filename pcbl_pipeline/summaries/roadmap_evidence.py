"""What sites report that bears on a decision of a state: evidence from the ground.

Two links, by codes alone: an action names a report that prompted it, or a report is
about the area of policy that the decision belongs to. No site and no text of a report
is told, and no kind of barrier that a single site reported.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from pcbl_pipeline.summaries.barriers import OTHER, REPORTING_SITES, latest_barriers
from pcbl_pipeline.summaries.roadmap import known_actions
from pcbl_pipeline.summaries.small_groups import merged_groups

#: Decision point → the area of policy that it belongs to, as the code list says.
AREAS: Mapping[str, str] = {
    **dict.fromkeys(("DP01", "DP02", "DP06", "DP13"), "PA1"),
    **dict.fromkeys(("DP03", "DP04", "DP05", "DP11"), "PA2"),
    "DP07": "PA3",
    **dict.fromkeys(("DP08", "DP12"), "PA4"),
    "DP10": "PA5",
    "DP09": "PA6",
}
_SCHEMA = {
    "decision_point": pl.String,
    "link": pl.String,
    "barrier_type": pl.String,
    "sites": pl.Int64,
    "reports": pl.Int64,
}


def roadmap_evidence(
    barriers: pl.DataFrame, actions: pl.DataFrame, sites: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Return the reports on barriers that bear on each decision point.

    Shape: one row per decision point, link (`named` by an action on it, or of the
    same `area`) and kind of barrier: sites, reports; `named` first, then by sites,
    reports and code.
    """
    known = latest_barriers(barriers, sites, as_of)
    named = (
        known_actions(actions, as_of)
        .select("decision_point", pl.col("barrier_ids").alias("barrier_id"))
        .explode("barrier_id")
        .drop_nulls()
        .unique()
        .join(known, on="barrier_id")
        .with_columns(pl.lit("named").alias("link"))
    )
    areas = pl.DataFrame(
        {"decision_point": list(AREAS), "policy_area": list(AREAS.values())}
    )
    of_area = known.join(areas, on="policy_area").with_columns(
        pl.lit("area").alias("link")
    )
    columns = ("decision_point", "link", "barrier_type", "counted_site")
    linked = pl.concat([named.select(columns), of_area.select(columns)])
    rows = [
        row
        for (point, link), group in linked.partition_by(
            "decision_point", "link", as_dict=True
        ).items()
        for row in _kinds(str(point), str(link), group)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort(
        "decision_point",
        pl.col("link") == "area",
        "sites",
        "reports",
        "barrier_type",
        descending=[False, False, True, True, False],
    )


def _kinds(point: str, link: str, group: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    members = {
        str(kind): rows["counted_site"].to_list()
        for (kind,), rows in group.partition_by("barrier_type", as_dict=True).items()
    }
    counted = {kind: set(ids) - {None} for kind, ids in members.items()}
    if len(set().union(*counted.values())) < REPORTING_SITES:
        return
    shown = merged_groups(counted, least=REPORTING_SITES, into=OTHER)
    if None in shown.values():
        # One group is left, and no total stands here that would say the same.
        shown = dict.fromkeys(
            members, next(iter(members)) if len(members) == 1 else OTHER
        )
    for name in set(shown.values()):
        ids = [
            site
            for kind, site_ids in members.items()
            if shown[kind] == name
            for site in site_ids
        ]
        yield point, link, name, len(set(ids) - {None}), len(ids)
