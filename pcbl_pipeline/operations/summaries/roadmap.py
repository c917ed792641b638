"""PUB9, the state roadmap: actions (S10) to its tables, with the sites' reports (S6)."""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.profiles import names_withheld
from pcbl_pipeline.summaries.roadmap import SCREENED_FIELDS, roadmap_comparison
from pcbl_pipeline.summaries.roadmap_evidence import roadmap_evidence


def roadmap_tables(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB9, which are the same in every edition."""
    actions = rows.once("state_action told", lambda: _told(rows, scope.narratives))
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


def _told(rows: LakeRows, narratives: Narratives) -> pl.DataFrame:
    """Return the actions with the texts that may be shown; the held ones are blank.

    What a state decided is a public record and stays; a sentence that may name a person
    waits for the state's agency.
    """
    actions = narratives.rewrite_rows(rows.frame("state_action"), SCREENED_FIELDS)
    unnamed = names_withheld(rows.frame("site_profile"))
    held: dict[str, list[bool]] = {name: [] for name in SCREENED_FIELDS}
    for row in actions.iter_rows(named=True):
        waiting = narratives.held(
            {name: row[name] for name in SCREENED_FIELDS if row[name]},
            state_fips=row["state_fips"],
            unnamed=unnamed,
            sender_id=row.get("sender_id", ""),
        )
        fields = {item.field for item in waiting}
        for name, is_held in held.items():
            is_held.append(name in fields)
    return actions.with_columns(
        pl.when(~pl.Series(is_held, dtype=pl.Boolean)).then(pl.col(name)).alias(name)
        for name, is_held in held.items()
    )
