"""The tables of PUB4, the barrier and policy brief."""

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

PUB4_BARRIERS = Table(
    "pub4_barriers",
    ("barrier_type",),
    (
        Column("barrier_type", STRING, code_list="barrier_type"),
        Column("sites", INTEGER, unit="sites"),
        Column("reports", INTEGER, unit="reports"),
        Column("max_severity", INTEGER, code_list="barrier_severity"),
        Column("weighted", INTEGER, unit="points, 1 to 4 for each site"),
        Column("requests", INTEGER, unit="reports"),
        Column("granted", INTEGER, unit="reports"),
        Column("decided", INTEGER, unit="reports"),
        Column("granted_share", NUMBER, nullable=True, unit=SHARE),
        Column("median_days_to_decision", INTEGER, nullable=True, unit="days"),
        Column("answered_by_action", INTEGER, unit="reports"),
    ),
)

PUB4_REQUESTS = Table(
    "pub4_requests",
    ("barrier_type", "request_type"),
    (
        Column("barrier_type", STRING, code_list="barrier_type"),
        Column("request_type", STRING, code_list="request_type"),
        Column("reports", INTEGER, unit="reports"),
    ),
)

PUB4_WAIVERS = Table(
    "pub4_waivers",
    ("line",),
    (
        Column("line", INTEGER),
        Column("citation", STRING, nullable=True),
        Column("citation_withheld", BOOLEAN),
        Column("policy_area", STRING, code_list="policy_area"),
        Column("state_fips", STRING, nullable=True, code_list="state_fips"),
        Column("site_name", STRING, nullable=True),
        Column("waiver_start", DATE, nullable=True),
        Column("waiver_end", DATE, nullable=True),
        Column("extension_no", INTEGER, nullable=True),
        Column("days_left", INTEGER, nullable=True, unit="days"),
        Column("has_ended", BOOLEAN),
    ),
)
