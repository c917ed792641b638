"""The connections: each takes the lake's rows through one summary and its protection.

A connection returns the tables that one edition may have, by their names in
`publication/tables`. It computes nothing itself and decides nothing: a summary does
the first, disclosure the second.
"""

from pcbl_pipeline.operations.summaries.annual import annual
from pcbl_pipeline.operations.summaries.barriers import barrier_tables
from pcbl_pipeline.operations.summaries.exchange import exchange_tables
from pcbl_pipeline.operations.summaries.planning import planning_tables
from pcbl_pipeline.operations.summaries.progress import progress_tables
from pcbl_pipeline.operations.summaries.roadmap import roadmap_tables
from pcbl_pipeline.operations.summaries.scope import Summary
from pcbl_pipeline.operations.summaries.states import states

#: Every summary besides lessons, technical assistance and statistics (`gate`).
SUMMARIES: tuple[Summary, ...] = (
    annual,
    progress_tables,
    barrier_tables,
    exchange_tables,
    planning_tables,
    roadmap_tables,
    states,
)
