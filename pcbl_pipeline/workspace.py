"""The composition root: builds store, lake, ledger and clock from the settings.

The only place where settings are read and the only clock; below it, plain values
travel. What does not belong here: doing anything with them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import yaml
from pydantic import ValidationError

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.errors import NetworkInvalid, WorkspaceMissing
from pcbl_pipeline.lake.layout import NETWORK_FILE, inbox
from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.lake.mappings import SiteMappings
from pcbl_pipeline.lake.pair_decisions import PairDecisions
from pcbl_pipeline.lake.quarantine import Quarantine
from pcbl_pipeline.lake.sentence_decisions import SentenceDecisions
from pcbl_pipeline.lake.tables import Lake
from pcbl_pipeline.lake.waivers import Waivers
from pcbl_pipeline.lake.withdrawals import Withdrawals
from pcbl_pipeline.model.network import Network
from pcbl_pipeline.settings import Settings, load_settings
from pcbl_pipeline.storage.open_store import open_store
from pcbl_pipeline.storage.store import Store


@dataclass(frozen=True)
class Workspace:
    """Everything an operation works with."""

    store: Store
    network: Network
    catalogue: Catalogue
    settings: Settings
    clock: Callable[[], datetime]
    lake: Lake
    quarantine: Quarantine
    ledger: Ledger
    waivers: Waivers
    site_mappings: SiteMappings
    sentence_decisions: SentenceDecisions
    pair_decisions: PairDecisions
    withdrawals: Withdrawals

    def local_day(self, moment: datetime) -> date:
        """Return the agency's calendar day of a moment."""
        return moment.astimezone(self.network.zone).date()


def open_workspace(settings: Settings | None = None) -> Workspace:
    """Open the workspace that the settings name.

    Raises:
        SettingsInvalid: If a setting is malformed.
        WorkspaceMissing: If there is no network definition; run `pcbl init`.
        NetworkInvalid: If the network definition is malformed.
    """
    settings = settings or load_settings()
    store = open_store(settings.store_url)
    return build_workspace(
        settings, store, parse_network(_network_text(settings, store))
    )


def create_workspace(settings: Settings, network_yaml: str) -> Workspace:
    """Set up a workspace: its network definition, if there is none, and the inboxes.

    Raises:
        NetworkInvalid: If the network definition is malformed; nothing is written.
    """
    network = parse_network(network_yaml)
    store = open_store(settings.store_url)
    if settings.network_file is None:
        store.put_if_absent(
            NETWORK_FILE, network_yaml.encode(), content_type="text/yaml"
        )
        network = parse_network(_network_text(settings, store))
    for sender_id in network.senders:
        # A folder shows an inbox only once something lies in it.
        store.put_if_absent(f"{inbox(sender_id)}.keep", b"", content_type="text/plain")
    return build_workspace(settings, store, network)


def build_workspace(settings: Settings, store: Store, network: Network) -> Workspace:
    """Put a workspace together from its parts."""
    catalogue = load_catalogue(settings.expectations_dir)
    return Workspace(
        store=store,
        network=network,
        catalogue=catalogue,
        settings=settings,
        clock=_now,
        lake=Lake(store, catalogue),
        quarantine=Quarantine(store),
        ledger=Ledger(store),
        waivers=Waivers(store),
        site_mappings=SiteMappings(store),
        sentence_decisions=SentenceDecisions(store),
        pair_decisions=PairDecisions(store),
        withdrawals=Withdrawals(store),
    )


def parse_network(text: str) -> Network:
    """Read a network definition.

    Raises:
        NetworkInvalid: With every problem at once.
    """
    try:
        return Network.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise NetworkInvalid(f"{NETWORK_FILE} is not YAML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in item['loc']) or 'file'}: {item['msg']}"
            for item in error.errors()
        )
        raise NetworkInvalid(f"{NETWORK_FILE} is not usable: {problems}") from error


def _network_text(settings: Settings, store: Store) -> str:
    if settings.network_file is not None:
        try:
            return settings.network_file.read_text(encoding="utf-8")
        except OSError as error:
            raise NetworkInvalid(f"{settings.network_file} cannot be read.") from error
    if store.head(NETWORK_FILE) is None:
        raise WorkspaceMissing(
            f"There is no {NETWORK_FILE} in {settings.store_url}. "
            "Run `pcbl init` there first, or point PCBL_STORE_URL at your workspace."
        )
    return store.get(NETWORK_FILE).decode()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one clock of the house
