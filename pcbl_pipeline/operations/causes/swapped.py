"""F163: two columns whose values stand under each other's header.

What does not belong here: headers that were not recognised at all.
"""

from collections.abc import Iterator

import polars as pl

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.operations.causes.evidence import FEW_CELLS, Claim, Evidence
from pcbl_pipeline.operations.examine import headers_of

#: Nearly every row must agree: a swap is a matter of headers, so of all rows.
_NEARLY_ALL = 0.9
_FREE = {FieldType.TEXT, FieldType.NARRATIVE}


def find_swapped(evidence: Evidence) -> Iterator[Claim]:
    """Claim pairs of columns: one is wrong all the way down and right in the other."""
    misformed = evidence.misformed
    wrong = _wrong_all_the_way(evidence, misformed)
    taken: set[str] = set()
    for name in wrong:
        other = _find_other(evidence, name, wrong)
        if other is None or taken & {name, other}:
            continue
        taken |= {name, other}
        cells = misformed.filter(pl.col("field").is_in([name, other]))
        places = cells.filter(pl.col("field") == name).sort("row_number")
        headers = headers_of(evidence.judged.tables)
        details = {"column": headers[name], "other": headers[other]}
        yield Claim(places, cells, details)


def _wrong_all_the_way(evidence: Evidence, misformed: pl.DataFrame) -> list[str]:
    rows = evidence.judged.tables.row_count
    counts = misformed.group_by("field").len()
    wrong = counts.filter(pl.col("len") >= max(FEW_CELLS, _NEARLY_ALL * rows))
    named = set(wrong["field"])
    order = evidence.judged.tables.contract.field_names
    return [name for name in order if name in named and evidence.is_strict(name)]


def _find_other(evidence: Evidence, name: str, wrong: list[str]) -> str | None:
    """Find the column in which the values of a wrong one stand."""
    texts = evidence.cells.first
    for other in texts.columns[1:]:
        free = evidence.contract_field(other).type in _FREE and not evidence.is_strict(
            other
        )
        if other == name or not (free or other in wrong):
            continue
        if not _mostly(texts, evidence.fits(other, name)):
            continue
        if free or _mostly(texts, evidence.fits(name, other)):
            return other
    return None


def _mostly(texts: pl.DataFrame, right: pl.Expr) -> bool:
    """Tell whether nearly all of the filled cells, and enough of them, are right."""
    answers = texts.select(right.alias("right")).to_series()
    filled = len(answers) - answers.null_count()
    return filled >= FEW_CELLS and (answers.sum() or 0) >= _NEARLY_ALL * filled
