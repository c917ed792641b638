"""The published tables: their columns, types, units and code lists.

The structure is here, once; the CSV, Parquet and JSON files, the data package and
the JSON Schema follow from it. One module for each summary. Titles and descriptions
are texts for people and stand in the message catalogue, under `tables`.
"""

from pcbl_pipeline.publication.tables.annual import (
    PUB10_AWARDS,
    PUB10_LEADS,
    PUB10_PARTICIPATION,
    PUB10_QUALITY,
    PUB10_RECOMMENDATIONS,
)
from pcbl_pipeline.publication.tables.assistance import (
    PUB2_MODES,
    PUB2_TOPICS,
    PUB2_UNMET,
)
from pcbl_pipeline.publication.tables.barriers import (
    PUB4_BARRIERS,
    PUB4_REQUESTS,
    PUB4_WAIVERS,
)
from pcbl_pipeline.publication.tables.exchange import PUB8_MATCHES, PUB8_REQUESTS
from pcbl_pipeline.publication.tables.lessons import (
    PUB1_CONTRADICTIONS,
    PUB1_GROUPS,
    PUB1_LESSONS,
    PUB1_NEAR_DUPLICATES,
    PUB1_REUSE,
    PUB1_STRENGTH,
    PUB1_WITHHELD,
)
from pcbl_pipeline.publication.tables.outcomes import (
    PUB5_HIDDEN,
    PUB5_OUTCOMES,
    PUB6_EXPERIENCE,
    PUB6_HIDDEN,
)
from pcbl_pipeline.publication.tables.planning import (
    PUB2_FINDINGS,
    PUB2_MOVES,
    PUB2_PLAN,
    PUB2_REASONS,
    PUB8_ANSWERED,
    PUB8_FIRST,
    PUB8_SESSIONS,
)
from pcbl_pipeline.publication.tables.progress import (
    PUB3_ELEMENTS,
    PUB3_INDEX,
    PUB3_SITES,
)
from pcbl_pipeline.publication.tables.roadmap import (
    PUB9_ACTIONS,
    PUB9_DECISIONS,
    PUB9_EVIDENCE,
    PUB9_LEADS,
    PUB9_LOGIC,
    PUB9_SUPPORTS,
)
from pcbl_pipeline.publication.tables.shape import Column, ColumnType, Table
from pcbl_pipeline.publication.tables.states import NETWORK_STATES

__all__ = [
    "NETWORK_STATES",
    "PUB1_CONTRADICTIONS",
    "PUB1_GROUPS",
    "PUB1_LESSONS",
    "PUB1_NEAR_DUPLICATES",
    "PUB1_REUSE",
    "PUB1_STRENGTH",
    "PUB1_WITHHELD",
    "PUB2_FINDINGS",
    "PUB2_MODES",
    "PUB2_MOVES",
    "PUB2_PLAN",
    "PUB2_REASONS",
    "PUB2_TOPICS",
    "PUB2_UNMET",
    "PUB3_ELEMENTS",
    "PUB3_INDEX",
    "PUB3_SITES",
    "PUB4_BARRIERS",
    "PUB4_REQUESTS",
    "PUB4_WAIVERS",
    "PUB5_HIDDEN",
    "PUB5_OUTCOMES",
    "PUB6_EXPERIENCE",
    "PUB6_HIDDEN",
    "PUB8_ANSWERED",
    "PUB8_FIRST",
    "PUB8_MATCHES",
    "PUB8_REQUESTS",
    "PUB8_SESSIONS",
    "PUB9_ACTIONS",
    "PUB9_DECISIONS",
    "PUB9_EVIDENCE",
    "PUB9_LEADS",
    "PUB9_LOGIC",
    "PUB9_SUPPORTS",
    "PUB10_AWARDS",
    "PUB10_LEADS",
    "PUB10_PARTICIPATION",
    "PUB10_QUALITY",
    "PUB10_RECOMMENDATIONS",
    "TABLES",
    "Column",
    "ColumnType",
    "Table",
]

#: Every table that any edition may have, in the order in which they are told.
TABLES: tuple[Table, ...] = (
    PUB1_GROUPS,
    PUB1_LESSONS,
    PUB1_WITHHELD,
    PUB1_STRENGTH,
    PUB1_REUSE,
    PUB1_CONTRADICTIONS,
    PUB1_NEAR_DUPLICATES,
    PUB2_TOPICS,
    PUB2_UNMET,
    PUB2_MODES,
    PUB2_PLAN,
    PUB2_REASONS,
    PUB2_MOVES,
    PUB2_FINDINGS,
    PUB3_ELEMENTS,
    PUB3_INDEX,
    PUB3_SITES,
    PUB4_BARRIERS,
    PUB4_REQUESTS,
    PUB4_WAIVERS,
    PUB5_OUTCOMES,
    PUB5_HIDDEN,
    PUB6_EXPERIENCE,
    PUB6_HIDDEN,
    PUB8_REQUESTS,
    PUB8_MATCHES,
    PUB8_FIRST,
    PUB8_SESSIONS,
    PUB8_ANSWERED,
    PUB9_DECISIONS,
    PUB9_ACTIONS,
    PUB9_SUPPORTS,
    PUB9_LEADS,
    PUB9_LOGIC,
    PUB9_EVIDENCE,
    PUB10_PARTICIPATION,
    PUB10_AWARDS,
    PUB10_RECOMMENDATIONS,
    PUB10_LEADS,
    PUB10_QUALITY,
    NETWORK_STATES,
)
