"""What changed between two files of `expectations/`: contracts or code lists.

Reads them; what a change means is decided in `diff`.
"""

from pathlib import Path

from pcbl_pipeline.contracts.catalogue import (
    Catalogue,
    load_changed,
    load_code_lists_beside,
)
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.diff import (
    Change,
    CodeLists,
    diff_code_lists,
    diff_contracts,
)
from pcbl_pipeline.errors import ContractInvalid


def diff_files(old: Path, new: Path, catalogue: Catalogue) -> tuple[Change, ...]:
    """List what changed from one file to another, what breaks first.

    A contract's code lists are those that lie beside it, else those of the catalogue.

    Raises:
        ContractInvalid: If a file cannot be used, or they do not belong together.
    """
    before, after = load_changed(old), load_changed(new)
    if isinstance(before, Contract) and isinstance(after, Contract):
        lists = [
            _lists(path, contract, catalogue)
            for path, contract in ((old, before), (new, after))
        ]
        return diff_contracts(before, after, *lists)
    if isinstance(before, CodeList) and isinstance(after, CodeList):
        return diff_code_lists(before, after)
    raise ContractInvalid(f"Of {old} and {new}, one is a contract and one a code list.")


def _lists(path: Path, contract: Contract, catalogue: Catalogue) -> CodeLists:
    lists = load_code_lists_beside(path) or catalogue.code_lists
    for field in contract.fields:
        if field.code_list and field.code_list not in lists:
            raise ContractInvalid(
                f"{path}: `{field.name}` names the code list `{field.code_list}`, and "
                "there is no such list beside it."
            )
    return lists
