"""PUB4, the barrier and policy brief: barriers (S6) and actions (S10) to its tables."""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.disclosure.narratives import narrative_screen
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.barriers import barrier_brief


def barrier_tables(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB4; citations that could name a site are held back."""
    brief = barrier_brief(
        rows.frame("barrier_and_waiver"),
        rows.frame("state_action"),
        rows.frame("site_profile"),
        edition=scope.edition,
        screen=narrative_screen(
            {state.fips: state.minimum_group_size for state in scope.network.states}
        ),
        as_of=scope.as_of,
    )
    return {
        "pub4_barriers": brief.kinds,
        "pub4_requests": brief.requests,
        "pub4_waivers": brief.waivers,
    }
