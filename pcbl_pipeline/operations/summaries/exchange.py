"""PUB8, peer exchange: requests (S7), ratings (S2) and lessons (S5) to its tables."""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.exchange import peer_exchange


def exchange_tables(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB8; the public edition has none."""
    if scope.edition == "public":
        return {}
    exchange = peer_exchange(
        rows.frame("ta_request"),
        rows.frame("implementation_status"),
        rows.frame("site_profile"),
        rows.frame("lesson_learned"),
        calendar=scope.network.calendar,
        as_of=scope.as_of,
    )
    return {"pub8_requests": exchange.requests, "pub8_matches": exchange.matches}
