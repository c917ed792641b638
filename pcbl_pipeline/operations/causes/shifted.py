"""F160: cells that stand one column too far to the left or right, from some cell on.

A cell counts as evidence when its text is wrong where it stands and right for the
column beside it. What does not belong here: rows with too many or too few cells, which
say so themselves (R311).
"""

from collections.abc import Iterator

import polars as pl

from pcbl_pipeline.operations.causes.evidence import MOST, Claim, Evidence
from pcbl_pipeline.operations.examine import SHEET_OFFSET, headers_of
from pcbl_pipeline.reading.recognise import Recognition

#: One cell that fits beside its place may be chance; two in one row are not.
_ENOUGH = 2
_BACK = {"right": "left", "left": "right"}


def find_shifted(evidence: Evidence) -> Iterator[Claim]:
    """Claim the rows whose cells moved by one, those to the right first."""
    misformed = evidence.misformed
    several = misformed.filter(pl.len().over("row_number") >= _ENOUGH)
    if several.is_empty():
        return
    shifted = pl.concat(
        _shifted_in(evidence, item, of_sheet)
        for number, item in enumerate(evidence.judged.tables.recognitions)
        if len(of_sheet := several.filter(_sheet() == number))
    )
    for side in _BACK:
        rows = shifted.filter(pl.col("side") == side)
        if len(rows):
            yield _claim(evidence, rows, side)


def _sheet() -> pl.Expr:
    return pl.col("row_number") // SHEET_OFFSET


def _shifted_in(
    evidence: Evidence, item: Recognition, misformed: pl.DataFrame
) -> pl.DataFrame:
    """Find the shifted rows of one sheet.

    Shape: `row_number`, `side`, `start` (position of the first cell that is wrong).
    """
    at = {int(column[1:]): name for name, column in item.columns.items()}
    positions = {name: position for position, name in at.items()}
    fields = misformed["field"].unique().sort().to_list()
    texts = evidence.texts(misformed, fields)
    cells = pl.concat(
        texts.join(
            misformed.filter(pl.col("field") == name), on="row_number", how="semi"
        ).select(
            "row_number",
            pl.lit(positions[name], pl.Int64).alias("position"),
            _fits(evidence, name, at.get(positions[name] - 1)).alias("right"),
            _fits(evidence, name, at.get(positions[name] + 1)).alias("left"),
        )
        for name in fields
        if name in positions
    )
    sides = [_one_side(cells, side) for side in _BACK]
    return (
        pl.concat(sides)
        .sort("fitting", "side", descending=True)
        .unique("row_number", keep="first", maintain_order=True)
        .select("row_number", "side", "start")
    )


def _fits(evidence: Evidence, name: str, beside: str | None) -> pl.Expr:
    """Tell whether a cell fits the column beside it; null where that says nothing."""
    if beside is None or not evidence.is_strict(beside):
        return pl.lit(None, pl.Boolean)
    return evidence.fits(name, beside)


def _one_side(cells: pl.DataFrame, side: str) -> pl.DataFrame:
    """Find the rows in which nearly all wrong cells from the first on fit one side."""
    start = pl.col("position").filter(pl.col(side)).min()
    return (
        cells.with_columns(start.over("row_number").alias("start"))
        .filter(pl.col("position") >= pl.col("start"))
        .group_by("row_number", "start")
        .agg(
            pl.len().alias("cells"),
            pl.col(side).sum().cast(pl.Int64).alias("fitting"),
            (pl.col(side) == False).sum().alias("against"),  # noqa: E712 - three values
        )
        .filter(
            (pl.col("fitting") >= _ENOUGH)
            & (pl.col("against") <= (1 - MOST) * pl.col("cells"))
        )
        .select("row_number", pl.lit(side).alias("side"), "start", "fitting")
    )


def _claim(evidence: Evidence, rows: pl.DataFrame, side: str) -> Claim:
    where = _positions(evidence)
    # The blank that pushed the cells to the right stands before the first wrong one.
    first = pl.col("start") - (1 if side == "right" else 0)
    located = rows.with_columns(_sheet().alias("sheet"))
    places = (
        located.join(where, left_on=["sheet", "start"], right_on=["sheet", "position"])
        .select("row_number", "field")
        .sort("row_number")
    )
    cells = (
        located.with_columns(first.alias("first"))
        .join(where, on="sheet")
        .filter(pl.col("position") >= pl.col("first"))
        .select("row_number", "field")
    )
    headers = headers_of(evidence.judged.tables)
    starts = places["field"].unique(maintain_order=True).to_list()
    details = {"side": side, "back": _BACK[side], "column": headers[starts[0]]}
    if len(starts) > 1:
        details["column"] = "` or `".join(headers[name] for name in starts[:3])
    return Claim(places, cells, details)


def _positions(evidence: Evidence) -> pl.DataFrame:
    """Return where each field stands (shape: `sheet`, `position`, `field`)."""
    rows = [
        (number, int(column[1:]), name)
        for number, item in enumerate(evidence.judged.tables.recognitions)
        for name, column in item.columns.items()
    ]
    schema = {"sheet": pl.Int64, "position": pl.Int64, "field": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
