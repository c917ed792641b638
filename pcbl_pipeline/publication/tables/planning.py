"""The tables of the planning of help.

Totals belong to PUB2 and are in every edition. What tells of single requests, sessions
or answers belongs to PUB8; no public edition has it.
"""

from pcbl_pipeline.publication.tables.shape import (
    BOOLEAN,
    DATE,
    INTEGER,
    NUMBER,
    SHARE,
    STRING,
    Column,
    Table,
)

_TOPIC = Column("topic", STRING, code_list="ta_topic")
_ELEMENT = Column("element_code", STRING, code_list="element_code")

PUB2_PLAN = Table(
    "pub2_plan",
    ("as_of",),
    (
        Column("as_of", DATE),
        Column("requests", INTEGER, unit="requests"),
        Column("sites", INTEGER, unit="sites"),
        Column("sessions", INTEGER, nullable=True, unit="sessions"),
        Column("session_sites", INTEGER, nullable=True, unit="sites"),
        Column("valued", INTEGER, nullable=True, unit="sessions"),
        Column("saving_usd", INTEGER, nullable=True, unit="US dollars"),
    ),
)

PUB2_REASONS = Table(
    "pub2_reasons",
    ("reason",),
    (
        Column("reason", STRING),
        Column("requests", INTEGER, unit="requests"),
        Column("sites", INTEGER, unit="sites"),
    ),
)

PUB2_MOVES = Table(
    "pub2_moves",
    ("topic",),
    (
        _TOPIC,
        Column("answered", INTEGER),
        Column("sites", INTEGER, unit="sites"),
        *(
            Column(name, INTEGER)
            for name in ("up", "same", "down", "full", "not_yet", "unknown")
        ),
        Column("up_share", NUMBER, nullable=True, unit=SHARE),
    ),
)

PUB2_FINDINGS = Table(
    "pub2_findings",
    ("kind",),
    (
        Column("kind", STRING),
        Column("sites", INTEGER, unit="sites"),
        Column("files", INTEGER, unit="files"),
        *(
            Column(name, INTEGER, unit="findings")
            for name in ("findings", "fixed", "still_open", "left_out")
        ),
        Column("fixed_share", NUMBER, nullable=True, unit=SHARE),
    ),
)

PUB8_FIRST = Table(
    "pub8_first",
    ("rank",),
    (
        Column("rank", INTEGER),
        Column("site_name", STRING, nullable=True),
        Column("state_fips", STRING, nullable=True, code_list="state_fips"),
        _TOPIC,
        _ELEMENT,
        Column("urgency", INTEGER, code_list="urgency"),
        Column("requested_on", DATE),
        Column("days_waiting", INTEGER, unit="days"),
        Column("needed_by", DATE, nullable=True),
        *(
            Column(name, BOOLEAN)
            for name in ("is_late", "is_urgent", "is_old", "is_unhelped")
        ),
        Column("is_stuck", BOOLEAN),
        Column("is_blocked", BOOLEAN),
        Column("stage", INTEGER, nullable=True, code_list="stage_code"),
        Column("stage_before", INTEGER, nullable=True, code_list="stage_code"),
        Column("open_barriers", INTEGER, unit="barriers"),
        Column("reasons", INTEGER),
        Column("session", INTEGER, nullable=True),
    ),
)

PUB8_SESSIONS = Table(
    "pub8_sessions",
    ("session",),
    (
        Column("session", INTEGER),
        _TOPIC,
        _ELEMENT,
        Column("sites", INTEGER, unit="sites"),
        Column("requests", INTEGER, unit="requests"),
        Column("states", INTEGER, unit="states"),
        Column("mode", STRING, code_list="ta_mode"),
        Column("mode_basis", STRING),
        Column("needed_by", DATE, nullable=True),
        Column("has_mentor", BOOLEAN),
        Column("mentor_name", STRING, nullable=True),
        Column("mentor_state_fips", STRING, nullable=True, code_list="state_fips"),
        Column("mentor_fits", INTEGER, nullable=True, unit="sites"),
        Column("mentor_stage", INTEGER, nullable=True, code_list="stage_code"),
        Column("mentor_stage_first", INTEGER, nullable=True, code_list="stage_code"),
        Column("mentor_year_first", STRING, nullable=True),
        Column("hours", NUMBER, nullable=True, unit="hours"),
        Column("hours_basis", STRING, nullable=True),
        Column("hours_events", INTEGER, nullable=True, unit="events"),
        Column("cost_per_site_hour", NUMBER, nullable=True, unit="US dollars"),
        Column("cost_basis", STRING, nullable=True),
        Column("cost_events", INTEGER, nullable=True, unit="events"),
        Column("cost_coverage", NUMBER, nullable=True, unit=SHARE),
        Column("saving_usd", INTEGER, nullable=True, unit="US dollars"),
        Column("no_saving", STRING, nullable=True),
    ),
)

PUB8_ANSWERED = Table(
    "pub8_answered",
    ("number",),
    (
        Column("number", INTEGER),
        Column("school_year", STRING),
        _TOPIC,
        _ELEMENT,
        Column("stage_before", INTEGER, nullable=True, code_list="stage_code"),
        Column("stage_after", INTEGER, nullable=True, code_list="stage_code"),
        Column("move", STRING),
    ),
)
