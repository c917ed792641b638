"""Listing: every single finding with its place, never capped and never an object each.

What a million findings say stands once per group; only places differ, and they are
columns of a lazy frame until somebody writes them. What does not belong here: which
findings there are, and their words.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl

from pcbl_pipeline.model.finding import FindingGroup, Place
from pcbl_pipeline.model.spreadsheet import FORMULA_PATTERN, NUMBER
from pcbl_pipeline.operations.examine import MISSHAPEN, SHEET_OFFSET, DatasetTables
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.tables import column_letters

#: One row per rule broken in one place. `caused_by` is the code of the finding from
#: which this one follows; `suggestion` a value to offer instead.
LISTING_SCHEMA = pl.Schema(
    {
        "code": pl.String(),
        "severity": pl.String(),
        "dataset": pl.String(),
        "sheet": pl.String(),
        "row": pl.Int64(),
        "column": pl.String(),
        "cell": pl.String(),
        "value": pl.String(),
        "message": pl.String(),
        "expected": pl.String(),
        "fix": pl.String(),
        "caused_by": pl.String(),
        "suggestion": pl.String(),
    }
)
_PLACE_COLUMNS = ("sheet", "row", "column", "cell", "value", "suggestion")


def places_of(
    found: pl.DataFrame,
    field: str,
    tables: DatasetTables,
    ideas: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> pl.LazyFrame:
    """Say where findings in one field are, as the sender sees it; in the order given.

    Shape: `found` has `code`, `row_number` (of judged rows) and `value`; the result the
    columns of a `Place`.
    """
    number = pl.col("row_number") // SHEET_OFFSET
    row = pl.col("row_number") % SHEET_OFFSET
    per_sheet = _per_sheet(tables.recognitions, number)
    # A row whose cells cannot be told apart is wrong in no column of its own.
    of_column = pl.col("code") != MISSHAPEN
    header = per_sheet(lambda item: item.headers.get(field))
    cell = per_sheet(lambda item: _letters(item, field)) + row.cast(pl.String)
    return found.lazy().select(
        per_sheet(lambda item: item.table.sheet).alias("sheet"),
        row.alias("row"),
        pl.when(of_column).then(header).alias("column"),
        pl.when(of_column).then(cell).alias("cell"),
        "value",
        _suggested(ideas),
    )


def _suggested(ideas: Mapping[str, tuple[str, ...]]) -> pl.Expr:
    """Say what values may have been meant to be, several with ` or ` between them."""
    if not ideas:
        return pl.lit(None, pl.String).alias("suggestion")
    meant = {value: " or ".join(found) for value, found in ideas.items()}
    return (
        pl.col("value")
        .replace_strict(meant, default=None, return_dtype=pl.String)
        .alias("suggestion")
    )


def first_places(places: pl.LazyFrame, count: int) -> tuple[Place, ...]:
    """Return the first places as values."""
    return tuple(Place(**row) for row in places.head(count).collect().to_dicts())


def list_group(
    group: FindingGroup, places: pl.LazyFrame, caused_by: str | None = None
) -> pl.LazyFrame:
    """List one group of findings (shape: `LISTING_SCHEMA`)."""
    words = {
        "code": group.code,
        "severity": group.severity.value,
        "dataset": group.dataset,
        "message": group.message,
        "expected": group.expected,
        "fix": group.fix,
        "caused_by": caused_by,
    }
    return places.select(
        pl.col(name)
        if name in _PLACE_COLUMNS
        else pl.lit(words[name], dtype).alias(name)
        for name, dtype in LISTING_SCHEMA.items()
    )


def list_findings(
    groups: Iterable[FindingGroup],
    explained: Iterable[tuple[FindingGroup, str]] = (),
) -> pl.LazyFrame:
    """List groups that hold all their places themselves (shape: `LISTING_SCHEMA`).

    Those that follow from another come with the code of that other one.
    """
    schema = {name: LISTING_SCHEMA[name] for name in _PLACE_COLUMNS}
    with_causes = [*((group, None) for group in groups), *explained]
    return join_listings(
        list_group(
            group,
            pl.LazyFrame([place.model_dump() for place in group.places], schema=schema),
            caused_by,
        )
        for group, caused_by in with_causes
    )


def join_listings(listings: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """Put listings one below the other (shape: `LISTING_SCHEMA`)."""
    return pl.concat([pl.LazyFrame(schema=LISTING_SCHEMA), *listings])


def write_csv(listing: pl.LazyFrame, path: Path) -> None:
    """Write the list so that no cell can run as a formula.

    Shape: `LISTING_SCHEMA`, UTF-8 with a byte order mark, because Excel takes a CSV
    without one for its own code page.
    """
    quoted = listing.with_columns(
        inert_column(name)
        for name, dtype in LISTING_SCHEMA.items()
        if dtype == pl.String
    )
    quoted.sink_csv(path, include_bom=True, engine="streaming")


def inert_column(name: str) -> pl.Expr:
    """Do to a text column what `inert` does to one text."""
    text = pl.col(name)
    runs = text.str.contains(FORMULA_PATTERN) & ~text.str.contains(NUMBER)
    quoted = pl.concat_str(pl.lit("'"), text)
    return pl.when(runs).then(quoted).otherwise(text).alias(name)


def write_parquet(listing: pl.LazyFrame, path: Path) -> None:
    """Write the list for programs, values as sent (shape: `LISTING_SCHEMA`)."""
    listing.sink_parquet(path, compression="zstd", engine="streaming")


def _per_sheet(
    items: tuple[Recognition, ...], number: pl.Expr
) -> Callable[[Callable[[Recognition], str | None]], pl.Expr]:
    """Return what says something of each sheet, by the sheet's number."""

    def say(told: Callable[[Recognition], str | None]) -> pl.Expr:
        texts = [told(item) for item in items]
        if len(set(texts)) == 1:
            return pl.lit(texts[0], pl.String)
        return number.replace_strict(
            list(range(len(texts))), texts, return_dtype=pl.String
        )

    return say


def _letters(item: Recognition, field: str) -> str | None:
    column = item.columns.get(field)
    # What cannot be opened in a spreadsheet has no addresses.
    if item.table.header_row is None:
        return None
    return column_letters(int(column[1:]) - 1) if column else None
