"""PUB5 and PUB6 of the school year that ended last: numbers, protection, tables.

Statistics of small groups are released once a year and for whole families, never
event by event: two tables of one year, made of different rows, tell more than each
alone. So the year is the newest one that has ended, and the tables are the same in
all editions. Only the agencies learn by which rule a cell is hidden.

A correction that a site sends after the year's first release must wait for the next
cycle: `protected_cells` and the tables take what an earlier release hid, and whoever
makes a release keeps the tables of a year that were released before.
"""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.disclosure.tables.bands import percent_band
from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.operations.summaries.audited import audited, audited_differences
from pcbl_pipeline.operations.summaries.protection import (
    NOTHING,
    Hiding,
    Line,
    protected,
    published,
    reasons,
)
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries import experience as pub6
from pcbl_pipeline.summaries import outcomes as pub5
from pcbl_pipeline.summaries.comparison import is_compared
from pcbl_pipeline.summaries.competency import competency_outcomes

OUTCOMES, EXPERIENCE = "pub5", "pub6"
_OF_A_SURVEY = (
    *("respondent", "construct_code", "instrument", "rule_number"),
    "school_year",
)
#: How each table's cells are told apart, and how its families are named.
LINES: Mapping[str, Line] = {
    OUTCOMES: Line(
        ("metric_code", "school_year", "pilot_scope"),
        ("metric_code", "school_year", "grade_band", "pilot_scope"),
    ),
    EXPERIENCE: Line(_OF_A_SURVEY, _OF_A_SURVEY),
}


def outcomes(
    rows: LakeRows, scope: SummaryScope, hiding: Hiding = NOTHING
) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB5 that an edition may have."""
    return _tables(OUTCOMES, "pub5_outcomes", rows, scope, hiding)


def experience(
    rows: LakeRows, scope: SummaryScope, hiding: Hiding = NOTHING
) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB6 that an edition may have."""
    tables = _tables(EXPERIENCE, "pub6_experience", rows, scope, hiding)
    asked = pl.col("invited")
    response = percent_band(pl.col("denominator"), asked, asked)
    is_shown = pl.col("reason").is_null() & ~pl.col("is_held")
    return {
        name: table.with_columns(
            pl.when(is_shown).then(response).alias("response_band")
        )
        for name, table in tables.items()
    }


def protected_cells(
    rows: LakeRows, scope: SummaryScope, hiding: Hiding = NOTHING
) -> pl.DataFrame:
    """Return every cell of both tables as the audit takes it.

    With their true numbers, so never to be published. `hiding.exposed` takes the cells
    that the audit gives back, by the same three names.

    Shape: `table`, `family`, `site_id`, `student_group`, `numerator`, `denominator`,
    `n_band`, `percent_band`, `reason`, one row per cell, the sums among them.
    """
    return pl.concat(
        audited(_protected(table, rows, scope, hiding), table) for table in LINES
    )


def protected_differences(
    rows: LakeRows, scope: SummaryScope, hiding: Hiding = NOTHING
) -> pl.DataFrame:
    """Return every change and gap of both tables as the audit takes it.

    With true counts, so never to be published.

    Shape: `DIFFERENCE_COLUMNS` of the audit, one row per difference that is told of.
    """
    return pl.concat(
        audited_differences(_protected(table, rows, scope, hiding), table)
        for table in LINES
    )


def _tables(
    table: str, name: str, rows: LakeRows, scope: SummaryScope, hiding: Hiding
) -> Mapping[str, pl.DataFrame]:
    frame = published(
        _protected(table, rows, scope, hiding), rows.frame("site_profile")
    )
    if frame.is_empty():
        return {}
    tables = {name: frame}
    if scope.edition == "agency":
        tables[f"{table}_hidden"] = reasons(frame)
    return tables


def _protected(
    table: str, rows: LakeRows, scope: SummaryScope, hiding: Hiding
) -> pl.DataFrame:
    year = scope.network.calendar.reported_year(scope.as_of)

    def make() -> pl.DataFrame:
        if table == OUTCOMES:
            return _outcome_cells(rows, scope.network.calendar, year)
        return _experience_cells(rows, year)

    cells = rows.once(f"{table} {year}", make)
    return protected(cells, LINES[table], scope, hiding)


def counted_outcomes(rows: LakeRows, calendar: Calendar, year: str) -> pl.DataFrame:
    """Return M07 to M09 from records, of a year and of the years before the pilot.

    The records are read once for everything that a release says of them.
    """
    sent = rows.frame("outcome_metric")
    before = sent.filter(pl.col("is_baseline") == "Y")["school_year"].unique()
    last_days = {name: calendar.last_day(name) for name in {year, *before}}
    return rows.once(
        f"counted {year}",
        lambda: competency_outcomes(rows.scan("competency_record"), last_days),
    )


def _outcome_cells(rows: LakeRows, calendar: Calendar, year: str) -> pl.DataFrame:
    sent, sites = rows.frame("outcome_metric"), rows.frame("site_profile")
    counted = counted_outcomes(rows, calendar, year)
    cells = pub5.outcome_cells(pub5.outcome_rows(sent, counted), sites, year)
    return cells.with_columns(
        pl.lit(year).alias("school_year"),
        pl.col("metric_code").is_in(pub5.LOWER_IS_BETTER).alias("lower_is_better"),
        pl.lit(value=True).alias("is_valid"),
        is_compared(cells, sites, pub5.LINE),
    )


def _experience_cells(rows: LakeRows, year: str) -> pl.DataFrame:
    sites = rows.frame("site_profile")
    cells = pub6.experience_cells(rows.frame("perception_survey"), sites, year)
    return cells.with_columns(
        pl.lit(year).alias("school_year"),
        pub6.is_valid(cells),
        is_compared(cells, sites, pub6.LINE),
    )
