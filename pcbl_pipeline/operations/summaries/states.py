"""The connection of the network by state. All of it is public in every edition."""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.model.identifiers import school_year_of
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.states import network_states


def states(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the table of the map on the start page."""
    network = scope.network
    year = school_year_of(scope.as_of, starts=network.calendar.starts)
    return {
        "network_states": network_states(
            rows.frame("site_profile"),
            rows.frame("state_action"),
            states=[state.fips for state in network.states],
            school_year=year,
            as_of=scope.as_of,
        )
    }
