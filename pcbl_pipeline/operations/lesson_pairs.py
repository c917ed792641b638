"""Lesson pairs: what an agency decides about two lessons that may say the same.

A pair is decided as the current release shows it. Nothing is merged: the sites are told,
and a pair that says different things is not proposed again until one of its lessons has
a new text. What does not belong here: which lessons are alike (`summaries`).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pcbl_pipeline.errors import DecisionImpossible
from pcbl_pipeline.model.lesson_pair import PairChoice
from pcbl_pipeline.model.pair_decision import PairDecision
from pcbl_pipeline.publication.keys import release_folder
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.publication.tables import PUB1_NEAR_DUPLICATES
from pcbl_pipeline.workspace import Workspace

_KEY = ("first_id", "second_id", "first_revision", "second_revision")
_COLUMNS = {
    **{name: pl.Int64() if "revision" in name else pl.String() for name in _KEY},
    "decision": pl.String(),
}


def standing_decisions(workspace: Workspace) -> pl.DataFrame:
    """Return what counts now, one row per pair that anybody decided about."""
    rows = [
        (*(getattr(item, name) for name in _KEY), item.choice.value)
        for item in workspace.pair_decisions.standing()
    ]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")


def published_pairs(workspace: Workspace) -> Iterator[Mapping[str, Any]]:
    """Yield the pairs of the current release, the most alike first."""
    current = find_current(workspace.store)
    if current is None:
        return
    folder = f"{release_folder(current.release_id)}agency/data/"
    key = f"{folder}{PUB1_NEAR_DUPLICATES.name}.json"
    if workspace.store.head(key) is not None:
        yield from json.loads(workspace.store.get(key))["rows"]


def decide_pair(
    workspace: Workspace, one: str, other: str, choice: PairChoice, *, by: str
) -> PairDecision:
    """Decide on a pair of the current release, named by its two public ids.

    Raises:
        DecisionImpossible: If the current release does not have such a pair.
    """
    wanted = {one, other}
    for row in published_pairs(workspace):
        if {row["first_id"], row["second_id"]} == wanted:
            decision = PairDecision(
                **{name: row[name] for name in _KEY},
                choice=choice,
                decided_by=by,
                decided_at=workspace.clock(),
            )
            workspace.pair_decisions.keep(decision)
            return decision
    raise DecisionImpossible(
        f"The current release has no pair of {one} and {other}. "
        "`pcbl pairs list` has them all."
    )
