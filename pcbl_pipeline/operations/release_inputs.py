"""What a release's manifest tells of its making: rows of each table, and its inputs.

Counts and one digest over everything, for the agencies that answer for a release. No id
and no digest of a single file: a manifest outlasts the withdrawal of what went into the
release, and nothing of that may be left in it.
"""

import hashlib
from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.disclosure.audit.cells import NO_DATA
from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.model.release import ReleaseInputs, TableCounts
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import tables_of
from pcbl_pipeline.publication.tables import (
    PUB5_OUTCOMES,
    PUB6_EXPERIENCE,
    PUB10_AWARDS,
)

_IS_HIDDEN = pl.col("reason").is_not_null() & (pl.col("reason") != NO_DATA)
#: Table → which of its rows say that their numbers are hidden.
_HIDDEN: Mapping[str, pl.Expr] = {
    PUB5_OUTCOMES.name: _IS_HIDDEN,
    PUB6_EXPERIENCE.name: _IS_HIDDEN,
    PUB10_AWARDS.name: pl.col("is_few"),
}


def table_counts(
    editions: Mapping[Edition, EditionContent],
) -> dict[str, dict[str, TableCounts]]:
    """Count the rows of each edition's tables, and those of them that hide numbers."""
    return {
        edition: {
            table.name: TableCounts(
                rows=frame.height, hidden=_hidden(table.name, frame)
            )
            for table, frame in tables_of(content)
        }
        for edition, content in editions.items()
    }


def _hidden(name: str, frame: pl.DataFrame) -> int:
    return frame.filter(_HIDDEN[name]).height if name in _HIDDEN else 0


def release_inputs(ledger: Ledger, left_out: frozenset[str]) -> ReleaseInputs:
    """Return how many submissions a release is made from, and one digest of them all.

    Who has the files can work it out: SHA-256 over the sorted lines
    `<submission id> <SHA-256 of the bytes as sent>`, each ended by a line feed.
    """
    lines = sorted(
        f"{item.submission_id} {item.sha256}\n"
        for item in ledger.each_receipt()
        if item.withdrawal is None
        and item.rows.accepted
        and item.submission_id not in left_out
    )
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    return ReleaseInputs(submissions=len(lines), sha256=digest)
