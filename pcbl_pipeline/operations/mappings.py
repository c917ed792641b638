"""Mappings: what is known about one sender's ways of writing, as an operation needs it.

What does not belong here: changing any of it (`confirm`), and using it.
"""

import hashlib
import hmac
import secrets

from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.contracts.sources import parse_source
from pcbl_pipeline.errors import SettingsInvalid
from pcbl_pipeline.lake.layout import LEARNER_KEY, LEARNER_KEY_CHECK
from pcbl_pipeline.mapping.keys import Keyring
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.site_mapping import SiteMapping
from pcbl_pipeline.operations.recognise_tables import Mappings, throwaway_keyring
from pcbl_pipeline.workspace import Workspace

_SECRET_BYTES = 32
_BYTES = "application/octet-stream"


def mappings_of(
    workspace: Workspace,
    sender: Sender,
    *,
    version: int | None = None,
    to_keep: bool = True,
) -> Mappings:
    """Return a sender's mappings, as they are or as they were at a version.

    With `to_keep` off, ids are hashed with a secret of the moment: for a look at a file
    that leaves nothing behind.

    Raises:
        ContractInvalid: If a mapping of the sender's own is not usable any more.
    """
    known = workspace.site_mappings
    site = (
        known.newest(sender.sender_id)
        if version is None
        else known.at(sender.sender_id, version)
    )
    return Mappings(
        keyring=lambda: _keyring(workspace, sender) if to_keep else throwaway_keyring(),
        site=site,
        own=own_sources(workspace, site),
        sources=workspace.catalogue.sources,
    )


def own_sources(workspace: Workspace, site: SiteMapping) -> tuple[SourceMapping, ...]:
    """Return the source mappings that a sender added, the newest first."""
    shipped = workspace.catalogue.sources
    return tuple(
        parse_source(item.text, shipped, name=f"mapping {item.source}")
        for item in site.sources
    )


def _keyring(workspace: Workspace, sender: Sender) -> Keyring:
    """Return the agency's secret for one district, or agency.

    Raises:
        SettingsInvalid: If it is not the one that hashed what is in the lake.
    """
    configured = workspace.settings.learner_key
    if configured is not None:
        secret = configured.get_secret_value().encode()
    else:
        secret = _kept_secret(workspace)
    check = hmac.new(secret, b"check", hashlib.sha256).hexdigest()[:16].encode()
    store = workspace.store
    store.put_if_absent(LEARNER_KEY_CHECK, check, content_type=_BYTES)
    if not hmac.compare_digest(store.get(LEARNER_KEY_CHECK), check):
        raise SettingsInvalid(
            "PCBL_LEARNER_KEY is not the secret with which learners were hashed before. "
            "With another one nobody could be followed from file to file. Set it to the "
            "earlier secret."
        )
    return Keyring(secret, sender.leaid or sender.sender_id)


def _kept_secret(workspace: Workspace) -> bytes:
    store = workspace.store
    if store.head(LEARNER_KEY) is None:
        made = secrets.token_bytes(_SECRET_BYTES)
        store.put_if_absent(LEARNER_KEY, made, content_type=_BYTES)
    return store.get(LEARNER_KEY)
