"""Protected cells, and what is published beside them, as the audit takes them.

With their true numbers, so never to be published. What does not belong here: what is
hidden, and how a secret is judged.
"""

import polars as pl

from pcbl_pipeline.disclosure.audit.cells import CELL_COLUMNS
from pcbl_pipeline.disclosure.audit.differences import (
    DIFFERENCE_COLUMNS,
    FINE_PEOPLE,
    NO_CLEAR_CHANGE,
    TOO_FEW,
)
from pcbl_pipeline.disclosure.tables.cells import ALL
from pcbl_pipeline.disclosure.tables.differences import STEP_POINTS, DifferenceNote
from pcbl_pipeline.summaries.comparison import BEFORE, BESIDE_REST, REST, SINCE


def audited(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return protected cells as the audit takes them, with their true numbers.

    Where a denominator does not count people (days, credits), people stand in its
    place, nobody in that of the numerator, and the percent is left out: it says nothing
    of how many people met the measure, so only the size of the group is audited.
    """
    counts_people = _counts_people()
    return (
        frame.filter(~pl.col("is_held"))
        .with_columns(
            pl.lit(table).alias("table"),
            pl.when(counts_people).then("numerator").otherwise(0).alias("numerator"),
            pl.col("people").alias("denominator"),
            pl.when(counts_people).then("percent_band").alias("percent_band"),
        )
        .select(list(CELL_COLUMNS))
    )


def audited_differences(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the published changes and gaps of protected cells as the audit takes them.

    Shape: `DIFFERENCE_COLUMNS`, true counts among them. The numerator is blank where
    the cells are audited without one.
    """
    kinds = (
        _of_kind(frame, kind, own, other)
        for kind, own, other in (("change", SINCE, BEFORE), ("gap", BESIDE_REST, REST))
    )
    return pl.concat(kinds).select(
        pl.lit(table).alias("table"), *list(DIFFERENCE_COLUMNS)[1:]
    )


def _of_kind(frame: pl.DataFrame, kind: str, own: str, other: str) -> pl.DataFrame:
    points, note = pl.col(kind), pl.col(f"{kind}_note")
    words = {DifferenceNote.NOT_CLEAR: NO_CLEAR_CHANGE, DifferenceNote.TOO_FEW: TOO_FEW}
    said = note.replace_strict(
        {name.value: text for name, text in words.items()},
        default=None,
        return_dtype=pl.String,
    )
    people = (pl.col(f"{own}people"), pl.col(f"{other}people"))
    is_fine = pl.min_horizontal(*people) >= FINE_PEOPLE
    is_site = pl.col("site_id") != ALL
    compared = pl.col("site_id").filter(is_site & people[1].is_not_null())
    numbers = {
        "numerator": pl.when(_counts_people()).then(pl.col(f"{own}numerator")),
        "denominator": people[0],
        "other_numerator": pl.col(f"{other}numerator"),
        "other_denominator": pl.col(f"{other}denominator"),
    }
    return (
        frame.with_columns(
            pl.lit(kind).alias("kind"),
            points.cast(pl.String).fill_null(said).alias("published"),
            pl.when(is_fine).then(1).otherwise(STEP_POINTS).alias("step"),
            compared.implode().over("family", "student_group").alias("sites"),
            *(number.cast(pl.Int64).alias(name) for name, number in numbers.items()),
        )
        .filter("is_shown", pl.col("published").is_not_null())
        .with_columns(
            pl.when(is_site)
            .then(pl.concat_list("site_id"))
            .otherwise("sites")
            .alias("sites"),
            pl.col("step").cast(pl.Int64),
        )
    )


def _counts_people() -> pl.Expr:
    # A family as a whole, for its cells have to add up.
    return (pl.col("denominator") == pl.col("people")).all().over("family")
