"""PUB9, the state roadmap: which decisions states took, who led, what followed.

Everything here is a public record. A text with a held sentence comes blank. What sites report that bears
on a decision is in `roadmap_evidence`, with the protection that it needs.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.summaries.measures import from_units, in_units, ratio

#: The branch that a lead actor belongs to; all others are `other`.
BRANCHES = {
    "legislature": "legislative",
    **dict.fromkeys(
        (
            *("governor", "state_board", "chief_state_school_officer", "sea_staff"),
            "educator_standards_board",
        ),
        "executive",
    ),
}
IN_EFFECT = "in_effect"
#: The published texts of an action.
SCREENED_FIELDS = ("title", "description", "equity_statement", "citation_url")


@dataclass(frozen=True)
class RoadmapComparison:
    """The roadmap as it is known on a day; the same for every reader.

    Shape: `decisions` has one row per state and decision point; `actions` one row per
    action, by state and day; `supports` one row per support category with an action
    in effect; `leads` one row per decision point; `logic` one row per part of the
    logic model.
    """

    decisions: pl.DataFrame
    actions: pl.DataFrame
    supports: pl.DataFrame
    leads: pl.DataFrame
    logic: pl.DataFrame


def roadmap_comparison(actions: pl.DataFrame, *, as_of: date) -> RoadmapComparison:
    """Compare the states by what is known on a day.

    Shape: S10 rows. An action that is decided later is not known yet; one without a
    day is, because a state that only considers has none.
    """
    known = known_actions(actions, as_of)
    decisions = _decisions(known)
    return RoadmapComparison(
        decisions=decisions,
        actions=known.sort(
            "state_fips", "decided_on", "action_id", nulls_last=True
        ).drop("barrier_ids"),
        supports=_supports(known),
        leads=_leads(decisions),
        logic=_logic(known),
    )


def known_actions(actions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the actions that were decided by a day, and those without a decision."""
    return actions.filter((pl.col("decided_on") <= as_of).fill_null(value=True))


def _decisions(known: pl.DataFrame) -> pl.DataFrame:
    """Return the latest action of each state on each decision point.

    Latest is the one decided last; one without a day is older than any with one. Of
    several, the first by its id. `order` is the rank of the day within the state.
    """
    place = ("state_fips", "decision_point")
    return (
        known.sort(
            *place,
            "decided_on",
            "action_id",
            descending=[False, False, True, False],
            nulls_last=True,
        )
        .unique(place, keep="first", maintain_order=True)
        .join(known.group_by(place).agg(pl.len().alias("actions")), on=place)
        .with_columns(
            pl.col("decided_on").rank("min").over("state_fips").alias("order"),
            pl.col("lead_actor")
            .replace_strict(BRANCHES, default="other", return_dtype=pl.String)
            .alias("branch"),
        )
        .sort(place)
    )


def _supports(known: pl.DataFrame) -> pl.DataFrame:
    amount = in_units("amount_usd")
    has_amount = amount.is_not_null()
    return (
        known.filter(pl.col("status") == IN_EFFECT)
        .group_by("support_category")
        .agg(
            pl.col("state_fips").n_unique().cast(pl.Int64).alias("states"),
            pl.len().cast(pl.Int64).alias("actions"),
            # No known amount is not an amount of nothing.
            pl.when(has_amount.any())
            .then(from_units(amount.sum()))
            .alias("amount_usd"),
            ratio(has_amount.sum(), pl.len()).alias("amount_coverage"),
        )
        .sort("states", "support_category", descending=[True, False])
    )


def _leads(decisions: pl.DataFrame) -> pl.DataFrame:
    branch = pl.col("branch")
    return (
        decisions.group_by("decision_point")
        .agg(
            pl.len().cast(pl.Int64).alias("states"),
            *(
                (branch == name).sum().cast(pl.Int64).alias(name)
                for name in ("legislative", "executive", "other")
            ),
        )
        .sort("decision_point")
    )


def _logic(known: pl.DataFrame) -> pl.DataFrame:
    is_in_effect = pl.col("status") == IN_EFFECT
    return (
        known.group_by("logic_component")
        .agg(
            pl.col("state_fips").n_unique().cast(pl.Int64).alias("states"),
            pl.len().cast(pl.Int64).alias("actions"),
            is_in_effect.sum().cast(pl.Int64).alias("in_effect"),
        )
        .sort("logic_component")
    )
