"""PUB5, the outcomes and equity snapshot: are outcomes improving, and for whom?

Pooled rates of one school year, of the network and of each site; the change against
the site's own year before the pilot; the gap of each group to the rest. Only numbers
are made here; every one of them passes disclosure before anybody sees it.

Definitions that the text leaves open:

- The network's change is that of the sites that have a year before the pilot, then and
  now; its gap is that of the sites that report both the group and all students. So a
  difference never comes from other sites having joined.
- M02 counts days and M09 credits, so their denominators say nothing about how many
  students stand behind them. For M02 these are the enrolled students of M01 where the
  site sent them, else as many as the days need at least; for M09 the learners of the
  records, else as many as the credits need at least.
"""

import polars as pl

from pcbl_pipeline.summaries.comparison import (
    adding_up,
    newest_of,
    of_counting_sites,
    pooled,
    with_earlier,
    with_rest,
)
from pcbl_pipeline.summaries.measures import SCALE

#: Falling is good news.
LOWER_IS_BETTER = ("M01", "M12")
ATTENDANCE, ENROLLED, MASTERY_CREDIT = "M02", "M01", "M09"
#: Nobody is enrolled for more days in a year than it has.
DAYS_OF_A_YEAR = 366
#: Nobody gets more credits in a year than this, in whatever unit a state counts them.
CREDITS_OF_A_YEAR = 100
PILOT = "pilot_students"
#: What a rate is of, apart from whose it is.
LINE = ("metric_code", "grade_band", "pilot_scope")
_KEY = ("site_id", "school_year", *LINE, "student_group")


def outcome_rows(outcomes: pl.DataFrame, computed: pl.DataFrame) -> pl.DataFrame:
    """Return the outcomes that count: as sent, and as computed from records.

    Where M07 to M09 were computed for a site and year, its own rows of that measure
    and year stand aside as a whole, so that the parts of one total have one source.

    Units: M09 counts ten-thousandths of credits.
    Shape: S3 rows, and the result of `competency_outcomes`. One row per key, with
    `people`, `most_each` and `is_baseline` (a boolean).
    """
    measured = ["site_id", "school_year", "metric_code"]
    sent = newest_of(outcomes, _KEY).join(computed, on=measured, how="anti")
    own = sent.select(
        *_KEY,
        *(_in_parts_of_credits(name) for name in ("numerator", "denominator")),
        pl.lit(None, dtype=pl.Int64).alias("people"),
        (pl.col("is_baseline") == "Y").fill_null(value=False).alias("is_baseline"),
    )
    # Records do not say which year came before the pilot; the site's other rows do.
    years = outcomes.filter(pl.col("is_baseline") == "Y").select(measured[:2]).unique()
    counted = (
        computed.with_columns(pl.lit(PILOT).alias("pilot_scope"))
        .join(years.with_columns(is_baseline=True), on=measured[:2], how="left")
        .with_columns(pl.col("is_baseline").fill_null(value=False))
    )
    return _with_people(pl.concat([own, counted.select(own.columns)]))


def outcome_cells(
    rows: pl.DataFrame, sites: pl.DataFrame, school_year: str
) -> pl.DataFrame:
    """Return every cell of a school year with its numbers.

    Shape: `rows` as from `outcome_rows`, of any years. The result has `LINE`,
    `student_group`, `site_id` (`ALL`: the network), `sites`, and `ALL_NUMBERS`.
    """
    counting = of_counting_sites(rows, sites, school_year)
    now = adding_up(counting.filter(pl.col("school_year") == school_year), LINE)
    before = (
        counting.filter("is_baseline", pl.col("school_year") < school_year)
        # Several years may be called the last one before the pilot: the last is.
        .sort("school_year")
        .unique(["site_id", *LINE, "student_group"], keep="last", maintain_order=True)
    )
    compared = with_earlier(
        with_rest(now, LINE), before, ["site_id", *LINE, "student_group"]
    )
    return pooled(compared, LINE)


def _in_parts_of_credits(name: str) -> pl.Expr:
    is_credit = pl.col("metric_code") == MASTERY_CREDIT
    return pl.when(is_credit).then(pl.col(name) * SCALE).otherwise(pl.col(name))


def _with_people(rows: pl.DataFrame) -> pl.DataFrame:
    """Add how many stand behind each row, and how much one of them can make up.

    Shape: `most_each` is blank where `people` was counted, else it is a least number.
    """
    key = ["site_id", "school_year", "grade_band", "pilot_scope", "student_group"]
    enrolled = rows.filter(pl.col("metric_code") == ENROLLED).select(
        *key, pl.col("denominator").alias("enrolled")
    )
    is_days = pl.col("metric_code") == ATTENDANCE
    is_credits = pl.col("metric_code") == MASTERY_CREDIT
    of = pl.col("denominator")
    # All groups of a line or none, for the parts must not outnumber the whole.
    has_all = pl.col("enrolled").is_not_null().all()
    counted = (
        pl.when(is_days & has_all.over("site_id", "school_year", *LINE))
        # Whoever is enrolled is so for a day at least.
        .then(pl.min_horizontal("enrolled", of))
        .when(~is_days & ~is_credits)
        .then(of)
    )
    most_each = (
        pl.when(is_days)
        .then(DAYS_OF_A_YEAR)
        .when(is_credits)
        .then(CREDITS_OF_A_YEAR * SCALE)
        .cast(pl.Int64)
    )
    known = rows.join(enrolled, on=key, how="left").with_columns(
        pl.coalesce("people", counted)
    )
    return known.with_columns(
        pl.when(pl.col("people").is_null()).then(most_each).alias("most_each"),
        pl.col("people").fill_null(of // most_each),
    ).drop("enrolled")
