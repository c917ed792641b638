"""Under which topic a request or an event is shown in an edition.

The network edition shows every topic. In the public one a topic stands alone only
if enough sites asked for it; the others are merged.
"""

import polars as pl

from pcbl_pipeline.model.network import Edition

ALL = "ALL"
OTHER = "other_topics"
#: Sites that must have asked before a topic is shown on its own to the public.
ASKING_SITES = 3


def shown_topics(
    requests: pl.DataFrame, events: pl.DataFrame, edition: Edition
) -> dict[str, str | None]:
    """Return topic → the topic under which its rows are shown; None: not at all.

    Everybody sees the totals too, so what is left after taking the shown topics off
    them must be as safe as they are: the merged rows get the next smallest topics
    (by asking sites, then by code) until enough sites stand behind them. If all
    topics together have too few, only the totals are shown. Merged rows without any
    request have nobody to protect; they come from help that was offered unasked.

    Shape: `requests` has `topic` and `asking_site`, blank where the site does not
    count; `events` has `topic`.
    """
    topics = sorted(set(requests["topic"]) | set(events["topic"]))
    if edition != "public":
        return {topic: topic for topic in topics}
    askers = {topic: _askers(requests, topic) for topic in topics}
    by_size = sorted(topics, key=lambda topic: (len(askers[topic]), topic))
    merged = [topic for topic in by_size if len(askers[topic]) < ASKING_SITES]
    alone = by_size[len(merged) :]
    while alone and _is_exposed(requests, merged):
        merged.append(alone.pop(0))
    other = None if _is_exposed(requests, merged) else OTHER
    return dict.fromkeys(merged, other) | {topic: topic for topic in alone}


def _is_exposed(requests: pl.DataFrame, merged: list[str]) -> bool:
    rows = requests.filter(pl.col("topic").is_in(merged))
    sites = rows["asking_site"].drop_nulls().n_unique()
    return rows.height > 0 and sites < ASKING_SITES


def _askers(requests: pl.DataFrame, topic: str) -> set[str]:
    return set(requests.filter(pl.col("topic") == topic)["asking_site"].drop_nulls())
