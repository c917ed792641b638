"""F160: cells that stand one column too far to the left or right, from some cell on.

A cell counts as evidence when its text is wrong where it stands and right for the
column beside it. What does not belong here: rows with too many or too few cells, which
say so themselves (R311).
"""

from collections.abc import Iterator

import polars as pl

from pcbl_pipeline.operations.causes.evidence import FIELD, MOST, Claim, Evidence
from pcbl_pipeline.operations.examine import SHEET_OFFSET, headers_of
from pcbl_pipeline.reading.recognise import Recognition

#: One cell that fits beside its place may be chance; two in one row are not.
_ENOUGH = 2
#: Rows may begin to be shifted in many columns; all are in the list of places.
_STARTS_NAMED = 3
#: The family of rules about keys and references.
_KEYS = "K4"
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
    cells = _wrong_cells(evidence, item, misformed)
    sides = [_one_side(cells, side) for side in _BACK]
    return (
        pl.concat(sides)
        .sort("fitting", "side", descending=True)
        .unique("row_number", keep="first", maintain_order=True)
        .select("row_number", "side", "start")
    )


def _wrong_cells(
    evidence: Evidence, item: Recognition, misformed: pl.DataFrame
) -> pl.DataFrame:
    """List the wrong cells of some rows, and whether they fit the columns beside them.

    Shape: `row_number`, `position`, `strict_before` (columns left of it in which a
    wrong value is noticed), `is_blank`, `right` and `left` (null: says nothing).
    """
    at = {int(column[1:]): name for name, column in item.columns.items()}
    positions = {name: position for position, name in at.items()}
    strict = [position for position, name in at.items() if evidence.is_strict(name)]
    parts = [
        texts.select(
            "row_number",
            pl.lit(positions[name], pl.Int64).alias("position"),
            pl.lit(sum(other < positions[name] for other in strict)).alias(
                "strict_before"
            ),
            pl.lit(name not in texts.columns).alias("is_blank"),
            _fits(evidence, texts, name, at.get(positions[name] - 1)).alias("right"),
            _fits(evidence, texts, name, at.get(positions[name] + 1)).alias("left"),
        )
        for name, texts in _by_field(evidence, misformed)
        if name in positions
    ]
    return pl.concat(parts).sort("row_number", "position")


def _by_field(
    evidence: Evidence, misformed: pl.DataFrame
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield each field's wrong cells: with their texts, or without where blank."""
    for name in misformed["field"].unique().sort():
        yield name, evidence.texts(misformed, name)
    blank = evidence.blank.join(misformed, on="row_number", how="semi")
    for name in blank["field"].unique().sort():
        yield name, blank.filter(pl.col("field") == name).select("row_number")


def _fits(
    evidence: Evidence, texts: pl.DataFrame, name: str, beside: str | None
) -> pl.Expr:
    """Tell whether a cell fits the column beside it; null where that says nothing."""
    if beside is None or name not in texts.columns or not evidence.is_strict(beside):
        return pl.lit(None, pl.Boolean)
    return evidence.fits(name, beside)


def _one_side(cells: pl.DataFrame, side: str) -> pl.DataFrame:
    """Find the rows in which nearly all wrong cells from the first on fit one side."""
    first_fit = pl.col("position").filter(pl.col(side)).min().over("row_number")
    enough = cells.filter(pl.col(side)).group_by("row_number").len()
    likely = enough.filter(pl.col("len") >= _ENOUGH)
    return (
        cells.join(likely, on="row_number", how="semi", maintain_order="left")
        .with_columns(first_fit.alias("first_fit"), _run(side).alias("run"))
        .with_columns(
            pl.col("run")
            .filter(pl.col("position") == pl.col("first_fit"))
            .first()
            .over("row_number")
            .alias("first_run")
        )
        .filter(
            (pl.col("position") >= pl.col("first_fit"))
            | (pl.col("run") == pl.col("first_run"))
        )
        .group_by("row_number")
        .agg(
            pl.col("position").min().alias("start"),
            pl.len().alias("cells"),
            pl.col(side).sum().cast(pl.Int64).alias("fitting"),
            _denies(side).sum().alias("against"),
        )
        .filter(
            (pl.col("fitting") >= _ENOUGH)
            & (pl.col("against") <= (1 - MOST) * pl.col("cells"))
        )
        .select("row_number", pl.lit(side).alias("side"), "start", "fitting")
    )


def _denies(side: str) -> pl.Expr:
    return ~pl.col("is_blank") & ~pl.col(side).fill_null(value=True)


def _run(side: str) -> pl.Expr:
    """Number the runs of a row's wrong cells, between which nothing speaks against.

    Free text says nothing when it moves, so that a run goes on behind it; a column
    that notices, and is content, ends the run.
    """
    known = pl.col("strict_before")
    content = (known - known.shift(1) - 1) > 0
    breaks = content | _denies(side) | _denies(side).shift(1)
    return breaks.fill_null(value=True).cum_sum().over("row_number")


def _claim(evidence: Evidence, rows: pl.DataFrame, side: str) -> Claim:
    where = _positions(evidence)
    located = rows.with_columns(_sheet().alias("sheet"))
    places = (
        located.join(where, left_on=["sheet", "start"], right_on=["sheet", "position"])
        .select("row_number", "field")
        .sort("row_number")
    )
    cells = (
        located.join(where, on="sheet")
        .filter(pl.col("position") >= pl.col("start"))
        .select("row_number", "field")
    )
    cells = pl.concat([cells, _keys(evidence, rows)])
    headers = headers_of(evidence.judged.tables)
    starts = places["field"].unique(maintain_order=True).to_list()
    named = "` or `".join(headers[name] for name in starts[:_STARTS_NAMED])
    return Claim(places, cells, {"side": side, "back": _BACK[side], "column": named})


def _keys(evidence: Evidence, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of a key that a shift makes equal; they may stand before it."""
    place = ["row_number", "field"]
    return (
        evidence.found.filter(pl.col("code").cat.starts_with(_KEYS))
        .join(rows, on="row_number", how="semi")
        .select(place)
        .unique()
        .join(evidence.misformed, on=place, how="anti")
    )


def _positions(evidence: Evidence) -> pl.DataFrame:
    """Return where each field stands (shape: `sheet`, `position`, `field`)."""
    rows = [
        (number, int(column[1:]), name)
        for number, item in enumerate(evidence.judged.tables.recognitions)
        for name, column in item.columns.items()
    ]
    schema = pl.Schema({"sheet": pl.Int64(), "position": pl.Int64(), "field": FIELD})
    return pl.DataFrame(rows, schema=schema, orient="row")
