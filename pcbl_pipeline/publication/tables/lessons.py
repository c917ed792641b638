"""The tables of PUB1, the lessons digest."""

from pcbl_pipeline.publication.tables.shape import (
    BOOLEAN,
    DATE,
    INTEGER,
    LIST,
    STRING,
    Column,
    Table,
)

PUB1_GROUPS = Table(
    "pub1_groups",
    ("element_code", "lesson_type"),
    (
        Column("element_code", STRING, code_list="element_code"),
        Column("lesson_type", STRING, code_list="lesson_type"),
        Column("lessons", INTEGER, unit="lessons"),
        Column("sites", INTEGER, unit="sites"),
        Column("states", INTEGER, unit="states"),
        Column("corroborated", BOOLEAN),
        Column("strongest_tier", INTEGER, code_list="evidence_tier"),
        Column("newest", DATE),
        Column("lesson_ids", LIST),
    ),
)

PUB1_LESSONS = Table(
    "pub1_lessons",
    ("public_id",),
    (
        Column("public_id", STRING),
        Column("revision", INTEGER),
        Column("site_label", STRING),
        Column("state_fips", STRING, nullable=True, code_list="state_fips"),
        # The first digit of the locale code; a site is not told by its size.
        Column("locale", STRING, nullable=True),
        Column("school_year", STRING),
        Column("lesson_date", DATE),
        Column("element_code", STRING, code_list="element_code"),
        Column("stage_at_time", INTEGER, nullable=True, code_list="stage_code"),
        Column("lesson_type", STRING, code_list="lesson_type"),
        Column("title", STRING),
        Column("situation", STRING),
        Column("action", STRING),
        Column("result", STRING),
        Column("recommendation", STRING, nullable=True),
        Column("audience", LIST, nullable=True, code_list="audience"),
        Column("policy_area", STRING, nullable=True, code_list="policy_area"),
        Column("evidence_type", STRING, nullable=True, code_list="evidence_type"),
        Column("evidence_tier", INTEGER, nullable=True, code_list="evidence_tier"),
        Column("effect_rating", STRING, nullable=True, code_list="effect_rating"),
        Column("resource_url", STRING, nullable=True),
        Column("resource_license", STRING, nullable=True),
        Column("share_level", STRING, code_list="share_level"),
        Column("practitioner_account", BOOLEAN),
        Column("term_code", STRING, nullable=True, code_list="term_code"),
        Column("corroborated", BOOLEAN),
    ),
)
