"""Invented implementation progress for the tests of pages and files."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.publication.tables import PUB3_ELEMENTS, PUB3_INDEX, PUB3_SITES

_WINDOWS = (("2025-2026", "spring"), ("2026-2027", "fall"))
#: Element → sites by stage 0 to 4, in spring and in fall.
_STAGES = {
    "CBE1": ((1, 2, 4, 4, 2), (0, 1, 4, 5, 4)),
    "CBE5": ((3, 5, 4, 1, 0), (3, 5, 4, 2, 0)),
    "DC09": ((0, 0, 2, 1, 0), (0, 0, 1, 1, 1)),
}
_GROUPS = (
    ("all", "ALL", 14, 35.3, 51.5, 72.1, None),
    ("cohort", "Cohort 1", 6, 55.9, 70.6, 79.4, None),
    ("cohort", "other", 8, 27.9, 38.2, 51.5, None),
    ("locale", "1", 5, 41.2, 52.9, 75.0, None),
    ("locale", "3", 4, None, 48.5, None, "few_sites"),
    ("locale", "4", 5, 33.8, 48.5, 69.1, None),
)


def progress_tables(edition: Edition) -> dict[str, pl.DataFrame]:
    """Return the tables of PUB3 as an edition has them."""
    tables = {
        "pub3_elements": pl.DataFrame(
            [
                _element(code, place)
                for place in range(len(_WINDOWS))
                for code in _STAGES
            ],
            schema=PUB3_ELEMENTS.empty().schema,
        ),
        "pub3_index": pl.DataFrame(
            [("2026-2027", "fall", *group) for group in _GROUPS],
            schema=PUB3_INDEX.empty().schema,
            orient="row",
        ),
    }
    if edition == "public":
        return tables
    named = [
        ("CBE1", "Prairie Lark Public Schools", "38", 4, date(2025, 9, 1)),
        ("CBE1", "Silver Playa County Schools", "32", 3, None),
    ]
    tables["pub3_sites"] = pl.DataFrame(
        [("2026-2027", "fall", *site) for site in named],
        schema=PUB3_SITES.empty().schema,
        orient="row",
    )
    return tables


def _element(code: str, place: int) -> dict[str, object]:
    counts = _STAGES[code][place]
    sites = sum(counts)
    in_use = counts[3] + counts[4]
    both = None if place == 0 else min(sites, 12)
    year, window = _WINDOWS[place]
    return {
        "school_year": year,
        "window": window,
        "element_code": code,
        "sites": sites,
        **{f"stage_{stage}": count for stage, count in enumerate(counts)},
        **{f"share_{n}": round(count / sites, 4) for n, count in enumerate(counts)},
        "initial_plus": in_use,
        "share_initial_plus": round(in_use / sites, 4),
        "median_stage": 2,
        "previous_school_year": _WINDOWS[0][0] if place else None,
        "previous_window": _WINDOWS[0][1] if place else None,
        "rated_in_both": both,
        "moved_up_sites": both and 1,
        "moved_up": both and round(1 / both, 4),
        "median_months": None if code == "DC09" else 7,
    }


def telling_progress() -> Iterator[dict[str, pl.DataFrame]]:
    """Yield tables of PUB3 that make its page say whatever else it can say."""
    usual = progress_tables("public")
    elements = usual["pub3_elements"]
    first = elements.head(len(_STAGES))
    months = pl.lit(None, pl.Int64).alias("median_months")
    every = [
        elements.tail(len(_STAGES)).with_columns(pl.lit(code).alias("window"), months)
        for code in ("fall", "mid_year", "spring", "end_of_year")
    ]
    groups = [
        ("all", "ALL"),
        *(("cohort", name) for name in ("other", "unknown")),
        *(("locale", name) for name in ("1", "2", "3", "4", "other", "unknown")),
    ]
    index = pl.DataFrame(
        [
            ("2026-2027", "fall", *group, 3, None, 20.0, None, "few_sites")
            for group in groups
        ],
        schema=PUB3_INDEX.empty().schema,
        orient="row",
    )
    before = index.head(1).with_columns(pl.lit("2025-2026").alias("school_year"))
    rising = pl.concat([before, index])
    yield {"pub3_elements": pl.concat(every), "pub3_index": rising}
    yield {"pub3_elements": elements.tail(1), "pub3_index": index}
    yield {"pub3_elements": first, "pub3_index": index.clear()}
