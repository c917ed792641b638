"""Candidates: how well a table fits each contract.

What does not belong here: what is said to a sender whose table fits none or badly.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract, Presence
from pcbl_pipeline.reading.headers import HeaderIndex, header_key
from pcbl_pipeline.reading.tables import TextTable

#: A table with this share of a contract's weight is meant to be that dataset, so
#: that what is missing can be named.
_LIKELY = 0.5


@dataclass(frozen=True, eq=False)
class Candidate:
    """One contract and the columns of a table that are its fields."""

    contract: Contract
    index: HeaderIndex
    #: Field → positions of the headers that mean it; more than one is too many.
    positions: Mapping[str, tuple[int, ...]]
    #: Weight of the fields that are there.
    weight: float
    #: That weight as a share: of those that are there or must be.
    share: float
    #: Whether the name of the sheet or file names the dataset.
    is_named: bool
    #: Whether the sheet has that very name, so that it was surely meant to be it.
    is_titled: bool
    #: Of the fields that are there, those that no other dataset has.
    telling: frozenset[str]

    @property
    def is_likely(self) -> bool:
        """Whether the table is meant to be this dataset."""
        return self.share >= _LIKELY


def rank_candidates(table: TextTable, catalogue: Catalogue) -> list[Candidate]:
    """Rank all datasets by how well a table fits, the best first.

    Of a dataset's versions the one that fits best stands for it, the newest of equals.
    """
    shared_by = _datasets_with(catalogue)
    candidates = [
        max(
            (
                _assess(table, version, shared_by)
                for version in reversed(catalogue.versions(dataset))
            ),
            key=lambda item: (item.share, item.weight),
        )
        for dataset in catalogue.contracts
    ]
    candidates.sort(key=lambda item: item.contract.dataset)
    candidates.sort(
        key=lambda item: (item.is_likely, item.weight, item.is_named, item.share),
        reverse=True,
    )
    return candidates


def assess(table: TextTable, contract: Contract, catalogue: Catalogue) -> Candidate:
    """Say how well a table fits one version of a contract."""
    return _assess(table, contract, _datasets_with(catalogue))


def _datasets_with(catalogue: Catalogue) -> Counter[str]:
    """Count the datasets that have a field of each name."""
    return Counter(
        name
        for dataset in catalogue.contracts
        for name in {n for v in catalogue.versions(dataset) for n in v.field_names}
    )


def _assess(
    table: TextTable, contract: Contract, shared_by: Mapping[str, int]
) -> Candidate:
    index = HeaderIndex(contract)
    positions: dict[str, tuple[int, ...]] = {}
    for position, header in enumerate(table.headers):
        field = index.find_field(header)
        if field is not None:
            positions[field] = (*positions.get(field, ()), position)
    present = missing = 0.0
    for item in contract.fields:
        # The key counts twice, and what other datasets have too counts less.
        weight = (2 if item.name in contract.key else 1) / shared_by[item.name]
        if item.name in positions:
            present += weight
        elif item.presence is Presence.REQUIRED:
            missing += weight
    return Candidate(
        contract=contract,
        index=index,
        positions=positions,
        weight=present,
        share=present / (present + missing) if positions else 0.0,
        is_named=_is_named(table, contract),
        is_titled=_is_titled(table, contract),
        telling=frozenset(name for name in positions if shared_by[name] == 1),
    )


def _is_titled(table: TextTable, contract: Contract) -> bool:
    if table.sheet is None:
        return False
    # In an archive, the member that the sheet is in stands in front.
    name = table.sheet.removeprefix(f"{table.member}: ")
    return header_key(name) in {
        header_key(t) for t in (contract.dataset, contract.title)
    }


def _is_named(table: TextTable, contract: Contract) -> bool:
    name = header_key(table.sheet if table.sheet is not None else table.file_name)
    return any(header_key(text) in name for text in (contract.dataset, contract.title))
