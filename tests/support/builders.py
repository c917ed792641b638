"""Builders of invented sites, submissions and rows, shared by many tests."""

from datetime import UTC, datetime, timedelta

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.model.identifiers import sha256_hex, submission_id
from pcbl_pipeline.model.submission import Submission

NETWORK_YAML = """
name: Invented network of the tests
fictional: true
time_zone: America/Phoenix
states:
  - {fips: "04", code: AZ, name: Arizona, agency_name: Invented agency of Arizona}
  - {fips: "38", code: ND, name: North Dakota, agency_name: Invented agency of Dakota}
sites:
  - {site_id: "0499901", name: Invented Mesa District}
  - {site_id: "0499902", name: Invented Dry Creek District}
  - {site_id: "3899901", name: Invented Prairie District}
"""
EPOCH = datetime(2026, 10, 1, 12, tzinfo=UTC)


def catalogue() -> Catalogue:
    """Return the project's own contracts."""
    return load_catalogue()


def make_submission(
    name: str, *, hour: int = 0, sender_id: str = "0499901"
) -> Submission:
    """Return a submission; the name stands for its bytes, the hour orders it."""
    digest = sha256_hex(f"{sender_id}/{name}".encode())
    return Submission(
        submission_id=submission_id(sender_id, digest),
        sender_id=sender_id,
        file_name=f"{name}.csv",
        sha256=digest,
        size=1,
        received_at=EPOCH + timedelta(hours=hour),
        source_object=f"sites/{sender_id}/inbox/{name}.csv",
        raw_key=f"raw/{digest}",
    )


def text_rows(contract: Contract, *changes: dict[str, str | None]) -> pl.DataFrame:
    """Return text rows made from the contract's examples, one per set of changes.

    Shape: `row_number` from 2, as below a header, and every field as text.
    """
    example = {field.name: field.example for field in contract.fields}
    rows = [{**example, **change} for change in changes]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(contract.field_names, pl.String))
    numbers = pl.Series("row_number", range(2, len(rows) + 2), dtype=pl.Int64)
    return frame.insert_column(0, numbers)


def csv_bytes(contract: Contract, *changes: dict[str, str | None]) -> bytes:
    """Return the same rows as a CSV file."""
    return text_rows(contract, *changes).drop("row_number").write_csv().encode()
