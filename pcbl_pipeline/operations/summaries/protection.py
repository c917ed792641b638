"""From the cells of a statistical summary to what is published of them.

Connects summaries, whose cells have a measure, a band, a group and a site, with
disclosure, to which all but what adds up is one line. What does not belong here: a
rule about what is hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.disclosure.tables.cells import ALL, CELLS, KEY, Reason
from pcbl_pipeline.disclosure.tables.protect import Rate, difference, protect
from pcbl_pipeline.operations.summaries.scope import SummaryScope
from pcbl_pipeline.summaries.profiles import newest_profiles

#: Cells by the names under which the audit knows them.
CELL_NAMES = ("family", "site_id", "student_group")
#: What readers are told. They never learn whether a group was small itself, or is
#: hidden because of another one: that would say how small it is.
_TOLD = {
    Reason.PRIMARY: "protected",
    Reason.COMPLEMENTARY: "protected",
    Reason.AUDIT: "protected",
    Reason.LOW_RESPONSE: "low_response",
    Reason.NO_DATA: "no_data",
}
PROTECTED = "protected"
_FRAME = (
    *("table", *CELL_NAMES, "numerator", "denominator"),
    *("n_band", "percent_band", "reason"),
)


@dataclass(frozen=True)
class Hiding:
    """Cells that must be hidden besides those that the rules find.

    Shape: columns `CELL_NAMES`.
    """

    #: Found exposed by the audit.
    exposed: pl.DataFrame | None = None
    #: Hidden by an earlier release of the same year.
    before: pl.DataFrame | None = None


NOTHING = Hiding()


@dataclass(frozen=True)
class Line:
    """Which columns tell what a cell is about, and in which order they name a family.

    `within` are the columns of a line, `school_year` among them; `family` are the same
    with the grade band, where there is one.
    """

    within: Sequence[str]
    family: Sequence[str]


def protected(
    cells: pl.DataFrame, line: Line, scope: SummaryScope, hiding: Hiding = NOTHING
) -> pl.DataFrame:
    """Return a summary's cells with what may be said of each.

    Shape: `cells` have the line's columns, `grade_band` or none, `student_group`,
    `site_id`, the numbers of `comparison`, `is_valid` and `is_shown`. Adds `family`,
    `reason`, `step`, `n_band`, `percent_band`, `change`, `change_note`, `gap`,
    `gap_note`, `told` (the reason for readers). Rows by family, site and group.
    """
    named = cells.with_columns(
        pl.concat_str(line.within, separator="|").alias("line"),
        pl.concat_str(line.family, separator="|").alias("family"),
        _band(cells),
    )
    names = named.select("family", *KEY)
    decided = protect(
        _with_earlier_year(named),
        {state.fips: state.minimum_group_size for state in scope.network.states},
        also_hide=_keyed(hiding.exposed, names),
        hidden_before=_keyed(hiding.before, names),
    )
    said = decided.select(*KEY, "reason", "step", "n_band", "percent_band")
    joined = named.join(said, on=KEY, how="left").join(
        _earlier(said), on=KEY, how="left"
    )
    return _with_differences(joined).sort(CELL_NAMES)


def audited(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return protected cells as the audit takes them, with their true numbers.

    Where a denominator does not count people (days, credits), people stand in its
    place, nobody in that of the numerator, and the percent is left out: it says nothing
    of how many people met the measure, so only the size of the group is audited.
    """
    # A family as a whole, for its cells have to add up.
    counts_people = (pl.col("denominator") == pl.col("people")).all().over("family")
    return frame.with_columns(
        pl.lit(table).alias("table"),
        pl.when(counts_people).then("numerator").otherwise(0).alias("numerator"),
        pl.col("people").alias("denominator"),
        pl.when(counts_people).then("percent_band").alias("percent_band"),
    ).select(_FRAME)


def published(frame: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that a table has, with the names of the sites.

    Shape: adds `site_label` and `state_fips`, blank for all sites together.
    """
    names = newest_profiles(sites).select(
        "site_id", pl.col("site_name").alias("site_label"), "state_fips"
    )
    is_network = pl.col("site_id") == ALL
    is_told = pl.col("reason").is_null()
    return (
        frame.filter("is_shown")
        .join(names, on="site_id", how="left")
        .with_columns(
            pl.when(is_network & is_told).then("sites").alias("sites"),
            pl.col("told").alias("reason"),
            pl.col("reason").alias("rule"),
        )
    )


def reasons(frame: pl.DataFrame) -> pl.DataFrame:
    """Return, of a table's rows, those that are hidden, with rule and step.

    It names no number. Only the agencies get it.
    """
    return frame.filter(pl.col("reason").is_in([PROTECTED, "low_response"]))


def hidden_in(table: pl.DataFrame, line: Line) -> pl.DataFrame:
    """Return the cells that a published table hides, to be hidden again."""
    return table.filter(pl.col("reason") == PROTECTED).select(
        pl.concat_str(line.family, separator="|").alias("family"),
        "site_id",
        "student_group",
    )


def _band(cells: pl.DataFrame) -> pl.Expr:
    has_bands = "grade_band" in cells.columns
    return pl.col("grade_band") if has_bands else pl.lit(ALL).alias("grade_band")


def _with_earlier_year(named: pl.DataFrame) -> pl.DataFrame:
    """Return the cells, and those of an earlier year, as disclosure takes them.

    What the earlier year hides must not come back out of a change.
    """
    before = named.filter(pl.col("before_people").is_not_null()).with_columns(
        pl.col("line") + "|before",
        *(
            pl.col(f"before_{name}").alias(name)
            for name in ("numerator", "denominator", "people")
        ),
        pl.lit(value=True).alias("is_valid"),
    )
    names = list(CELLS)
    return pl.concat([named.select(names), before.select(names)])


def _earlier(said: pl.DataFrame) -> pl.DataFrame:
    return said.filter(pl.col("line").str.ends_with("|before")).select(
        pl.col("line").str.strip_suffix("|before"),
        *KEY[1:],
        pl.col("reason").alias("before_reason"),
    )


def _with_differences(frame: pl.DataFrame) -> pl.DataFrame:
    everyone = (pl.col("reason").filter(pl.col("student_group") == ALL).first()).over(
        "family", "site_id"
    )
    is_shown = pl.col("reason").is_null()
    # A gap says something about the rest, and so about all students.
    has_gap = is_shown & everyone.is_null() & (pl.col("student_group") != ALL)
    has_change = is_shown & (
        pl.col("before_reason").is_null() | pl.col("before_people").is_null()
    )
    own, rest = Rate.of("group_"), Rate.of("rest_")
    since, before = Rate.of("since_"), Rate.of("before_")
    told: Mapping[str, str] = {reason.value: word for reason, word in _TOLD.items()}
    return frame.with_columns(
        *difference(has_change, since, before, "change"),
        *difference(has_gap, own, rest, "gap"),
        pl.col("reason")
        .replace_strict(told, default=None, return_dtype=pl.String)
        .alias("told"),
    )


def _keyed(cells: pl.DataFrame | None, names: pl.DataFrame) -> pl.DataFrame | None:
    if cells is None:
        return None
    return cells.join(names, on=CELL_NAMES, how="inner").select(KEY)
