"""The tables of PUB5 and PUB6: bands of students, never counts of them.

The tables of hidden cells are for agencies; they name the rule and no number.
"""

from pcbl_pipeline.publication.tables.shape import (
    BOOLEAN,
    INTEGER,
    STRING,
    Column,
    Table,
)

_POINTS = "percentage points"
_BAND = "percent"
_OUTCOME = (
    Column("school_year", STRING),
    Column("metric_code", STRING, code_list="metric_code"),
    Column("grade_band", STRING, code_list="grade_band"),
    Column("pilot_scope", STRING, code_list="pilot_scope"),
    Column("site_id", STRING),
    Column("student_group", STRING, code_list="student_group"),
)
_SURVEY = (
    Column("school_year", STRING),
    Column("respondent", STRING, code_list="respondent"),
    Column("construct_code", STRING, code_list="construct_code"),
    Column("instrument", STRING, code_list="instrument"),
    Column("rule_number", INTEGER),
    Column("site_id", STRING),
    Column("student_group", STRING, code_list="student_group"),
)
_WHOSE = (
    Column("site_label", STRING, nullable=True),
    Column("state_fips", STRING, nullable=True, code_list="state_fips"),
    Column("sites", INTEGER, nullable=True, unit="sites"),
)
_DIFFERENCES = (
    Column("change", INTEGER, nullable=True, unit=_POINTS),
    Column("change_note", STRING, nullable=True),
    Column("gap", INTEGER, nullable=True, unit=_POINTS),
    Column("gap_note", STRING, nullable=True),
    Column("reason", STRING, nullable=True),
)
_RULE = (Column("rule", STRING), Column("step", STRING))


def _key(columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


PUB5_OUTCOMES = Table(
    "pub5_outcomes",
    _key(_OUTCOME),
    (
        *_OUTCOME,
        *_WHOSE,
        Column("lower_is_better", BOOLEAN),
        Column("n_band", STRING, nullable=True, unit="students"),
        Column("percent_band", STRING, nullable=True, unit=_BAND),
        *_DIFFERENCES,
    ),
)

PUB5_HIDDEN = Table("pub5_hidden", _key(_OUTCOME), (*_OUTCOME, *_RULE))

PUB6_EXPERIENCE = Table(
    "pub6_experience",
    _key(_SURVEY),
    (
        *_SURVEY,
        *_WHOSE,
        Column("n_band", STRING, nullable=True, unit="people who answered"),
        Column("percent_band", STRING, nullable=True, unit=_BAND),
        Column("response_band", STRING, nullable=True, unit=_BAND),
        *_DIFFERENCES,
    ),
)

PUB6_HIDDEN = Table("pub6_hidden", _key(_SURVEY), (*_SURVEY, *_RULE))
