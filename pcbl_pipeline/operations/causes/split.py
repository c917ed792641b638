"""F164: a header that is split into cells by one sign over rows split by another.

What does not belong here: finding the sign of a whole file, which reading does.
"""

from collections.abc import Iterator

import polars as pl

from pcbl_pipeline.operations.causes.evidence import FEW_CELLS, MOST, Claim, Evidence
from pcbl_pipeline.operations.examine import MISSHAPEN, SHEET_OFFSET
from pcbl_pipeline.reading.dialect import DELIMITERS
from pcbl_pipeline.reading.recognise import Recognition


def find_split(evidence: Evidence) -> Iterator[Claim]:
    """Claim the rows that are one cell each, with another sign inside."""
    for number, item in enumerate(evidence.judged.tables.recognitions):
        rows = [row for row, cells in item.table.misshapen.items() if cells == 1]
        if len(rows) < max(FEW_CELLS, MOST * item.table.row_count):
            continue
        sign = _sign_in(item, rows, len(item.table.headers))
        if sign is None:
            continue
        found = evidence.found.filter(
            (pl.col("code") == MISSHAPEN)
            & (pl.col("row_number") // SHEET_OFFSET == number)
        ).select("row_number", "field")
        yield Claim(found, found, {"other_mark": DELIMITERS[sign], "mark": _mark(item)})


def _sign_in(item: Recognition, rows: list[int], cells: int) -> str | None:
    """Find the sign that would split most of the rows into as many cells as the header."""
    first = pl.col(item.table.columns[0])
    texts = item.table.rows.filter(pl.col("row_number").is_in(rows)).select(first)
    text = texts.collect().to_series()
    for sign in DELIMITERS:
        split = text.str.count_matches(sign, literal=True) >= cells - 1
        if (split.sum() or 0) >= MOST * len(rows):
            return sign
    return None


def _mark(item: Recognition) -> str:
    """Return the words for the sign by which the table was read."""
    said = " ".join(item.table.read_as)
    return next(
        (words for words in DELIMITERS.values() if words in said), "another sign"
    )
