"""Find root causes in causal order, so that what one explains misleads no later one.

The order is data: each rule says in `explains` what can follow from it. What does not
belong here: how a cause is recognised, and how it is worded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.operations.causes.evidence import CellTexts, Claim, Evidence
from pcbl_pipeline.operations.causes.forms import find_lost_zeros, find_other_forms
from pcbl_pipeline.operations.causes.mapped import (
    find_several_results,
    find_unclear_days,
    find_unmade,
    find_words_without_code,
)
from pcbl_pipeline.operations.causes.shifted import find_shifted
from pcbl_pipeline.operations.causes.swapped import find_swapped
from pcbl_pipeline.operations.examine import JudgedDataset

#: How each root cause is recognised among the findings of judged rows.
SEARCHES: dict[str, Callable[[Evidence], Iterator[Claim]]] = {
    "F160": find_shifted,
    "F161": find_other_forms,
    "F162": find_lost_zeros,
    "F163": find_swapped,
    "C228": find_words_without_code,
    "C229": find_unmade,
    "C230": find_several_results,
    "C231": find_unclear_days,
}
#: Column of the number of the cause that explains a finding; null where none does.
CAUSE = "cause"


@dataclass(frozen=True)
class Cause:
    """A root cause with its places.

    Shape: `places` has `row_number`, `field` and `value`, as occurrences have.
    """

    code: str
    details: dict[str, str]
    places: pl.DataFrame


@dataclass(frozen=True)
class Explained:
    """Findings with the causes from which some of them follow.

    Shape: `occurrences` as those judged, with `cause`, a number in `causes`.
    """

    causes: tuple[Cause, ...]
    occurrences: pl.DataFrame


def find_causes(judged: JudgedDataset, catalogue: Catalogue) -> Explained:
    """Explain what follows from one mistake by that mistake."""
    found = judged.occurrences.with_columns(pl.lit(None, pl.Int32).alias(CAUSE))
    causes: list[Cause] = []
    cells = CellTexts(judged)
    evidence = Evidence(judged, catalogue, _unexplained(found), cells)
    for code, explained in catalogue.explained_by.items():
        if code not in SEARCHES or found.is_empty():
            continue
        before = len(causes)
        for claim in SEARCHES[code](evidence):
            marked = _mark(found, claim, explained, len(causes))
            if not marked.equals(found):
                places = _places(claim, evidence.found)
                causes.append(Cause(code, claim.details, places))
                found = marked
        if len(causes) > before:
            # Gathered anew only then: with many findings it takes long.
            evidence = Evidence(judged, catalogue, _unexplained(found), cells)
    return Explained(tuple(causes), found)


def _unexplained(found: pl.DataFrame) -> pl.DataFrame:
    return found.filter(pl.col(CAUSE).is_null()).drop(CAUSE)


def _mark(
    found: pl.DataFrame, claim: Claim, explained: frozenset[str], number: int
) -> pl.DataFrame:
    """Note the cause of those findings in the claimed cells that it can explain."""
    claimed = claim.cells.unique().with_columns(pl.lit(value=True).alias("claimed"))
    follows = (
        pl.col("claimed").fill_null(value=False)
        & pl.col(CAUSE).is_null()
        & pl.col("code").is_in(list(explained))
    )
    return (
        found.join(
            claimed, on=["row_number", "field"], how="left", maintain_order="left"
        )
        .with_columns(
            pl.when(follows)
            .then(pl.lit(number, pl.Int32))
            .otherwise(pl.col(CAUSE))
            .alias(CAUSE)
        )
        .drop("claimed")
    )


def _places(claim: Claim, found: pl.DataFrame) -> pl.DataFrame:
    """Add what stands in each place, as far as a finding there may quote it."""
    quoted = found.select("row_number", "field", "value").unique(
        ["row_number", "field"], keep="first", maintain_order=True
    )
    return claim.places.join(
        quoted, on=["row_number", "field"], how="left", maintain_order="left"
    )
