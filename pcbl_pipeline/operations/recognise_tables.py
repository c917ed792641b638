"""Recognise tables: as a dataset by its own headers, or as another product's export.

A table that bears the signs of a known export is mapped; every other one is recognised
by its headers, those included that its sender confirmed. Then nothing that names a
person goes any further. What does not belong here: judging rows.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.mapping.apply import apply_source
from pcbl_pipeline.mapping.columns import fitting
from pcbl_pipeline.mapping.guard import refuse_identifying
from pcbl_pipeline.mapping.keys import Keyring
from pcbl_pipeline.mapping.synonyms import note_confirmed, with_confirmed
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.site_mapping import SiteMapping
from pcbl_pipeline.operations.unknown_exports import told_as_export
from pcbl_pipeline.reading.recognise import (
    RecognisedFile,
    Recognition,
    check_sender,
    is_titled,
    recognise_all,
)
from pcbl_pipeline.reading.tables import ReadResult, TextTable

#: Stands for the site where nobody said whose file it is: no site has this id.
NO_SITE = "0100000"
_DISTRICT_DIGITS = 7
_SECRET_BYTES = 32


@dataclass(frozen=True, eq=False)
class Mappings:
    """What is known about a sender's own ways of writing, and its secret."""

    #: Asked for only when there are ids to hash.
    keyring: Callable[[], Keyring]
    site: SiteMapping = field(default_factory=SiteMapping)
    #: The sender's own source mappings; they go before the shipped ones.
    own: tuple[SourceMapping, ...] = ()
    #: The shipped ones, by name.
    sources: Mapping[str, SourceMapping] = field(default_factory=dict)

    def fitting(self, table: TextTable) -> SourceMapping | None:
        """Return the mapping of which a table bears the signs."""
        own = fitting(table.headers, self.own)
        return own or fitting(table.headers, self.sources.values())

    @classmethod
    def shipped(cls, catalogue: Catalogue) -> "Mappings":
        """Return the mappings that come with the contracts, and a secret to forget."""
        return cls(keyring=throwaway_keyring, sources=catalogue.sources)


def throwaway_keyring() -> Keyring:
    """Return a secret of this moment: for looking at a file, never for keeping it."""
    return Keyring(secrets.token_bytes(_SECRET_BYTES), "")


def recognise_tables(
    result: ReadResult,
    catalogue: Catalogue,
    mappings: Mappings,
    *,
    sender: Sender | None,
) -> RecognisedFile:
    """Recognise every table of a file."""
    mapped: list[Recognition] = []
    others: list[TextTable] = []
    for table in result.tables:
        source = mappings.fitting(table)
        if source is None or source.dataset not in catalogue.contracts:
            others.append(table)
        else:
            mapped += _map(table, source, catalogue, mappings, sender)
    recognised = recognise_all(
        replace(result, tables=tuple(others)),
        with_confirmed(catalogue, mappings.site),
        submitted_by=sender.kind if sender else None,
        sender=sender.sender_id if sender else None,
    )
    own = [note_confirmed(i, catalogue, mappings.site) for i in recognised.recognitions]
    if mapped:
        # Beside data, a sheet that is no dataset is likely to hold notes.
        own = [i for i in own if i.contract is not None or is_titled(i)]
    return RecognisedFile(
        tuple(told_as_export(refuse_identifying(i)) for i in (*mapped, *own)),
        recognised.findings,
    )


def _map(
    table: TextTable,
    source: SourceMapping,
    catalogue: Catalogue,
    mappings: Mappings,
    sender: Sender | None,
) -> list[Recognition]:
    contract = catalogue.get(source.dataset)
    found = apply_source(
        table, contract, source, sender=_facts(sender), keyring=mappings.keyring()
    )
    if sender is None:
        return [_say_that_no_site_is_named(item) for item in found]
    wrong = check_sender(contract, sender.kind, sender.sender_id)
    if wrong:
        return [replace(found[0], table=table, findings=wrong, refused=True)]
    return list(found)


def _facts(sender: Sender | None) -> dict[str, str | None]:
    """Return what an export says nothing about and its sender tells."""
    if sender is None:
        return {"site_id": NO_SITE, "ncessch": None}
    is_school = sender.kind == "site" and len(sender.sender_id) > _DISTRICT_DIGITS
    return {
        "site_id": sender.sender_id,
        "ncessch": sender.sender_id if is_school else None,
    }


def _say_that_no_site_is_named(item: Recognition) -> Recognition:
    told = "No site was named, so it was checked as if for any district."
    return replace(item, table=replace(item.table, read_as=(*item.table.read_as, told)))
