"""Trial: what a mapping makes of a file, before anybody keeps it. Writes nothing."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.contracts.sources import parse_source
from pcbl_pipeline.errors import ContractInvalid, SubmissionUnreadable
from pcbl_pipeline.mapping.apply import apply_source
from pcbl_pipeline.mapping.columns import fitting, missing_signs
from pcbl_pipeline.mapping.fill_in import names_to_give
from pcbl_pipeline.mapping.guard import keyed_fields
from pcbl_pipeline.mapping.soundness import require_sound
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.ingest import BYTES_PER_MB
from pcbl_pipeline.operations.recognise_tables import NO_SITE, throwaway_keyring
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.tables import TextTable
from pcbl_pipeline.settings import DEFAULT_SIZE_LIMIT_MB
from pcbl_pipeline.workspace import Workspace

_RECORDS_SHOWN = 5
_KEY_SHOWN = 8
_VALUES_SHOWN = 200
#: Who sends a file is not what a mapping makes of it.
_SENDER = "site_id"


@dataclass(frozen=True)
class Trial:
    """The receipt that the file would get, and the first records it becomes."""

    receipt: Receipt
    #: Field → text; keys are cut.
    records: list[dict[str, str | None]]
    #: How many records each skill has, the most frequent first.
    skills: dict[str, int] = field(default_factory=dict)
    #: The same for each level, in order.
    levels: dict[str, int] = field(default_factory=dict)
    #: Fields of a draft in which a name is still to be written.
    unfinished: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether something has to be corrected, in the file or in the mapping."""
        found = self.receipt.all_findings
        return any(item.severity is Severity.ERROR for item in found)


def try_mapping(
    text: str,
    path: Path,
    catalogue: Catalogue,
    *,
    workspace: Workspace | None = None,
    sender_id: str | None = None,
) -> Trial:
    """Read a file by a mapping that nobody keeps yet.

    Raises:
        ContractInvalid: If the mapping cannot be used, or the file lacks its signs.
        SubmissionUnreadable: If there is no such file, or no table in it.
        UnknownSender: If the sender is not of the workspace's network.
    """
    source = parse_source(text, catalogue.sources, name="The mapping")
    require_sound(source, catalogue.get(source.dataset))
    if not path.is_file():
        raise SubmissionUnreadable(f"There is no file {path}.")
    limit = DEFAULT_SIZE_LIMIT_MB * BYTES_PER_MB
    tables = read_file(path, path.name, size_limit_bytes=limit).tables
    fits = [table for table in tables if fitting(table.headers, [source])]
    if tables and not fits:
        lacking = min((missing_signs(t.headers, source) for t in tables), key=len)
        raise ContractInvalid(
            f"{path.name} does not bear the signs of `{source.source}`: it lacks "
            f"{', '.join(f'`{item}`' for item in lacking) or 'one of `any`'}."
        )
    receipt = check_file(
        path, catalogue=catalogue, workspace=workspace, sender_id=sender_id, own=source
    )
    found = _records(fits, source, catalogue) if fits else []
    return Trial(
        receipt,
        _first_records(found, catalogue.get(source.dataset)),
        skills=_counted(found, "competency_uri", by_count=True),
        levels=_counted(found, "level", by_count=False),
        unfinished=tuple(names_to_give(source)),
    )


def _records(
    tables: list[TextTable], source: SourceMapping, catalogue: Catalogue
) -> list[pl.LazyFrame]:
    contract = catalogue.get(source.dataset)
    found = apply_source(
        tables[0],
        contract,
        source,
        sender={_SENDER: NO_SITE, "ncessch": None},
        keyring=throwaway_keyring(),
    )
    return [item.field_rows for item in found if not item.refused]


def _counted(found: list[pl.LazyFrame], name: str, *, by_count: bool) -> dict[str, int]:
    """Count the different values of a field; of very many the most frequent."""
    there = [item for item in found if name in item.collect_schema().names()]
    if not there:
        return {}
    texts = pl.concat(item.select(name) for item in there).drop_nulls()
    counts = texts.group_by(name).agg(pl.len().alias("count")).collect()
    ordered = counts.sort(["count", name], descending=[True, False])
    kept = ordered.head(_VALUES_SHOWN)
    return dict((kept if by_count else kept.sort(name)).iter_rows())


def _first_records(
    found: list[pl.LazyFrame], contract: Contract
) -> list[dict[str, str | None]]:
    keyed = {item.name for item in keyed_fields(contract)}
    records = [
        row for item in found for row in item.head(_RECORDS_SHOWN).collect().to_dicts()
    ]
    return [
        {
            name: value[:_KEY_SHOWN] if value and name in keyed else value
            for name, value in row.items()
            if name in contract.field_names and name != _SENDER
        }
        for row in records[:_RECORDS_SHOWN]
    ]
