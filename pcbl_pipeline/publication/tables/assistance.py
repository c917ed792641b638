"""The tables of PUB2, technical assistance."""

from pcbl_pipeline.publication.tables.shape import (
    INTEGER,
    NUMBER,
    SHARE,
    STRING,
    Column,
    Table,
)

PUB2_TOPICS = Table(
    "pub2_topics",
    ("period", "topic"),
    (
        Column("period", STRING),
        Column("topic", STRING, code_list="ta_topic"),
        Column("requested", INTEGER, unit="requests"),
        Column("met", INTEGER, unit="requests"),
        Column("median_days", NUMBER, nullable=True, unit="days"),
        Column("p90_days", NUMBER, nullable=True, unit="days"),
        Column("met_60_count", INTEGER, unit="requests"),
        Column("met_60_due", INTEGER, unit="requests"),
        Column("met_60_share", NUMBER, nullable=True, unit=SHARE),
        Column("open", INTEGER, unit="requests"),
        Column("median_age_days", NUMBER, nullable=True, unit="days"),
        Column("urgency_sum", INTEGER, unit="points, 1 to 3 for each open request"),
        Column("events", INTEGER, unit="events"),
        Column("reach", NUMBER, nullable=True, unit="sites per event"),
        Column("site_hours", NUMBER, nullable=True, unit="hours x sites"),
        Column("cost_usd", NUMBER, nullable=True, unit="US dollars"),
        Column(
            "cost_per_site_hour", NUMBER, nullable=True, unit="US dollars per site-hour"
        ),
        Column("cost_coverage", NUMBER, nullable=True, unit=SHARE),
        Column("fulfilled", INTEGER, unit="requests"),
        Column("self_served_share", NUMBER, nullable=True, unit=SHARE),
        Column("usefulness", NUMBER, nullable=True, unit="points, 1 to 5"),
        Column("usefulness_n", INTEGER, nullable=True, unit="ratings"),
    ),
)

PUB2_UNMET = Table(
    "pub2_unmet",
    ("period", "topic"),
    (
        Column("period", STRING),
        Column("rank", INTEGER),
        Column("topic", STRING, code_list="ta_topic"),
        Column("open", INTEGER, unit="requests"),
        Column("urgency_sum", INTEGER, unit="points, 1 to 3 for each open request"),
    ),
)

PUB2_MODES = Table(
    "pub2_modes",
    ("period", "mode"),
    (
        Column("period", STRING),
        Column("mode", STRING, code_list="ta_mode"),
        Column("events", INTEGER, unit="events"),
        Column("site_hours", NUMBER, nullable=True, unit="hours x sites"),
    ),
)
