"""The published tables: their columns, types, units and code lists.

The structure is here, once; the CSV, Parquet and JSON files, the data package and
the JSON Schema follow from it. Titles and descriptions are texts for people and
stand in the message catalogue, under `tables`.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class ColumnType(StrEnum):
    """What a column holds, by the names of the Frictionless Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    #: Several texts; in a CSV file joined with `;`.
    LIST = "list"


_POLARS: dict[ColumnType, pl.DataType] = {
    ColumnType.STRING: pl.String(),
    ColumnType.INTEGER: pl.Int64(),
    ColumnType.NUMBER: pl.Float64(),
    ColumnType.BOOLEAN: pl.Boolean(),
    ColumnType.DATE: pl.Date(),
    ColumnType.LIST: pl.List(pl.String()),
}


@dataclass(frozen=True)
class Column:
    """One column of a published table. A nullable one is empty where not known."""

    name: str
    type: ColumnType
    nullable: bool = False
    unit: str | None = None
    code_list: str | None = None


@dataclass(frozen=True)
class Table:
    """A published table; `frame` is held to exactly these columns."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the table's columns in its order and types, and no others.

        Raises:
            polars.exceptions.PolarsError: If a column is missing or a value does not
                fit its type. That is a fault of ours, not of the data.
        """
        return frame.select(
            pl.col(column.name).cast(_POLARS[column.type]) for column in self.columns
        )

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(
            schema={column.name: _POLARS[column.type] for column in self.columns}
        )


_S, _I, _N, _B, _D, _L = ColumnType
_SHARE = "share, 0 to 1"

PUB1_GROUPS = Table(
    "pub1_groups",
    ("element_code", "lesson_type"),
    (
        Column("element_code", _S, code_list="element_code"),
        Column("lesson_type", _S, code_list="lesson_type"),
        Column("lessons", _I, unit="lessons"),
        Column("sites", _I, unit="sites"),
        Column("states", _I, unit="states"),
        Column("corroborated", _B),
        Column("strongest_tier", _I, code_list="evidence_tier"),
        Column("newest", _D),
        Column("lesson_ids", _L),
    ),
)

PUB1_LESSONS = Table(
    "pub1_lessons",
    ("public_id",),
    (
        Column("public_id", _S),
        Column("revision", _I),
        Column("site_label", _S),
        Column("state_fips", _S, nullable=True, code_list="state_fips"),
        Column("school_year", _S),
        Column("lesson_date", _D),
        Column("element_code", _S, code_list="element_code"),
        Column("stage_at_time", _I, nullable=True, code_list="stage_code"),
        Column("lesson_type", _S, code_list="lesson_type"),
        Column("title", _S),
        Column("situation", _S),
        Column("action", _S),
        Column("result", _S),
        Column("recommendation", _S, nullable=True),
        Column("audience", _L, nullable=True, code_list="audience"),
        Column("policy_area", _S, nullable=True, code_list="policy_area"),
        Column("evidence_type", _S, nullable=True, code_list="evidence_type"),
        Column("evidence_tier", _I, nullable=True, code_list="evidence_tier"),
        Column("effect_rating", _S, nullable=True, code_list="effect_rating"),
        Column("resource_url", _S, nullable=True),
        Column("resource_license", _S, nullable=True),
        Column("share_level", _S, code_list="share_level"),
        Column("practitioner_account", _B),
        Column("term_code", _S, nullable=True, code_list="term_code"),
        Column("corroborated", _B),
    ),
)

PUB2_TOPICS = Table(
    "pub2_topics",
    ("period", "topic"),
    (
        Column("period", _S),
        Column("topic", _S, code_list="ta_topic"),
        Column("requested", _I, unit="requests"),
        Column("met", _I, unit="requests"),
        Column("median_days", _N, nullable=True, unit="days"),
        Column("p90_days", _N, nullable=True, unit="days"),
        Column("met_60_count", _I, unit="requests"),
        Column("met_60_due", _I, unit="requests"),
        Column("met_60_share", _N, nullable=True, unit=_SHARE),
        Column("open", _I, unit="requests"),
        Column("median_age_days", _N, nullable=True, unit="days"),
        Column("urgency_sum", _I, unit="points, 1 to 3 for each open request"),
        Column("events", _I, unit="events"),
        Column("reach", _N, nullable=True, unit="sites per event"),
        Column("site_hours", _N, nullable=True, unit="hours x sites"),
        Column("cost_usd", _N, nullable=True, unit="US dollars"),
        Column(
            "cost_per_site_hour", _N, nullable=True, unit="US dollars per site-hour"
        ),
        Column("cost_coverage", _N, nullable=True, unit=_SHARE),
        Column("fulfilled", _I, unit="requests"),
        Column("self_served_share", _N, nullable=True, unit=_SHARE),
        Column("usefulness", _N, nullable=True, unit="points, 1 to 5"),
        Column("usefulness_n", _I, nullable=True, unit="ratings"),
    ),
)

PUB2_UNMET = Table(
    "pub2_unmet",
    ("period", "topic"),
    (
        Column("period", _S),
        Column("rank", _I),
        Column("topic", _S, code_list="ta_topic"),
        Column("open", _I, unit="requests"),
        Column("urgency_sum", _I, unit="points, 1 to 3 for each open request"),
    ),
)

PUB2_MODES = Table(
    "pub2_modes",
    ("period", "mode"),
    (
        Column("period", _S),
        Column("mode", _S, code_list="ta_mode"),
        Column("events", _I, unit="events"),
        Column("site_hours", _N, nullable=True, unit="hours x sites"),
    ),
)

TABLES: tuple[Table, ...] = (
    PUB1_GROUPS,
    PUB1_LESSONS,
    PUB2_TOPICS,
    PUB2_UNMET,
    PUB2_MODES,
)
