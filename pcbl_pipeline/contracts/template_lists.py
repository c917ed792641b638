"""What the drop-downs of a template offer: what the contract allows, and no more.

Derived from the code lists and from the contract's own rules. What does not belong
here: how a workbook shows it.
"""

from collections.abc import Sequence
from functools import cached_property

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import (
    SCHEMA_VERSION,
    Contract,
    ContractField,
    FieldType,
)
from pcbl_pipeline.model.finding import Severity

_REFUSES = "expect_column_values_to_not_be_in_set"


class Lists:
    """The code lists that the templates of some datasets offer."""

    def __init__(self, contracts: Sequence[Contract], catalogue: Catalogue) -> None:
        """Prepare the lists of some contracts."""
        self._contracts = contracts
        self._catalogue = catalogue

    def of(self, contract: Contract, field: ContractField) -> CodeList | None:
        """Return the codes that a field may hold now; None where it holds no codes.

        A code is left out when it is out of use, and when an error of the contract
        refuses it in every row.
        """
        codes = self._catalogue.codes_of(field)
        if codes is None or field.type not in {FieldType.CODE, FieldType.CODES}:
            return None
        if field.name == SCHEMA_VERSION:
            own = [item for item in codes.codes if item.code == contract.version]
            return codes.model_copy(update={"codes": tuple(own)})
        in_use = tuple(item for item in codes.codes if item.valid_to is None)
        refused = _refused(contract, field)
        offered = tuple(item for item in in_use if item.code not in refused)
        title = codes.title
        if len(offered) < len(in_use):
            title = f"{codes.title}, for {contract.dataset}"
        return codes.model_copy(update={"codes": offered, "title": title})

    @cached_property
    def to_write(self) -> tuple[CodeList, ...]:
        """The lists that do not fit into a drop-down itself, by name and title."""
        found: dict[tuple[str, str], CodeList] = {}
        for contract in self._contracts:
            for field in contract.fields:
                codes = self.of(contract, field)
                if codes is not None and field.name != SCHEMA_VERSION:
                    found[codes.name, codes.title] = codes
        return tuple(found[key] for key in sorted(found))


def offered_years(contract: Contract, years: Sequence[str]) -> list[str]:
    """Return those of some school years that are collected by a contract."""
    last = contract.valid_to or max(years, default="")
    return [year for year in years if contract.valid_from <= year <= last]


def _refused(contract: Contract, field: ContractField) -> set[str]:
    return {
        code
        for rule in contract.rules
        if rule.severity is Severity.ERROR and not rule.when
        if rule.expectation == _REFUSES and rule.kwargs.get("column") == field.name
        for code in rule.kwargs["value_set"]
    }
