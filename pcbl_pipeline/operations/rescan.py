"""Rescan: the last look at every published text before a release is written.

What identifies by its form was taken out when rows came in, and a screen held the rest.
If any of it is here all the same, something went around both, and the release is blocked:
no decision of a site can let it through. What does not belong here: names, which a person
at the site may have released.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractField, FieldType, Privacy
from pcbl_pipeline.disclosure.redact import MAY_HOLD, redact
from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.model.narrative import HitKind
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.publication.edition import EditionContent

#: What nothing else looks like. In short texts and web addresses digits mean other
#: things: laws have numbers, and addresses are full of them.
_CERTAIN: Mapping[FieldType, frozenset[HitKind]] = {
    FieldType.NARRATIVE: frozenset(HitKind),
    FieldType.TEXT: frozenset({HitKind.EMAIL, HitKind.PHONE}),
    FieldType.URI: frozenset({HitKind.EMAIL}),
}


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
    for name, fields in _free_texts(catalogue).items():
        if rows.schema.get(name) != pl.String:
            continue
        # Days of laws may stand where the text of any dataset is public.
        bare_dates = all(item.privacy is not Privacy.PUBLIC for item in fields)
        certain = frozenset().union(*(_CERTAIN[item.type] for item in fields))
        texts = rows[name].drop_nulls().unique()
        for text in texts.filter(texts.str.contains(MAY_HOLD)):
            redacted = redact(text, received_on=as_of, bare_dates=bare_dates)
            yield from (
                (name, kind.value) for kind in redacted.kinds if kind in certain
            )


def _free_texts(catalogue: Catalogue) -> Mapping[str, Collection[ContractField]]:
    """Return the fields by name in which a sender may write what it likes."""
    fields: dict[str, list[ContractField]] = {}
    for contract in catalogue.contracts.values():
        for item in contract.fields:
            if item.type in _CERTAIN and not item.pattern:
                fields.setdefault(item.name, []).append(item)
    return fields
