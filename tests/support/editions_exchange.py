"""Invented matches of peers for the tests of pages and files."""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.publication.tables import PUB8_MATCHES, PUB8_REQUESTS

_DAY = date(2026, 9, 21)


def exchange_tables(edition: Edition) -> dict[str, pl.DataFrame]:
    """Return the tables of PUB8; the public edition has none."""
    if edition == "public":
        return {}
    requests = [
        (1, "Coteau Lakes School District", "38", "policy_waivers", "CBE4", 3, _DAY, 2),
        (2, None, None, "family_community", "MT3", 2, _DAY, 0),
    ]
    matches = [
        (1, 1, "Saguaro Ridge Unified", "04", "CBE4", 1, 4, True, True, True, 6),
        (1, 2, None, None, "CBE4", 1, 3, False, False, False, 2),
    ]
    return {
        "pub8_requests": pl.DataFrame(
            requests, schema=PUB8_REQUESTS.empty().schema, orient="row"
        ),
        "pub8_matches": pl.DataFrame(
            matches, schema=PUB8_MATCHES.empty().schema, orient="row"
        ),
    }
