"""The tables of PUB10, the annual pilot report and data-quality note."""

from pcbl_pipeline.publication.tables.shape import (
    BOOLEAN,
    INTEGER,
    LIST,
    NUMBER,
    SHARE,
    STRING,
    Column,
    Table,
)

PUB10_PARTICIPATION = Table(
    "pub10_participation",
    ("school_year", "grouping", "value"),
    (
        Column("school_year", STRING),
        Column("grouping", STRING),
        Column("value", STRING),
        Column("sites", INTEGER, unit="sites"),
        Column("schools_total", INTEGER, unit="schools"),
        Column("schools_in_pilot", INTEGER, unit="schools"),
        Column("students_total", INTEGER, unit="students"),
        Column("students_in_pilot", INTEGER, unit="students"),
        Column("educators_total", INTEGER, unit="educators"),
        Column("educators_in_pilot", INTEGER, unit="educators"),
        Column("students_share", NUMBER, nullable=True, unit=SHARE),
    ),
)

PUB10_AWARDS = Table(
    "pub10_awards",
    ("school_year", "element_code"),
    (
        Column("school_year", STRING),
        Column("element_code", STRING, code_list="element_code"),
        Column("awards", INTEGER, unit="awards"),
        Column("sites", INTEGER, unit="sites"),
        Column("completed", INTEGER, nullable=True, unit="educators"),
        Column("hours", NUMBER, nullable=True, unit="hours of learning"),
        Column("is_few", BOOLEAN),
    ),
)

PUB10_RECOMMENDATIONS = Table(
    "pub10_recommendations",
    ("audience", "public_id"),
    (
        Column("audience", STRING, code_list="audience"),
        Column("policy_area", STRING, code_list="policy_area"),
        Column("lead_actors", LIST, code_list="lead_actor"),
        Column("rank", INTEGER),
        Column("public_id", STRING),
        Column("recommendation", STRING),
        Column("element_code", STRING, code_list="element_code"),
        Column("lesson_type", STRING, code_list="lesson_type"),
        Column("corroborated", BOOLEAN),
        Column("independent_sites", INTEGER, nullable=True, unit="sites"),
        Column("strength", STRING, nullable=True, code_list="lesson_strength"),
    ),
)

PUB10_LEADS = Table(
    "pub10_leads",
    ("policy_area", "lead_actor"),
    (
        Column("policy_area", STRING, code_list="policy_area"),
        Column("lead_actor", STRING, code_list="lead_actor"),
        Column("branch", STRING),
        Column("states", INTEGER, unit="states"),
        Column("actions", INTEGER, unit="actions"),
    ),
)

PUB10_QUALITY = Table(
    "pub10_quality",
    ("school_year", "dataset"),
    (
        Column("school_year", STRING),
        Column("dataset", STRING),
        Column("expected", INTEGER, nullable=True, unit="deliveries"),
        Column("delivered", INTEGER, unit="deliveries"),
        Column("on_time", INTEGER, nullable=True, unit="deliveries"),
        Column("received", INTEGER, unit="rows"),
        Column("accepted", INTEGER, unit="rows"),
        Column("quarantined", INTEGER, unit="rows"),
        Column("completeness", NUMBER, nullable=True, unit=SHARE),
    ),
)
