"""How requests for help were answered: requests (S7) linked to events (S8).

Dates and links only; measures per topic are computed in `assistance`.
"""

from datetime import date

import polars as pl

#: A request id is unique within its sender only.
REQUEST_KEY = ("sender_id", "ta_request_id")
SELF_SERVICE = "library_resource"


def answered_requests(
    requests: pl.DataFrame, events: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Add to each request what the events linked to it say, as known on a day.

    Events after `as_of` are not known yet. An event counts as an answer from the day
    of the request on; help given earlier is linked, but did not answer it.

    Shape: one row per request, with `first_event` (a date, blank: no answer yet),
    `days` from the request to it, and `is_self_served` (every linked event was a
    library resource, and there was one).
    Units: `days` are calendar days; the day of the request is day 0.
    """
    links = _links(requests, events.filter(pl.col("event_date") <= as_of))
    answers = links.group_by(REQUEST_KEY).agg(
        pl.col("event_date")
        .filter(pl.col("event_date") >= pl.col("requested_on"))
        .min()
        .alias("first_event"),
        (pl.col("mode") == SELF_SERVICE).all().alias("is_self_served"),
    )
    days = (pl.col("first_event") - pl.col("requested_on")).dt.total_days()
    return requests.join(answers, on=REQUEST_KEY, how="left").with_columns(
        days.alias("days"), pl.col("is_self_served").fill_null(value=False)
    )


def _links(requests: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    # An event names request ids only. Where several sites use the same id, the event
    # answers those that it served; if it served none of them, nobody can tell whose
    # request was meant, and none is counted as answered on a guess.
    named = events.select(
        pl.int_range(pl.len()).alias("event"),
        "event_date",
        "mode",
        "sites_served",
        pl.col("ta_request_ids").list.unique().alias("ta_request_id"),
    ).explode("ta_request_id")
    candidates = requests.select(*REQUEST_KEY, "site_id", "requested_on")
    is_served = pl.col("sites_served").list.contains(pl.col("site_id"))
    is_only_one = pl.len().over("event", "ta_request_id") == 1
    return named.join(candidates, on="ta_request_id").filter(is_only_one | is_served)
