"""PUB9, the state roadmap: actions (S10) to its tables, with the sites' reports (S6)."""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.roadmap import roadmap_comparison
from pcbl_pipeline.summaries.roadmap_evidence import roadmap_evidence


def roadmap_tables(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB9, which are the same in every edition."""
    actions = rows.frame("state_action")
    comparison = roadmap_comparison(actions, as_of=scope.as_of)
    evidence = roadmap_evidence(
        rows.frame("barrier_and_waiver"),
        actions,
        rows.frame("site_profile"),
        as_of=scope.as_of,
    )
    return {
        "pub9_decisions": comparison.decisions,
        "pub9_actions": comparison.actions,
        "pub9_supports": comparison.supports,
        "pub9_leads": comparison.leads,
        "pub9_logic": comparison.logic,
        "pub9_evidence": evidence,
    }
