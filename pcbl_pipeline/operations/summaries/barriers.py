"""PUB4, the barrier and policy brief: barriers (S6) and actions (S10) to its tables."""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.barriers import barrier_brief
from pcbl_pipeline.summaries.waivers import SCREENED_FIELDS


def barrier_tables(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB4; held citations are left out until their site decides."""
    brief = barrier_brief(
        scope.narratives.rewrite_rows(
            rows.frame("barrier_and_waiver"), SCREENED_FIELDS
        ),
        rows.frame("state_action"),
        rows.frame("site_profile"),
        edition=scope.edition,
        screen=scope.narratives.screen,
        as_of=scope.as_of,
    )
    return {
        "pub4_barriers": brief.kinds,
        "pub4_requests": brief.requests,
        "pub4_waivers": brief.waivers,
    }
