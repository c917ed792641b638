"""Narratives of a network: its screen, its registry and its sites' decisions, together.

What does not belong here: what a scan looks for (`disclosure`), and the queue in which
sites decide (`release_queue`).
"""

from collections.abc import Iterator

import polars as pl

from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.disclosure.scan.registry import admissible
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.summaries.profiles import has_consented, newest_profiles
from pcbl_pipeline.workspace import Workspace

#: Public names in the lake that texts may use: of providers, issuers and measures.
_REGISTERED = (
    ("ta_event", "provider_name"),
    ("educator_learning", "issuer"),
    ("outcome_metric", "measure_name"),
)


def narratives_of(
    workspace: Workspace, rows: LakeRows, *, sender_id: str = ""
) -> Narratives:
    """Return what decides about texts now; the decisions of one sender or of all."""
    states = workspace.network.states
    return Narratives(
        minimum_group_sizes={s.fips: s.minimum_group_size for s in states},
        registry=admissible(_names(workspace, rows)),
        decisions=workspace.sentence_decisions.standing(sender_id),
    )


def _names(workspace: Workspace, rows: LakeRows) -> Iterator[str]:
    network = workspace.network
    yield network.name
    yield from (state.agency_name for state in network.states)
    consenting = newest_profiles(rows.frame("site_profile")).filter(has_consented())
    yield from consenting["site_name"].drop_nulls()
    for dataset, column in _REGISTERED:
        if dataset in workspace.catalogue.contracts:
            names = rows.scan(dataset).select(pl.col(column).drop_nulls().unique())
            yield from names.collect()[column].sort()
