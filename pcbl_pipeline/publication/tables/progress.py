"""The tables of PUB3, implementation progress."""

from pcbl_pipeline.publication.tables.shape import (
    DATE,
    INTEGER,
    NUMBER,
    SHARE,
    STRING,
    Column,
    Table,
)

_STAGES = range(5)
_WINDOW = (
    Column("school_year", STRING),
    Column("window", STRING, code_list="window"),
)

PUB3_ELEMENTS = Table(
    "pub3_elements",
    ("school_year", "window", "element_code"),
    (
        *_WINDOW,
        Column("element_code", STRING, code_list="element_code"),
        Column("sites", INTEGER, unit="sites"),
        *(Column(f"stage_{stage}", INTEGER, unit="sites") for stage in _STAGES),
        *(Column(f"share_{stage}", NUMBER, unit=SHARE) for stage in _STAGES),
        Column("initial_plus", INTEGER, unit="sites"),
        Column("share_initial_plus", NUMBER, unit=SHARE),
        Column("median_stage", INTEGER, code_list="stage_code"),
        Column("previous_school_year", STRING, nullable=True),
        Column("previous_window", STRING, nullable=True, code_list="window"),
        Column("rated_in_both", INTEGER, nullable=True, unit="sites"),
        Column("moved_up_sites", INTEGER, nullable=True, unit="sites"),
        Column("moved_up", NUMBER, nullable=True, unit=SHARE),
        Column("median_months", INTEGER, nullable=True, unit="months"),
    ),
)

PUB3_INDEX = Table(
    "pub3_index",
    ("school_year", "window", "group_kind", "group"),
    (
        *_WINDOW,
        Column("group_kind", STRING),
        Column("group", STRING),
        Column("sites", INTEGER, unit="sites"),
        Column("q1", NUMBER, nullable=True, unit="points, 0 to 100"),
        Column("median", NUMBER, unit="points, 0 to 100"),
        Column("q3", NUMBER, nullable=True, unit="points, 0 to 100"),
        Column("reason", STRING, nullable=True),
    ),
)

PUB3_SITES = Table(
    "pub3_sites",
    ("school_year", "window", "element_code", "site_name", "state_fips"),
    (
        *_WINDOW,
        Column("element_code", STRING, code_list="element_code"),
        Column("site_name", STRING),
        Column("state_fips", STRING, code_list="state_fips"),
        Column("stage", INTEGER, code_list="stage_code"),
        Column("stage_since", DATE, nullable=True),
    ),
)
