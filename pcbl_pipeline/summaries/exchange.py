"""PUB8, peer exchange: which site could help which, and why.

For the network only. Hosts opted in; whoever has not agreed to be named is a pilot
site without a name here as well. No text of a request is told.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.exchange_candidates import candidate_hosts
from pcbl_pipeline.summaries.profiles import has_consented, newest_profiles

#: Hosts that a request gets, and requests that a host gets, in one run.
HOSTS = 3
REQUESTS = 3


@dataclass(frozen=True)
class PeerExchange:
    """The matches of one run.

    Shape: `requests` has one row per open request in the order of matching: the most
    urgent first, then the oldest, then by id. `matches` has one row per request and
    host, the best first.
    """

    requests: pl.DataFrame
    matches: pl.DataFrame


def peer_exchange(
    requests: pl.DataFrame,
    ratings: pl.DataFrame,
    sites: pl.DataFrame,
    lessons: pl.DataFrame,
    *,
    calendar: Calendar,
    as_of: date,
) -> PeerExchange:
    """Match the open requests that peers may answer with sites that offered to host.

    Of several equally good hosts, the one with fewer requests in this run comes
    first, then the one with the smaller id.

    Shape: S7, S2, S1 and S5 rows of any years; a site is as its newest profile and
    its newest ratings say.
    """
    profiles = newest_profiles(sites)
    asked = _asked(requests, profiles, as_of)
    candidates = candidate_hosts(
        asked, ratings, profiles, lessons, calendar=calendar, as_of=as_of
    )
    matches = _assigned(asked, candidates)
    labels = _labels(profiles)
    return PeerExchange(
        requests=_requests(asked, matches, labels), matches=_matches(matches, labels)
    )


def _asked(requests: pl.DataFrame, profiles: pl.DataFrame, as_of: date) -> pl.DataFrame:
    is_for_peers = (pl.col("open_to_peers") == "Y").fill_null(value=False)
    return (
        requests.filter(
            pl.col("status") == "open", is_for_peers, pl.col("requested_on") <= as_of
        )
        .join(profiles.select("site_id"), on="site_id", how="semi")
        .sort(
            *("urgency", "requested_on", "site_id", "ta_request_id"),
            descending=[True, False, False, False],
        )
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("request"))
    )


def _assigned(asked: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Give each request its hosts, one request after the other."""
    by_request = candidates.partition_by("request", as_dict=True)
    load: Counter[str] = Counter()
    chosen = []
    for request in asked["request"]:
        found = by_request.get((request,), candidates.clear()).rows(named=True)
        free = [row for row in found if load[row["host_id"]] < REQUESTS]
        free.sort(key=lambda row: (-row["score"], load[row["host_id"]], row["host_id"]))
        for rank, row in enumerate(free[:HOSTS], start=1):
            load[row["host_id"]] += 1
            chosen.append({**row, "rank": rank})
    schema = {**candidates.schema, "rank": pl.Int64()}
    return pl.DataFrame(chosen, schema=schema)


def _labels(profiles: pl.DataFrame) -> pl.DataFrame:
    """Return names and states of the sites that may be named.

    The state of a site without a name is not told either: it may be the only one there
    that is not named elsewhere.
    """
    named = profiles.filter(has_consented())
    return named.select("site_id", "site_name", "state_fips")


def _requests(
    asked: pl.DataFrame, matches: pl.DataFrame, labels: pl.DataFrame
) -> pl.DataFrame:
    hosts = matches.group_by("request").agg(pl.len().cast(pl.Int64).alias("hosts"))
    return (
        asked.join(hosts, on="request", how="left")
        .join(labels, on="site_id", how="left")
        .sort("request")
        .select(
            *("request", "site_name", "state_fips", "topic", "element_code"),
            *("urgency", "requested_on"),
            pl.col("hosts").fill_null(0),
        )
    )


def _matches(matches: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    hosts = labels.select(
        pl.col("site_id").alias("host_id"),
        pl.col("site_name").alias("host_name"),
        pl.col("state_fips").alias("host_state_fips"),
    )
    return (
        matches.join(hosts, on="host_id", how="left")
        .sort("request", "rank")
        .select(
            *("request", "rank", "host_name", "host_state_fips", "element_code"),
            *("stage", "host_stage", "same_locale", "shared_grades", "has_lesson"),
            "score",
        )
    )
