"""After help with data systems: are findings of a site's file gone in its next one?

A finding is not linked to help, so only help on data systems counts, and only where it
lies between two files of the site for the same rows. What became of each finding is
what the receipts say. Files without such help between them stand beside it.
"""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.measures import ratio

#: Topics of help that is about the data that a site sends.
TOPICS = ("data_systems",)
#: Sites that must stand behind a number about files; agencies see all.
LEAST_SITES = 3
_COUNTS = ("fixed", "still_open", "left_out")


def findings_after_help(
    tries: pl.DataFrame, events: pl.DataFrame, *, edition: Edition, as_of: date
) -> pl.DataFrame:
    """Count what became of findings between two files, with help between and without.

    Shape: `tries` has one row per file that had findings to correct and was followed
    by another for the same rows: site_id, before_on, after_on, fixed, still_open,
    left_out (rows that are not in the later file). `events` are S8 rows. One row for
    `helped`, one for `not_helped`: sites, files, findings, the counts, fixed_share.
    Units: findings, one by one; `fixed_share` is a share of all of them, 0 to 1.
    """
    known = tries.filter(pl.col("after_on") <= as_of).with_row_index("file")
    help_given = (
        events.filter(pl.col("topic").is_in(TOPICS))
        .select("event_date", pl.col("sites_served").alias("site_id"))
        .explode("site_id")
    )
    between = known.join(help_given, on="site_id").filter(
        pl.col("event_date").is_between("before_on", "after_on")
    )
    is_helped = pl.col("file").is_in(between["file"].unique().implode())
    counted = (
        known.with_columns(
            pl.when(is_helped)
            .then(pl.lit("helped"))
            .otherwise(pl.lit("not_helped"))
            .alias("kind")
        )
        .group_by("kind")
        .agg(
            pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
            pl.len().cast(pl.Int64).alias("files"),
            pl.col(_COUNTS).sum().cast(pl.Int64),
        )
    )
    if edition != "agency":
        counted = counted.filter(pl.col("sites") >= LEAST_SITES)
    findings = pl.sum_horizontal(_COUNTS)
    return (
        counted.with_columns(
            findings.alias("findings"),
            ratio(pl.col("fixed"), findings).alias("fixed_share"),
        )
        .sort("kind")
        .select("kind", "sites", "files", "findings", *_COUNTS, "fixed_share")
    )
