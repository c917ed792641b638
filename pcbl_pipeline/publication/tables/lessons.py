"""The tables of PUB1, the lessons digest."""

from pcbl_pipeline.publication.tables.shape import (
    BOOLEAN,
    DATE,
    INTEGER,
    LIST,
    NUMBER,
    SHARE,
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
        # The first digit of the locale code; an unnamed site is not told by its size.
        Column("locale", STRING, nullable=True),
        Column("grade_bands", LIST, nullable=True, code_list="grade_band"),
        Column("size_band", STRING, nullable=True, unit="students"),
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

PUB1_WITHHELD = Table(
    "pub1_withheld",
    ("reason",),
    (Column("reason", STRING), Column("lessons", INTEGER, unit="lessons")),
)

PUB1_NEAR_DUPLICATES = Table(
    "pub1_near_duplicates",
    ("first_id", "second_id"),
    (
        Column("first_id", STRING),
        Column("second_id", STRING),
        Column("first_revision", INTEGER),
        Column("second_revision", INTEGER),
        Column("decision", STRING, nullable=True),
        Column("likeness", NUMBER, unit=SHARE),
        Column("shared_pairs", INTEGER, unit="word pairs"),
        Column("only_first", LIST),
        Column("only_second", LIST),
    ),
)

PUB1_STRENGTH = Table(
    "pub1_strength",
    ("element_code", "lesson_type"),
    (
        Column("element_code", STRING, code_list="element_code"),
        Column("lesson_type", STRING, code_list="lesson_type"),
        Column("strength", STRING, code_list="lesson_strength"),
        Column("independent_sites", INTEGER, unit="sites"),
        Column("states", INTEGER, unit="states"),
        Column("strongest_tier", INTEGER, code_list="evidence_tier"),
        Column("newest", DATE),
        Column("opposing_sites", INTEGER, unit="sites"),
        Column("is_recent", BOOLEAN),
    ),
)

PUB1_REUSE = Table(
    "pub1_reuse",
    ("public_id",),
    (
        Column("public_id", STRING),
        Column("sites", INTEGER, unit="sites"),
        Column("adopted", INTEGER, unit="sites"),
        Column("adapted", INTEGER, unit="sites"),
        Column("helped", INTEGER, unit="sites"),
        Column("helped_in_part", INTEGER, unit="sites"),
        Column("did_not_help", INTEGER, unit="sites"),
        Column("too_early", INTEGER, unit="sites"),
    ),
)

PUB1_CONTRADICTIONS = Table(
    "pub1_contradictions",
    ("element_code",),
    (
        Column("element_code", STRING, code_list="element_code"),
        Column("worked_sites", INTEGER, unit="sites"),
        Column("did_not_work_sites", INTEGER, unit="sites"),
        Column("worked_ids", LIST),
        Column("did_not_work_ids", LIST),
    ),
)
