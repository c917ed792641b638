"""The catalogue: all contracts, code lists and rules, loaded once and checked.

Reads `expectations/`; what does not belong here is anything derived from it.
"""

from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import Contract, ContractField, RuleText
from pcbl_pipeline.contracts.limits import LimitTable
from pcbl_pipeline.contracts.sources import Sources, load_sources
from pcbl_pipeline.errors import ContractInvalid, UnknownContract

M = TypeVar("M", bound=BaseModel)


class Catalogue:
    """Contracts by dataset, code lists and limit tables by name, rules by code."""

    def __init__(
        self,
        contracts: tuple[Contract, ...],
        code_lists: tuple[CodeList, ...],
        generic_rules: tuple[RuleText, ...],
        limit_tables: tuple[LimitTable, ...] = (),
        sources: Sources | None = None,
    ) -> None:
        """Check that they fit together.

        Raises:
            ContractInvalid: If a code list or limit table is missing, or a rule code
                is used twice.
        """
        self.contracts = {contract.dataset: contract for contract in contracts}
        self.code_lists = {item.name: item for item in code_lists}
        self.generic_rules = generic_rules
        self.limit_tables = {item.name: item for item in limit_tables}
        #: Mappings of other products' exports, by name.
        self.sources = sources or {}
        self._check_code_lists()
        self._check_limit_tables()
        self._check_rule_codes()

    @cached_property
    def rules(self) -> dict[str, RuleText]:
        """Every rule by code: the generic ones and those of each contract."""
        own = [rule for item in self.contracts.values() for rule in item.rules]
        return {rule.code: rule for rule in (*self.generic_rules, *own)}

    @cached_property
    def explained_by(self) -> dict[str, frozenset[str]]:
        """The codes that each root cause can explain, causes of causes first.

        Raises:
            ContractInvalid: If two rules explain each other, or one explains nothing.
        """
        named = {
            code: frozenset(c for c in self.rules if c.startswith(rule.explains))
            for code, rule in self.rules.items()
            if rule.explains
        }
        for code, explained in named.items():
            if not explained:
                raise ContractInvalid(f"Rule {code} explains rules that do not exist.")
        before = {
            code: {other for other, explained in named.items() if code in explained}
            for code in named
        }
        try:
            order = tuple(TopologicalSorter(before).static_order())
        except CycleError as error:
            raise ContractInvalid(f"Rules explain each other: {error}") from None
        return {code: named[code] for code in order}

    def get(self, dataset: str) -> Contract:
        """Return a contract.

        Raises:
            UnknownContract: If there is none of that name.
        """
        try:
            return self.contracts[dataset]
        except KeyError:
            raise UnknownContract(dataset, sorted(self.contracts)) from None

    def codes_of(self, field: ContractField) -> CodeList | None:
        """Return the code list of a field, if it has one."""
        return self.code_lists[field.code_list] if field.code_list else None

    def label(self, code_list: str, code: str | None) -> str:
        """Return a code's label for people; the code itself where it is unknown."""
        if code is None:
            return ""
        return self.code_lists[code_list].labels.get(code, code)

    def _check_code_lists(self) -> None:
        for contract in self.contracts.values():
            for field in contract.fields:
                if field.code_list and field.code_list not in self.code_lists:
                    raise ContractInvalid(
                        f"{contract.dataset}.{field.name} names the code list "
                        f"`{field.code_list}`, which is not in expectations/codelists."
                    )

    def _check_limit_tables(self) -> None:
        for contract in self.contracts.values():
            for column in contract.derived:
                if column.table and column.table not in self.limit_tables:
                    raise ContractInvalid(
                        f"{contract.dataset}.{column.name} names the limit table "
                        f"`{column.table}`, which is not in expectations/limits."
                    )

    def _check_rule_codes(self) -> None:
        codes = [rule.code for rule in self.generic_rules]
        codes += [rule.code for item in self.contracts.values() for rule in item.rules]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ContractInvalid(
                f"Rule codes are never reused; used twice: {', '.join(twice)}."
            )


def default_expectations_dir() -> Path:
    """Return the folder shipped with the package, or the checkout's."""
    shipped = Path(__file__).parents[1] / "expectations"
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / "expectations"


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Load every contract, code list and rule below a folder.

    Raises:
        ContractInvalid: With the file and what is wrong in it.
    """
    root = folder or default_expectations_dir()
    if not root.is_dir():
        raise ContractInvalid(f"There is no folder {root}; set PCBL_EXPECTATIONS_DIR.")
    contracts = [_load(path, Contract) for path in sorted(root.glob("*/contract.yaml"))]
    lists = [_load(path, CodeList) for path in sorted(root.glob("codelists/*.yaml"))]
    rules = [
        _validated(root / "rules.yaml", RuleText, item)
        for item in _read_yaml(root / "rules.yaml")["rules"]
    ]
    limits = [_load(path, LimitTable) for path in sorted(root.glob("limits/*.yaml"))]
    return Catalogue(
        tuple(contracts),
        tuple(lists),
        tuple(rules),
        tuple(limits),
        sources=load_sources(root),
    )


def _load(path: Path, model: type[M]) -> M:
    return _validated(path, model, _read_yaml(path))


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContractInvalid(f"{path.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ContractInvalid(f"{path} does not hold a mapping.")
    return content


def _validated(path: Path, model: type[M], content: object) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise ContractInvalid(f"{path}: {error}") from error
