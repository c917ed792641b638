"""From the cells of a statistical summary to what is published of them.

Connects summaries, whose cells have a measure, a band, a group and a site, with
disclosure, to which all but what adds up is one line. What does not belong here: a
rule about what is hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from pcbl_pipeline.disclosure.tables.cells import ALL, CELLS, KEY, Reason, Step
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
    Reason.WITHHELD: "withheld",
}
#: What agencies get rule and step of.
_HIDDEN = ("protected", "low_response", "withheld")
_SAID = ("n_band", "percent_band", "reason")


def _cells(*also: str) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys((*CELL_NAMES, *also), pl.String))


@dataclass(frozen=True)
class Hiding:
    """What must be hidden besides what the rules find.

    Shape: cells have columns `CELL_NAMES`.
    """

    #: Cells found exposed by the audit.
    exposed: pl.DataFrame = field(default_factory=_cells)
    #: Cells hidden by an earlier release.
    before: pl.DataFrame = field(default_factory=_cells)
    #: Differences withdrawn by the audit. Shape: has `kind` as well.
    withdrawn: pl.DataFrame = field(default_factory=partial(_cells, "kind"))
    #: Families whose new figures no hiding makes safe, and what was released of them
    #: last. Shape: `last` has the bands and the reason as well.
    held: tuple[str, ...] = ()
    last: pl.DataFrame = field(default_factory=partial(_cells, *_SAID))


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
    `gap_note`, `told` (the reason for readers), `is_held`. Rows by family, site and
    group.
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
    shown = _without(_with_differences(joined), hiding.withdrawn)
    return _as_held(shown, hiding).with_columns(_told()).sort(CELL_NAMES)


def published(frame: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that a table has, with the names of the sites.

    Shape: adds `site_label` and `state_fips`, blank for all sites together.
    """
    names = newest_profiles(sites).select(
        "site_id", pl.col("site_name").alias("site_label"), "state_fips"
    )
    is_network = pl.col("site_id") == ALL
    is_told = pl.col("reason").is_null() & ~pl.col("is_held")
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
    return frame.filter(pl.col("reason").is_in(_HIDDEN))


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
    return frame.with_columns(
        *difference(has_change, since, before, "change"),
        *difference(has_gap, own, rest, "gap"),
    )


def _told() -> pl.Expr:
    words: Mapping[str, str] = {reason.value: word for reason, word in _TOLD.items()}
    return (
        pl.col("reason")
        .replace_strict(words, default=None, return_dtype=pl.String)
        .alias("told")
    )


def _without(frame: pl.DataFrame, withdrawn: pl.DataFrame) -> pl.DataFrame:
    """Return the cells without some of their differences, and without a word of why."""
    for kind in ("change", "gap"):
        gone = withdrawn.filter(kind=kind).select(CELL_NAMES).unique()
        marked = frame.join(
            gone.with_columns(is_gone=pl.lit(value=True)), on=CELL_NAMES, how="left"
        )
        stays = pl.col("is_gone").is_null()
        names = (kind, f"{kind}_note")
        frame = marked.with_columns(
            pl.when(stays).then(name).alias(name) for name in names
        ).drop("is_gone")
    return frame


def _as_held(frame: pl.DataFrame, hiding: Hiding) -> pl.DataFrame:
    """Return the cells with those of held families as they were released last.

    What was not released before is withheld, also that a group is empty; so are changes
    and gaps.
    """
    last = hiding.last.select(
        *CELL_NAMES,
        *(pl.col(name).alias(f"last_{name}") for name in _SAID),
        pl.lit(value=True).alias("is_known"),
    )
    is_held = pl.col("family").is_in(hiding.held)
    is_new = pl.col("is_known").is_null()
    reason = (
        pl.when(is_new).then(pl.lit(Reason.WITHHELD.value)).otherwise("last_reason")
    )
    said = {
        "n_band": pl.col("last_n_band"),
        "percent_band": pl.col("last_percent_band"),
        "reason": reason,
        "step": pl.when(reason.is_not_null()).then(pl.lit(Step.HELD.value)),
        **dict.fromkeys(("change", "change_note", "gap", "gap_note"), pl.lit(None)),
    }
    joined = frame.join(last, on=CELL_NAMES, how="left").with_columns(
        is_held.alias("is_held"),
        *(
            pl.when(is_held).then(new).otherwise(name).alias(name)
            for name, new in said.items()
        ),
    )
    return joined.drop("is_known", *(f"last_{name}" for name in _SAID))


def _keyed(cells: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return cells.join(names, on=CELL_NAMES, how="inner").select(KEY)
