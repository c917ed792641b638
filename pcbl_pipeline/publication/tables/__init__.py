"""The published tables: their columns, types, units and code lists.

The structure is here, once; the CSV, Parquet and JSON files, the data package and
the JSON Schema follow from it. One module for each summary. Titles and descriptions
are texts for people and stand in the message catalogue, under `tables`.
"""

from pcbl_pipeline.publication.tables.assistance import (
    PUB2_MODES,
    PUB2_TOPICS,
    PUB2_UNMET,
)
from pcbl_pipeline.publication.tables.lessons import PUB1_GROUPS, PUB1_LESSONS
from pcbl_pipeline.publication.tables.shape import Column, ColumnType, Table
from pcbl_pipeline.publication.tables.states import NETWORK_STATES

__all__ = [
    "NETWORK_STATES",
    "PUB1_GROUPS",
    "PUB1_LESSONS",
    "PUB2_MODES",
    "PUB2_TOPICS",
    "PUB2_UNMET",
    "TABLES",
    "Column",
    "ColumnType",
    "Table",
]

#: Every table that any edition may have, in the order in which they are told.
TABLES: tuple[Table, ...] = (
    NETWORK_STATES,
    PUB1_GROUPS,
    PUB1_LESSONS,
    PUB2_TOPICS,
    PUB2_UNMET,
    PUB2_MODES,
)
