"""Exports of assessment products, as districts have them, and what they become."""

from pathlib import Path

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.mapping.keys import Keyring
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.operations.examine import FileReading, read_submission
from pcbl_pipeline.operations.recognise_tables import Mappings

EXPORTS = Path(__file__).parents[1] / "data" / "vendor_exports"
DISTRICT = Sender(
    sender_id="0499901", name="Invented Mesa District", kind="site", state_fips="04"
)
SECRET = b"an invented secret of the tests, 32 bytes"
KEYRING = Keyring(SECRET, "0499901")


def read_export(
    path: Path,
    catalogue: Catalogue,
    *,
    sender: Sender | None = DISTRICT,
    own: SourceMapping | None = None,
) -> FileReading:
    """Read a file as if the district had sent it."""
    mappings = Mappings(
        keyring=lambda: KEYRING,
        own=(own,) if own else (),
        sources=catalogue.sources,
    )
    return read_submission(
        path,
        path.name,
        catalogue,
        sender=sender,
        size_limit_bytes=10**8,
        mappings=mappings,
    )


def records_of(reading: FileReading) -> pl.DataFrame:
    """Return all records that a file became, in order of row and column."""
    [tables] = reading.datasets
    frames = [item.field_rows.collect() for item in tables.recognitions]
    return pl.concat(frames, how="diagonal").sort("row_number", maintain_order=True)


def write_csv(path: Path, rows: list[dict[str, str | None]]) -> Path:
    """Write rows, each with the same columns."""
    pl.DataFrame(rows).write_csv(path)
    return path
