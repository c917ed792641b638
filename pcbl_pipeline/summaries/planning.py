"""Shared sessions: open requests that share a need, with a mentor and what it saves.

A need is a topic on an element. Requests of at least two sites that peers may join make
one session. Who comes first is in `planning_first`, what past events say of hours and
cost in `planning_costs`, and whether help was followed by a change in `planning_moves`
and `planning_findings`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.exchange import REQUESTS
from pcbl_pipeline.summaries.exchange_candidates import candidate_hosts
from pcbl_pipeline.summaries.planning_costs import with_saving
from pcbl_pipeline.summaries.planning_first import first_to_help
from pcbl_pipeline.summaries.planning_stages import (
    OF_ELEMENT,
    dated_stages,
    exposing_elements,
)
from pcbl_pipeline.summaries.profiles import newest_profiles

#: Sites that make a session worth sharing.
SITES = 2
#: Ways of giving help that several sites can share, by code.
SHARED_MODES = (
    *("convening", "peer_coaching", "site_visit", "virtual_session", "workshop"),
)
_VIRTUAL = "virtual_session"
_NEED = ("topic", "element_code")


@dataclass(frozen=True)
class Plan:
    """What to do about the open requests, sites by their ids.

    Shape: `first` has one row per open request without an answer, by rank, with
    `session` where it would join one, and `tells_stage`: whether its stages may stand
    beside a name. `sessions` has one row per proposed session, by
    number, with `mentor_id` and what it saves.
    """

    first: pl.DataFrame
    sessions: pl.DataFrame


def assistance_plan(  # noqa: PLR0913 - six datasets and when
    requests: pl.DataFrame,
    events: pl.DataFrame,
    ratings: pl.DataFrame,
    barriers: pl.DataFrame,
    sites: pl.DataFrame,
    lessons: pl.DataFrame,
    *,
    calendar: Calendar,
    as_of: date,
) -> Plan:
    """Propose shared sessions, and say who needs help first.

    A session with the most sites comes first, then the one with the most urgent
    requests, then by topic and element. Sites of several states meet online, because
    no field says who may travel; sites of one state in the way that most of them would
    prefer, of those that can be shared.

    Shape: S7, S8, S2, S6, S1 and S5 rows of any years; a site is as its newest
    profile says.
    """
    profiles = newest_profiles(sites)
    first = first_to_help(
        requests, events, ratings, barriers, profiles, calendar=calendar, as_of=as_of
    )
    shared = _shared(first)
    sessions = _sessions(shared.join(_places(profiles), on="site_id"), as_of)
    candidates = candidate_hosts(
        shared.with_columns(pl.col("rank").alias("request")).select(
            "request", "site_id", "element_code"
        ),
        ratings,
        profiles,
        lessons,
        calendar=calendar,
        as_of=as_of,
    )
    mentors = _mentors(sessions, shared, candidates)
    stages = dated_stages(ratings, calendar, as_of)
    exposing = exposing_elements(stages, profiles)
    return Plan(
        first=first.join(shared.select("rank", "session"), on="rank", how="left")
        .with_columns(tells_stage=~pl.col("element_code").is_in(exposing))
        .sort("rank"),
        sessions=with_saving(sessions, events, as_of=as_of)
        .join(mentors, on="session", how="left")
        .join(
            _started(stages),
            left_on=("mentor_id", "element_code"),
            right_on=OF_ELEMENT,
            how="left",
        )
        .sort("session"),
    )


def _shared(first: pl.DataFrame) -> pl.DataFrame:
    """Return the requests that share a need with another site's, with their session."""
    joins = first.filter((pl.col("open_to_peers") == "Y").fill_null(value=False))
    needs = (
        joins.group_by(_NEED)
        .agg(
            pl.col("site_id").n_unique().alias("sites"),
            pl.col("urgency").sum().alias("urgency_sum"),
        )
        .filter(pl.col("sites") >= SITES)
        .sort("sites", "urgency_sum", *_NEED, descending=[True, True, False, False])
        .select(*_NEED, pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("session"))
    )
    return joins.join(needs, on=_NEED)


def _places(profiles: pl.DataFrame) -> pl.DataFrame:
    return profiles.select("site_id", "state_fips")


def _sessions(members: pl.DataFrame, as_of: date) -> pl.DataFrame:
    mode = pl.col("preferred_mode")
    asked = mode.filter(mode.is_in(SHARED_MODES))
    # Counted by code in its order, so that a tie goes to the first code.
    wanted = asked.sort().mode(maintain_order=True).first()
    across = pl.col("state_fips").n_unique() > 1
    days = pl.col("needed_by")
    return (
        members.group_by("session", *_NEED)
        .agg(
            pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("state_fips").n_unique().cast(pl.Int64).alias("states"),
            days.filter(days >= as_of).min().alias("needed_by"),
            pl.when(across)
            .then(pl.lit("states"))
            .when(asked.len() > 0)
            .then(pl.lit("asked"))
            .otherwise(pl.lit("usual"))
            .alias("mode_basis"),
            wanted.alias("wanted"),
        )
        .with_columns(
            pl.when(pl.col("mode_basis") == "asked")
            .then("wanted")
            .otherwise(pl.lit(_VIRTUAL))
            .alias("mode")
        )
        .drop("wanted")
        .sort("session")
    )


def _mentors(
    sessions: pl.DataFrame, shared: pl.DataFrame, candidates: pl.DataFrame
) -> pl.DataFrame:
    """Return each session's mentor: the host that could help most of its sites.

    Of equal ones it is the one with the higher scores, then with fewer sessions in this
    run, then with the smaller id. A site that asks for the same is no mentor of it.
    """
    of_session = shared.select(pl.col("rank").alias("request"), "session", "site_id")
    asking = of_session.select("session", pl.col("site_id").alias("host_id")).unique()
    ranked = (
        candidates.join(of_session, on="request")
        .join(asking, on=("session", "host_id"), how="anti")
        .unique(("session", "host_id", "site_id"))
        .group_by("session", "host_id")
        .agg(
            pl.len().cast(pl.Int64).alias("mentor_fits"),
            pl.col("score").sum(),
            pl.col("host_stage").first().alias("mentor_stage"),
        )
    )
    load: Counter[str] = Counter()
    chosen = []
    for session in sessions["session"]:
        found = ranked.filter(pl.col("session") == session).rows(named=True)
        free = [row for row in found if load[row["host_id"]] < REQUESTS]
        if free:
            best = min(
                free,
                key=lambda row: (
                    *(-row["mentor_fits"], -row["score"]),
                    *(load[row["host_id"]], row["host_id"]),
                ),
            )
            load[best["host_id"]] += 1
            chosen.append(best)
    return pl.DataFrame(chosen, schema=ranked.schema).select(
        "session",
        pl.col("host_id").alias("mentor_id"),
        "mentor_fits",
        "mentor_stage",
    )


def _started(stages: pl.DataFrame) -> pl.DataFrame:
    """Return at which stage each site first rated an element, and in which year."""
    return stages.unique(OF_ELEMENT, keep="first", maintain_order=True).select(
        *OF_ELEMENT,
        pl.col("stage").alias("mentor_stage_first"),
        pl.col("school_year").alias("mentor_year_first"),
    )
