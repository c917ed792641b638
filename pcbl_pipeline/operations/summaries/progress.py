"""PUB3, implementation progress: ratings (S2) and profiles (S1) to its tables."""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.progress import progress_summary


def progress_tables(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the tables of PUB3; sites are named in no public edition."""
    summary = progress_summary(
        rows.frame("implementation_status"),
        rows.frame("site_profile"),
        calendar=scope.network.calendar,
        edition=scope.edition,
        as_of=scope.as_of,
    )
    tables = {"pub3_elements": summary.elements, "pub3_index": summary.index}
    if summary.named is not None:
        tables["pub3_sites"] = summary.named
    return tables
