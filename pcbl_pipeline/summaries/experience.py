"""PUB6, learner and educator experience: do relationships, agency, engagement change?

The share of favorable answers by who answered and about what, of the network and of
each site; response rates; the change against the year before. Only numbers are made
here; every one of them passes disclosure before anybody sees it.

Definitions that the text leaves open:

- A year has several windows. For each survey and topic of a site its last window
  counts, so that nobody is counted twice; the change is against the same window of the
  year before.
- Surveys are pooled where the rule for a favorable answer is the same in all of them,
  apart from capitals and blanks. Else each survey has a line, and where sites use one
  survey with several rules, each rule has one, numbered by the rule's text.
- A site may ask the same people with two surveys. Then as many stand behind its pooled
  cell as answered the larger one.
- A cell is valid when 30 of 100 who were asked have answered.
"""

import polars as pl

from pcbl_pipeline.summaries.comparison import (
    ALL,
    adding_up,
    newest_of,
    of_counting_sites,
    pooled,
    with_earlier,
    with_rest,
)

LEAST_RESPONSE_PERCENT = 30
WINDOWS = ("fall", "mid_year", "spring", "end_of_year")
#: What a share is of, apart from whose it is.
LINE = ("respondent", "construct_code", "instrument", "rule_number")
_SURVEY = ("site_id", "respondent", "instrument", "construct_code")
_KEY = (*_SURVEY, "school_year", "window", "student_group")


def experience_cells(
    surveys: pl.DataFrame, sites: pl.DataFrame, school_year: str
) -> pl.DataFrame:
    """Return every cell of a school year with its numbers.

    Shape: S4 and S1 rows of any years. The result has `LINE` (`instrument` is `ALL`
    where surveys are pooled), `student_group`, `site_id` (`ALL`: the network),
    `sites`, `invited`, and `ALL_NUMBERS`.
    """
    counting = of_counting_sites(newest_of(surveys, _KEY), sites, school_year)
    told = counting.with_columns(
        pl.col("favorable_rule")
        .str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .alias("rule"),
        pl.col("window").replace_strict(
            {name: place for place, name in enumerate(WINDOWS)}, return_dtype=pl.Int8
        ),
    )
    now = _last_window(told.filter(pl.col("school_year") == school_year))
    before = told.filter(pl.col("school_year") == _year_before(school_year))
    lines = _lines(now)
    # Only surveys that were held in both years say whether something changed.
    held = [*_SURVEY, "window", "rule", "student_group"]
    present, since, earlier = (
        _by_site(rows, lines)
        for rows in (
            now,
            now.join(before, on=held, how="semi"),
            before.join(now, on=held, how="semi"),
        )
    )
    counted = adding_up(present, LINE)
    compared = with_earlier(
        with_rest(counted, LINE),
        earlier,
        ["site_id", *LINE, "student_group"],
        since=since,
    )
    return _with_invited(pooled(compared, LINE), counted)


def _year_before(school_year: str) -> str:
    first = int(school_year[:4]) - 1
    return f"{first}-{first + 1}"


def _last_window(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("window") == pl.col("window").max().over(_SURVEY))


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the line of each instrument and rule of a respondent and topic."""
    about = ["respondent", "construct_code"]
    kinds = rows.select(*about, "instrument", "rule").unique()
    is_one_rule = pl.col("rule").n_unique().over(about) == 1
    number = pl.col("rule").rank("dense").over(*about, "instrument")
    return kinds.select(
        *about,
        pl.col("instrument").alias("survey"),
        "rule",
        pl.when(is_one_rule)
        .then(pl.lit(ALL))
        .otherwise("instrument")
        .alias("instrument"),
        number.cast(pl.Int64).alias("rule_number"),
    )


def _by_site(rows: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    placed = rows.rename({"instrument": "survey"}).join(
        lines, on=["respondent", "construct_code", "survey", "rule"], how="inner"
    )
    return placed.group_by("site_id", *LINE, "student_group").agg(
        pl.col("n_favorable").sum().alias("numerator"),
        pl.col("n_responded").sum().alias("denominator"),
        pl.col("n_responded").max().alias("people"),
        pl.lit(None, dtype=pl.Int64).first().alias("most_each"),
        pl.col("n_invited").sum().alias("invited"),
    )


def _with_invited(cells: pl.DataFrame, present: pl.DataFrame) -> pl.DataFrame:
    key = ["site_id", *LINE, "student_group"]
    own = present.select(*key, "invited")
    every = own.group_by(*LINE, "student_group").agg(
        pl.lit(ALL).alias("site_id"), pl.col("invited").sum()
    )
    return cells.join(pl.concat([own, every.select(own.columns)]), on=key, how="left")


def is_valid(cells: pl.DataFrame) -> pl.Series:
    """Tell for which cells enough of those who were asked have answered."""
    answered = 100 * pl.col("denominator")
    asked = LEAST_RESPONSE_PERCENT * pl.col("invited")
    return cells.select((answered >= asked).alias("is_valid"))["is_valid"]
