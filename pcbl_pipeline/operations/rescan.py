"""Rescan: the last look at every published text before a release is written.

What identifies by its form was taken out when rows came in, and a screen held the rest.
If any of it is here all the same, something went around both, and the release is blocked:
no decision of a site can let it through. What does not belong here: names, which a person
at the site may have released.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import FieldType, Privacy
from pcbl_pipeline.disclosure.redact import MAY_HOLD, redact
from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.publication.edition import EditionContent


def refuse_identifiers(
    editions: Mapping[Edition, EditionContent], catalogue: Catalogue, *, as_of: date
) -> None:
    """Block a release in whose texts something identifies a person by its form.

    Raises:
        PublicationBlocked: With table, column and kind, never with the text.
    """
    found = [
        f"{kind} in {column} of {table} ({edition})"
        for edition, content in editions.items()
        for table, rows in _tables(content).items()
        for column, kind in _identifiers(rows, catalogue, as_of)
    ]
    if found:
        raise PublicationBlocked(
            f"Published texts would identify a person: {'; '.join(sorted(set(found)))}. "
            "Have the sites that wrote them send the rows again, or withhold them."
        )


def _tables(content: EditionContent) -> dict[str, pl.DataFrame]:
    return {"lessons": content.lessons.lessons, **content.tables}


def _identifiers(
    rows: pl.DataFrame, catalogue: Catalogue, as_of: date
) -> Iterator[tuple[str, str]]:
    for name, has_public_days in _narrative_fields(catalogue).items():
        if rows.schema.get(name) != pl.String:
            continue
        texts = rows[name].drop_nulls().unique()
        for text in texts.filter(texts.str.contains(MAY_HOLD)):
            redacted = redact(text, received_on=as_of, bare_dates=not has_public_days)
            yield from ((name, kind.value) for kind in redacted.kinds)


def _narrative_fields(catalogue: Catalogue) -> dict[str, bool]:
    """Return the fields of free text, and whether days of laws may stand in them."""
    fields: dict[str, bool] = {}
    for contract in catalogue.contracts.values():
        for item in contract.fields:
            if item.type is FieldType.NARRATIVE:
                is_public = item.privacy is Privacy.PUBLIC
                fields[item.name] = fields.get(item.name, False) or is_public
    return fields
