"""Confirm: what a sender's headers and values mean, and mappings of its own exports.

Each confirmation makes a new version of that sender's mapping; the nightly run judges
again what waits for it. What does not belong here: guessing any of it.
"""

from collections.abc import Mapping
from datetime import date, datetime

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.contracts.sources import parse_source
from pcbl_pipeline.errors import ContractInvalid
from pcbl_pipeline.mapping.soundness import require_finished, require_sound
from pcbl_pipeline.model.site_mapping import (
    AddedSource,
    ConfirmedCode,
    ConfirmedHeader,
    SiteMapping,
)
from pcbl_pipeline.reading.headers import HeaderIndex, header_key
from pcbl_pipeline.workspace import Workspace


def confirm_headers(
    workspace: Workspace,
    sender_id: str,
    dataset: str,
    meanings: Mapping[str, str],
    *,
    by: str,
) -> SiteMapping:
    """Confirm that headers of a sender mean fields; return the newest version.

    Raises:
        UnknownSender: If the sender is not of the network.
        UnknownContract: If there is no such dataset.
        ContractInvalid: If there is no such field, or a header means another one.
    """
    workspace.network.get_sender(sender_id)
    contract = workspace.catalogue.get(dataset)
    index = HeaderIndex(contract)
    for header, field in meanings.items():
        _require_field(contract, field)
        means = index.find_field(header)
        if means not in {None, field} or not header_key(header):
            raise ContractInvalid(
                f"The header `{header}` cannot be confirmed: in {dataset} it means "
                f"`{means or 'nothing'}`."
            )
    now = workspace.clock()

    def change(newest: SiteMapping) -> SiteMapping:
        stamp = _stamp(newest, workspace.local_day(now), by)
        entries = tuple(
            ConfirmedHeader(dataset=dataset, header=header, field=field, **stamp)
            for header, field in meanings.items()
        )
        same = {(dataset, header_key(header)) for header in meanings}
        kept = [
            item
            for item in newest.headers
            if (item.dataset, header_key(item.header)) not in same
        ]
        known = {(i.dataset, header_key(i.header), i.field) for i in newest.headers}
        if all((dataset, header_key(h), f) in known for h, f in meanings.items()):
            return newest
        return _next(newest, sender_id, now, by, headers=(*kept, *entries))

    return workspace.site_mappings.change(sender_id, change)


def confirm_codes(
    workspace: Workspace,
    sender_id: str,
    column: tuple[str, str],
    meanings: Mapping[str, str],
    *,
    by: str,
) -> SiteMapping:
    """Confirm that values of a sender mean codes; return the newest version.

    `column` is the dataset and the field.

    Raises:
        UnknownSender: If the sender is not of the network.
        UnknownContract: If there is no such dataset.
        ContractInvalid: If the field has no list, or the list no such code.
    """
    workspace.network.get_sender(sender_id)
    dataset, field = column
    contract = workspace.catalogue.get(dataset)
    _require_field(contract, field)
    codes = workspace.catalogue.codes_of(contract.field(field))
    allowed = codes.values if codes else ()
    for code in meanings.values():
        if code not in allowed:
            listed = ", ".join(allowed) or "it has no list of codes"
            raise ContractInvalid(
                f"`{code}` is no code of {dataset}.{field}. Allowed: {listed}."
            )
    now = workspace.clock()

    def change(newest: SiteMapping) -> SiteMapping:
        stamp = _stamp(newest, workspace.local_day(now), by)
        entries = tuple(
            ConfirmedCode(dataset=dataset, field=field, value=value, code=code, **stamp)
            for value, code in meanings.items()
        )
        same = {(dataset, field, value) for value in meanings}
        kept = [
            item
            for item in newest.codes
            if (item.dataset, item.field, item.value) not in same
        ]
        known = {(i.dataset, i.field, i.value, i.code) for i in newest.codes}
        if all((dataset, field, v, c) in known for v, c in meanings.items()):
            return newest
        return _next(newest, sender_id, now, by, codes=(*kept, *entries))

    return workspace.site_mappings.change(sender_id, change)


def add_source(
    workspace: Workspace, sender_id: str, text: str, *, by: str, name: str
) -> tuple[SiteMapping, SourceMapping]:
    """Keep a source mapping for a sender; return the newest version and the mapping.

    Raises:
        UnknownSender: If the sender is not of the network.
        ContractInvalid: If the mapping cannot be used; `name` is that of its file.
    """
    workspace.network.get_sender(sender_id)
    source = parse_source(text, workspace.catalogue.sources, name=name)
    require_sound(source, workspace.catalogue.get(source.dataset))
    require_finished(source)
    now = workspace.clock()

    def change(newest: SiteMapping) -> SiteMapping:
        if any(item.text == text for item in newest.sources):
            return newest
        stamp = _stamp(newest, workspace.local_day(now), by)
        entry = AddedSource(source=source.source, text=text, **stamp)
        kept = [item for item in newest.sources if item.source != source.source]
        return _next(newest, sender_id, now, by, sources=(entry, *kept))

    return workspace.site_mappings.change(sender_id, change), source


def _require_field(contract: Contract, field: str) -> None:
    if field not in contract.field_names:
        raise ContractInvalid(
            f"`{field}` is no column of {contract.dataset}. Its columns are "
            f"{', '.join(contract.field_names)}."
        )


def _stamp(newest: SiteMapping, day: date, by: str) -> dict[str, object]:
    return {
        "confirmed_on": day,
        "confirmed_by": by,
        "since_version": newest.version + 1,
    }


def _next(
    newest: SiteMapping, sender_id: str, now: datetime, by: str, **changes: object
) -> SiteMapping:
    return newest.model_copy(
        update={
            "sender_id": sender_id,
            "version": newest.version + 1,
            "changed_at": now,
            "changed_by": by,
            **changes,
        }
    )
