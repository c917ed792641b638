"""Published texts: which free texts of which dataset a release may quote.

Each is screened, and what is held waits in its sender's release queue. What does not
belong here: what is held and why (`disclosure`), and which summary quotes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.summaries import roadmap, sharing, waivers


@dataclass(frozen=True)
class PublishedTexts:
    """The published texts of one dataset."""

    dataset: str
    #: The column by which a sender knows a row.
    key: str
    fields: tuple[str, ...]
    #: The column that begins with the FIPS code of the row's state.
    state: str
    #: From all rows to those whose texts are published once nothing in them is held.
    ready: Callable[[pl.LazyFrame], pl.LazyFrame]


def _newest(rows: pl.LazyFrame, key: str) -> pl.LazyFrame:
    # Not by sorting: that takes all texts into memory.
    newest = rows.group_by(key).agg(pl.col("revision").max())
    return rows.join(newest, on=[key, "revision"], how="semi", nulls_equal=True)


def _shared_lessons(rows: pl.LazyFrame) -> pl.LazyFrame:
    shared = pl.col("share_level").is_in(sharing.SHARE_LEVELS["network"])
    newest = _newest(rows, "lesson_id")
    return newest.filter(shared & (pl.col("reviewed_no_pii") == "Y"))


def _registered_waivers(rows: pl.LazyFrame) -> pl.LazyFrame:
    return _newest(rows, "barrier_id").filter(waivers.is_registered())


def _all_actions(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows


#: Dataset → its published texts, in the order of the queue.
PUBLISHED_TEXTS: Mapping[str, PublishedTexts] = {
    item.dataset: item
    for item in (
        PublishedTexts(
            "lesson_learned",
            "lesson_id",
            sharing.SCREENED_FIELDS,
            "site_id",
            _shared_lessons,
        ),
        PublishedTexts(
            "barrier_and_waiver",
            "barrier_id",
            waivers.SCREENED_FIELDS,
            "site_id",
            _registered_waivers,
        ),
        PublishedTexts(
            "state_action",
            "action_id",
            roadmap.SCREENED_FIELDS,
            "state_fips",
            _all_actions,
        ),
    )
}
