"""What one site's own edition is made from, and its data files.

The edition is for that site's team and its state agency: its own numbers are exact,
and everything about others is as the network edition has it. As with the other
editions, every row that arrives here is published to those readers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.model.release import EditionName, site_edition
from pcbl_pipeline.publication.edition import PublishedErratum
from pcbl_pipeline.publication.exports import FOLDER, csv_bytes, json_bytes
from pcbl_pipeline.publication.tables import Table
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES


@dataclass(frozen=True)
class SiteContent:
    """Everything that the files and pages of a site's edition say."""

    site_id: str
    site_name: str
    state: str
    network_name: str
    fictional: bool
    as_of: date
    code_lists: Mapping[str, CodeList]
    pipeline_version: str
    #: Table name → the site's rows; a table that is missing here is empty.
    tables: Mapping[str, pl.DataFrame]
    #: What earlier releases had wrong, where these tables are touched.
    errata: tuple[PublishedErratum, ...] = ()

    @property
    def edition(self) -> EditionName:
        """The edition's name."""
        return site_edition(self.site_id)

    def table(self, table: Table) -> pl.DataFrame:
        """Return a table's rows, held to its columns and types."""
        frame = self.tables.get(table.name)
        return table.empty() if frame is None else table.conform(frame)


def site_tables_of(content: SiteContent) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Yield each table of the mirror report with the site's rows."""
    for table in SITE_TABLES:
        yield table, content.table(table)


def site_data_files(content: SiteContent) -> dict[str, bytes]:
    """Return path → bytes of every data file, in path order.

    Shape: `data/<table>.csv` and `.json` for each table. A team opens them in a
    spreadsheet program; Parquet would double the files of five hundred sites.
    """
    files: dict[str, bytes] = {}
    for table, frame in site_tables_of(content):
        stem = f"{FOLDER}/{table.name}"
        files[f"{stem}.csv"] = csv_bytes(table, frame)
        files[f"{stem}.json"] = json_bytes(table, frame, content)
    return dict(sorted(files.items()))
