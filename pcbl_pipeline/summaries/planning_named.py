"""The plan as its readers see it: who is named, and what the public learns of it.

A site is named where it agreed to be. Agencies see the state of every site, so that
each finds its own; for the network the state of a site without a name stays away.
"""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.planning import Plan
from pcbl_pipeline.summaries.planning_first import REASONS, reasons_told
from pcbl_pipeline.summaries.profiles import has_consented, newest_profiles

#: Sites that must stand behind every number that the public sees.
LEAST_SITES = 3
#: Sessions that a saving needs for the public, which sees costs in totals alone.
LEAST_SESSIONS = 2


def named_first(plan: Plan, sites: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Return who needs help first, with names where there may be one.

    Shape: one row per request, by rank: rank, site_name, state_fips, topic,
    element_code, urgency, requested_on, days_waiting, needed_by, the reasons, stage,
    stage_before (both blank where they could give another site away), open_barriers,
    reasons, session. Neither id nor text of a request.
    """
    return (
        plan.first.join(_labels(sites, edition), on="site_id", how="left")
        .sort("rank")
        .select(
            *("rank", "site_name", "state_fips", "topic", "element_code"),
            *("urgency", "requested_on", "days_waiting", "needed_by", *REASONS),
            *(
                pl.when("tells_stage").then(name).alias(name)
                for name in ("stage", "stage_before")
            ),
            *("open_barriers", "reasons", "session"),
        )
    )


def named_sessions(plan: Plan, sites: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Return the proposed sessions, with the mentor's name where there may be one."""
    labels = _labels(sites, edition).select(
        pl.col("site_id").alias("mentor_id"),
        pl.col("site_name").alias("mentor_name"),
        pl.col("state_fips").alias("mentor_state_fips"),
    )
    has_mentor = pl.col("mentor_id").is_not_null().alias("has_mentor")
    return (
        plan.sessions.join(labels, on="mentor_id", how="left")
        .with_columns(has_mentor)
        .drop("mentor_id")
        .sort("session")
    )


def with_session(requests: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Add to a site's own requests the proposed session that each could join.

    Shape: `requests` has site_id and ta_request_id. Added are session, its number in
    the network's edition, and other_sites, how many would meet there besides; both
    blank where nobody else asks for the same.
    """
    own = ("site_id", "ta_request_id")
    others = plan.sessions.select("session", (pl.col("sites") - 1).alias("other_sites"))
    joining = plan.first.select(*own, "session").join(others, on="session")
    return requests.join(joining, on=own, how="left", maintain_order="left")


def reasons_shown(plan: Plan, edition: Edition) -> pl.DataFrame:
    """Return how many requests each reason is true for; few sites stay away."""
    told = reasons_told(plan.first)
    return told if edition != "public" else told.filter(pl.col("sites") >= LEAST_SITES)


def plan_totals(plan: Plan, edition: Edition, *, as_of: date) -> pl.DataFrame:
    """Return the plan in numbers.

    The public sees them where at least three sites stand behind them, and a saving
    only of two sessions or more: the cost of help on one topic is no total.

    Shape: one row: as_of, requests, sites, sessions, session_sites, valued (sessions
    of which a saving is known), saving_usd.
    """
    joining = plan.first.filter(pl.col("session").is_not_null())
    saving = plan.sessions["saving_usd"].drop_nulls()
    is_public = edition == "public"
    sites, joined = plan.first["site_id"].n_unique(), joining["site_id"].n_unique()
    shows_sessions = not is_public or joined == 0 or joined >= LEAST_SITES
    shows_saving = shows_sessions and len(saving) >= (
        LEAST_SESSIONS if is_public else 1
    )
    row = {
        "as_of": as_of,
        "requests": plan.first.height,
        "sites": sites,
        "sessions": plan.sessions.height if shows_sessions else None,
        "session_sites": joined if shows_sessions else None,
        "valued": len(saving) if shows_sessions else None,
        "saving_usd": int(saving.sum()) if shows_saving else None,
    }
    schema = {"as_of": pl.Date, **dict.fromkeys(list(row)[1:], pl.Int64)}
    shown = not is_public or sites == 0 or sites >= LEAST_SITES
    return pl.DataFrame([row] if shown else [], schema=schema)


def _labels(sites: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    profiles = newest_profiles(sites)
    may_name = has_consented()
    sees_state = pl.lit(value=True) if edition == "agency" else may_name
    return profiles.select(
        "site_id",
        pl.when(may_name).then("site_name").alias("site_name"),
        pl.when(sees_state).then("state_fips").alias("state_fips"),
    )
