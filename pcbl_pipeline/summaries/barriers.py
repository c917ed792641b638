"""PUB4, the barrier and policy brief: what holds sites back, and what states did.

Barriers (S6) by kind, and what was asked of the state. The register of waivers is in
`waivers`; pages are made elsewhere.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.model.narrative import Screen
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.measures import nearest_rank, ratio
from pcbl_pipeline.summaries.profiles import has_profile
from pcbl_pipeline.summaries.small_groups import merged_groups
from pcbl_pipeline.summaries.waivers import GRANTED, waiver_register

ALL = "ALL"
#: A kind of its own in the code list; kinds of too few sites are counted with it.
OTHER = "other"
#: Sites that must have reported a kind of barrier before it stands alone.
REPORTING_SITES = 2
NO_REQUEST = "none"
#: States of a barrier from which it does not come back.
FINAL = (*GRANTED, "denied", "resolved_locally", "withdrawn")
DECIDED = (*GRANTED, "denied")


@dataclass(frozen=True)
class BarrierBrief:
    """The brief of one edition, all barriers known on a day.

    Shape: `kinds` has one row per kind of barrier: `ALL` first, then by weight;
    `requests` one row per kind and type of request; `waivers` one row per waiver that
    was granted. Shares are 0 to 1, rounded half up to four places.
    """

    kinds: pl.DataFrame
    requests: pl.DataFrame
    waivers: pl.DataFrame


def barrier_brief(
    barriers: pl.DataFrame,
    actions: pl.DataFrame,
    sites: pl.DataFrame,
    *,
    edition: Edition,
    screen: Screen,
    as_of: date,
) -> BarrierBrief:
    """Compute the brief as it is known on a day.

    Every report counts. Among the sites, and with its severity, a site counts with an
    accepted profile (S1) of any year: a barrier may be older than the first profile,
    and a waiver is a public act. Only the agency sees kinds that a single site
    reported.

    Shape: S6 rows with all revisions, S10 and S1 rows of any years.
    """
    known = latest_barriers(barriers, sites, as_of)
    known = known.with_columns(_is_answered(actions, as_of).alias("answered"))
    least = 1 if edition == "agency" else REPORTING_SITES
    shown = _shown(known, least)
    return BarrierBrief(
        kinds=_kinds(shown),
        requests=_requests(shown),
        waivers=waiver_register(
            known, sites, edition=edition, screen=screen, as_of=as_of
        ),
    )


def latest_barriers(
    barriers: pl.DataFrame, sites: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Return each barrier as it stands on a day: its highest revision by then.

    Shape: adds `state_fips`, with which every site id begins, and `counted_site`:
    the site id, blank where the site has no accepted profile of any year.
    """
    return (
        barriers.filter(pl.col("opened_on") <= as_of, pl.col("status_date") <= as_of)
        .sort("barrier_id", "revision", "received_at", "submission_id")
        .unique("barrier_id", keep="last", maintain_order=True)
        .with_columns(
            pl.col("site_id").str.head(2).alias("state_fips"),
            pl.when(has_profile(sites)).then("site_id").alias("counted_site"),
        )
    )


def _is_answered(actions: pl.DataFrame, as_of: date) -> pl.Expr:
    is_known = (pl.col("decided_on") <= as_of).fill_null(value=True)
    linked = actions.filter(is_known)["barrier_ids"].explode().drop_nulls()
    return pl.col("barrier_id").is_in(linked.implode())


def _shown(known: pl.DataFrame, least: int) -> pl.DataFrame:
    """Return the rows under the kinds that are shown, and once more under `ALL`."""
    total = known.with_columns(pl.lit(ALL).alias("barrier_type"))
    if least == 1:
        return pl.concat([total, known])
    if known["counted_site"].drop_nulls().n_unique() < least:
        return known.clear()
    members = {
        kind: rows["counted_site"].drop_nulls().to_list()
        for (kind,), rows in known.partition_by("barrier_type", as_dict=True).items()
    }
    kinds = merged_groups(members, least=least, into=OTHER)
    kind = pl.col("barrier_type").replace_strict(kinds, return_dtype=pl.String)
    return pl.concat([total, known.with_columns(kind).drop_nulls("barrier_type")])


def _kinds(shown: pl.DataFrame) -> pl.DataFrame:
    status, severity = pl.col("status"), pl.col("severity")
    counted_site = pl.col("counted_site").drop_nulls()
    weights = (
        shown.group_by("barrier_type", "counted_site")
        .agg(severity.max())
        .group_by("barrier_type")
        .agg(
            severity.filter(pl.col("counted_site").is_not_null())
            .sum()
            .cast(pl.Int64)
            .alias("weighted")
        )
    )
    days = (pl.col("status_date") - pl.col("opened_on")).dt.total_days()
    return (
        shown.group_by("barrier_type")
        .agg(
            counted_site.n_unique().cast(pl.Int64).alias("sites"),
            pl.len().cast(pl.Int64).alias("reports"),
            severity.max().alias("max_severity"),
            (pl.col("request_type") != NO_REQUEST).sum().alias("requests"),
            status.is_in(GRANTED).sum().alias("granted"),
            status.is_in(DECIDED).sum().alias("decided"),
            nearest_rank(days.filter(status.is_in(FINAL)), 50).alias(
                "median_days_to_decision"
            ),
            pl.col("answered").sum().alias("answered_by_action"),
        )
        .join(weights, on="barrier_type")
        .with_columns(
            ratio(pl.col("granted"), pl.col("decided")).alias("granted_share")
        )
        .sort(
            pl.col("barrier_type") != ALL,
            "weighted",
            "sites",
            "barrier_type",
            descending=[False, True, True, False],
        )
    )


def _requests(shown: pl.DataFrame) -> pl.DataFrame:
    return (
        shown.filter(pl.col("request_type") != NO_REQUEST)
        .group_by("barrier_type", "request_type")
        .agg(pl.len().cast(pl.Int64).alias("reports"))
        .sort(pl.col("barrier_type") != ALL, "barrier_type", "request_type")
    )
