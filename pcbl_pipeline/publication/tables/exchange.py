"""The tables of PUB8, peer exchange. No public edition has them."""

from pcbl_pipeline.publication.tables.shape import (
    BOOLEAN,
    DATE,
    INTEGER,
    STRING,
    Column,
    Table,
)

PUB8_REQUESTS = Table(
    "pub8_requests",
    ("request",),
    (
        Column("request", INTEGER),
        Column("site_name", STRING, nullable=True),
        Column("state_fips", STRING, nullable=True, code_list="state_fips"),
        Column("topic", STRING, code_list="ta_topic"),
        Column("element_code", STRING, code_list="element_code"),
        Column("urgency", INTEGER, code_list="urgency"),
        Column("requested_on", DATE),
        Column("hosts", INTEGER, unit="sites"),
    ),
)

PUB8_MATCHES = Table(
    "pub8_matches",
    ("request", "rank"),
    (
        Column("request", INTEGER),
        Column("rank", INTEGER),
        Column("host_name", STRING, nullable=True),
        Column("host_state_fips", STRING, nullable=True, code_list="state_fips"),
        Column("element_code", STRING, code_list="element_code"),
        Column("stage", INTEGER, code_list="stage_code"),
        Column("host_stage", INTEGER, code_list="stage_code"),
        Column("same_locale", BOOLEAN),
        Column("shared_grades", BOOLEAN),
        Column("has_lesson", BOOLEAN),
        Column("score", INTEGER, unit="points"),
    ),
)
