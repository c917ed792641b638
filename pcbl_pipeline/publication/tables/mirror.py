"""The tables of PUB7, the site mirror report; each is in that site's edition alone."""

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

PERCENT = "percent, 0 to 100"
_POINTS = "points, 0 to 100"
_DAYS = "days"
_SITE = Column("site_id", STRING)
_YEAR = Column("school_year", STRING)
_WINDOW = Column("window", STRING, code_list="window")
_BESIDE = (
    Column("network_n_band", STRING, nullable=True),
    Column("network_percent_band", STRING, nullable=True),
    Column("network_reason", STRING, nullable=True),
)

PUB7_STAGES = Table(
    "pub7_stages",
    ("school_year", "window", "element_code"),
    (
        *(_SITE, _YEAR, _WINDOW),
        Column("window_end", DATE),
        Column("element_code", STRING, code_list="element_code"),
        Column("stage", INTEGER, code_list="stage_code"),
        Column("stage_since", DATE, nullable=True),
        Column("is_priority_next", BOOLEAN),
        Column("change", INTEGER, nullable=True, unit="stages"),
        Column("network_sites", INTEGER, nullable=True, unit="sites"),
        *(
            Column(f"network_{name}", INTEGER, nullable=True, code_list="stage_code")
            for name in ("q1", "median", "q3")
        ),
    ),
)

PUB7_INDEX = Table(
    "pub7_index",
    ("school_year", "window"),
    (
        *(_SITE, _YEAR, _WINDOW),
        Column("window_end", DATE),
        Column("rated", INTEGER, unit="elements"),
        Column("site_index", NUMBER, nullable=True, unit=_POINTS),
        Column("network_sites", INTEGER, nullable=True, unit="sites"),
        Column("network_q1", NUMBER, nullable=True, unit=_POINTS),
        Column("network_median", NUMBER, nullable=True, unit=_POINTS),
        Column("network_q3", NUMBER, nullable=True, unit=_POINTS),
        Column("quarter", INTEGER, nullable=True),
    ),
)

PUB7_OUTCOMES = Table(
    "pub7_outcomes",
    ("school_year", "metric_code", "grade_band", "pilot_scope", "student_group"),
    (
        *(_SITE, _YEAR),
        Column("metric_code", STRING, code_list="metric_code"),
        Column("grade_band", STRING, code_list="grade_band"),
        Column("pilot_scope", STRING, code_list="pilot_scope"),
        Column("student_group", STRING, code_list="student_group"),
        Column("numerator", INTEGER),
        Column("denominator", INTEGER),
        Column("percent", NUMBER, nullable=True, unit=PERCENT),
        Column("is_baseline", BOOLEAN),
        Column("from_records", BOOLEAN),
        *_BESIDE,
    ),
)

PUB7_EXPERIENCE = Table(
    "pub7_experience",
    (
        *("school_year", "window", "respondent", "construct_code", "instrument"),
        "student_group",
    ),
    (
        *(_SITE, _YEAR, _WINDOW),
        Column("respondent", STRING, code_list="respondent"),
        Column("construct_code", STRING, code_list="construct_code"),
        Column("instrument", STRING, code_list="instrument"),
        Column("student_group", STRING, code_list="student_group"),
        Column("n_invited", INTEGER, unit="persons"),
        Column("n_responded", INTEGER, unit="persons"),
        Column("n_favorable", INTEGER, unit="persons"),
        Column("percent", NUMBER, nullable=True, unit=PERCENT),
        Column("response_percent", NUMBER, nullable=True, unit=PERCENT),
        *_BESIDE,
    ),
)

PUB7_REQUESTS = Table(
    "pub7_requests",
    ("ta_request_id",),
    (
        _SITE,
        Column("ta_request_id", STRING),
        Column("topic", STRING, code_list="ta_topic"),
        Column("element_code", STRING, code_list="element_code"),
        Column("urgency", INTEGER, code_list="urgency"),
        Column("requested_on", DATE),
        Column("needed_by", DATE, nullable=True),
        Column("age_days", INTEGER, unit=_DAYS),
        Column("is_late", BOOLEAN),
        Column("session", INTEGER, nullable=True),
        Column("other_sites", INTEGER, nullable=True, unit="sites"),
    ),
)

PUB7_BARRIERS = Table(
    "pub7_barriers",
    ("barrier_id",),
    (
        _SITE,
        Column("barrier_id", STRING),
        Column("barrier_type", STRING, code_list="barrier_type"),
        Column("policy_level", STRING, code_list="policy_level"),
        Column("policy_area", STRING, code_list="policy_area"),
        Column("element_code", STRING, nullable=True, code_list="element_code"),
        Column("severity", INTEGER),
        Column("request_type", STRING, code_list="request_type"),
        Column("status", STRING, code_list="barrier_status"),
        Column("opened_on", DATE),
        Column("status_date", DATE, nullable=True),
        Column("age_days", INTEGER, unit=_DAYS),
    ),
)

PUB7_LESSONS = Table(
    "pub7_lessons",
    ("basis", "rank"),
    (
        _SITE,
        Column("basis", STRING),
        Column("rank", INTEGER),
        Column("reference", STRING),
        Column("matched_by", STRING),
        Column("shared_words", LIST, nullable=True),
        Column("own_stage", INTEGER, nullable=True, code_list="stage_code"),
        Column("public_id", STRING),
        Column("element_code", STRING, code_list="element_code"),
        Column("lesson_type", STRING, code_list="lesson_type"),
        Column("title", STRING),
        Column("site_label", STRING),
        Column("lesson_date", DATE),
        Column("evidence_tier", INTEGER, nullable=True, code_list="evidence_tier"),
        Column("policy_area", STRING, nullable=True, code_list="policy_area"),
        Column("stage_at_time", INTEGER, nullable=True, code_list="stage_code"),
        Column("stage_now", INTEGER, nullable=True, code_list="stage_code"),
    ),
)

PUB7_NEAR_DUPLICATES = Table(
    "pub7_near_duplicates",
    ("public_id", "other_id"),
    (
        _SITE,
        Column("public_id", STRING),
        Column("title", STRING),
        Column("other_id", STRING),
        Column("other_title", STRING),
        Column("other_label", STRING),
        Column("likeness", NUMBER, unit=SHARE),
        Column("decision", STRING, nullable=True),
    ),
)

PUB7_LEARNING = Table(
    "pub7_learning",
    ("school_year", "award_id"),
    (
        *(_SITE, _YEAR),
        Column("award_id", STRING),
        Column("award_title", STRING),
        Column("award_type", STRING, code_list="award_type"),
        Column("element_code", STRING, nullable=True, code_list="element_code"),
        Column("hours", NUMBER, nullable=True, unit="hours"),
        Column("n_started", INTEGER, nullable=True, unit="educators"),
        Column("n_completed", INTEGER, nullable=True, unit="educators"),
    ),
)

#: In the order in which the report tells them.
SITE_TABLES: tuple[Table, ...] = (
    PUB7_STAGES,
    PUB7_INDEX,
    PUB7_OUTCOMES,
    PUB7_EXPERIENCE,
    PUB7_REQUESTS,
    PUB7_BARRIERS,
    PUB7_LESSONS,
    PUB7_NEAR_DUPLICATES,
    PUB7_LEARNING,
)
