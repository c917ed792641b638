"""What sites need in their own words, where it may be shown: to be matched with lessons.

A need is searched for word by word, and the words that it shares with a lesson are
published. So a text that is held, or would be if it were to be published, is not asked.
"""

import polars as pl

from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.summaries.mirror_texts import needs_in_words
from pcbl_pipeline.summaries.profiles import names_withheld


def released_needs(
    rows: LakeRows,
    open_barriers: pl.DataFrame,
    open_requests: pl.DataFrame,
    narratives: Narratives,
) -> pl.DataFrame:
    """Return the texts of open barriers and requests that pass the screen.

    Shape: site_id, basis, reference, text; sentences that a site wrote anew stand in
    its words.
    """
    needs = needs_in_words(
        rows.frame("barrier_and_waiver"),
        rows.frame("ta_request"),
        open_barriers=open_barriers,
        open_requests=open_requests,
    )
    unnamed = names_withheld(rows.frame("site_profile"))
    shown = [
        narratives.shown(
            text, state_fips=site_id[:2], unnamed=unnamed, sender_id=site_id
        )
        for site_id, text in needs.select("site_id", "text").iter_rows()
    ]
    texts = pl.Series("text", shown, dtype=pl.String)
    return needs.with_columns(texts).drop_nulls("text")
