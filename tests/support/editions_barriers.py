"""Invented barriers and waivers for the tests of pages and files."""

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.publication.tables import (
    PUB4_BARRIERS,
    PUB4_REQUESTS,
    PUB4_WAIVERS,
    Table,
)

_KINDS = (
    ("ALL", 9, 14, 4, 27, 9, 4, 6, 0.6667, 61, 5),
    ("seat_time", 4, 5, 4, 12, 5, 3, 4, 0.75, 49, 3),
    ("other", 5, 6, 3, 11, 2, 1, 2, 0.5, 74, 1),
    ("funding", 2, 3, 3, 5, 2, 0, 0, None, None, 1),
)
_REQUESTS = (
    ("ALL", "waiver", 5),
    ("ALL", "guidance", 4),
    ("seat_time", "waiver", 5),
    ("funding", "guidance", 2),
    ("other", "guidance", 2),
)


def barriers_tables(edition: Edition) -> dict[str, pl.DataFrame]:
    """Return the tables of PUB4 as an edition has them."""
    name = None if edition == "public" else "Prairie Lark Public Schools"
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    waivers = [
        (1, "State rule 7-1204", False, "PA3", "04", name, first, last, 0, 39, False),
        (2, None, True, "PA4", None, None, first, None, None, None, False),
        (3, None, False, "PA3", "38", None, None, date(2026, 10, 31), 1, 0, True),
    ]
    return {
        "pub4_barriers": _frame(PUB4_BARRIERS, _KINDS),
        "pub4_requests": _frame(PUB4_REQUESTS, _REQUESTS),
        "pub4_waivers": _frame(PUB4_WAIVERS, waivers),
    }


def telling_barriers() -> Iterator[dict[str, pl.DataFrame]]:
    """Yield tables of PUB4 that make its page say whatever else it can say."""
    usual = barriers_tables("network")
    one = usual["pub4_barriers"].with_columns(sites=pl.lit(1, pl.Int64), weighted=3)
    yield usual | {"pub4_barriers": one, "pub4_waivers": usual["pub4_waivers"].clear()}
    yield usual | {"pub4_barriers": one.clear()}
    heavy = usual["pub4_barriers"].with_columns(pl.lit(9, pl.Int64).alias("weighted"))
    yield usual | {"pub4_barriers": heavy}


def _frame(table: Table, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=table.empty().schema, orient="row")
