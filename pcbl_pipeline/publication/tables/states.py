"""The table of the network by state, behind the map on the start page."""

from pcbl_pipeline.publication.tables.shape import INTEGER, STRING, Column, Table

NETWORK_STATES = Table(
    "network_states",
    ("state_fips",),
    (
        Column("state_fips", STRING, code_list="state_fips"),
        Column("school_year", STRING),
        Column("sites", INTEGER, unit="sites"),
        Column("decided", INTEGER, unit="decision points"),
        Column("state_phase", STRING, nullable=True, code_list="state_phase"),
    ),
)
