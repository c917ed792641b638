"""The catalogue: all contracts, code lists and rules, loaded once and checked.

Reads `expectations/`; what does not belong here is anything derived from it.
"""

import copy
from collections.abc import Callable
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pcbl_pipeline.contracts.codelist import Code, CodeList
from pcbl_pipeline.contracts.contract import (
    SCHEMA_VERSION,
    Contract,
    ContractField,
    RuleText,
)
from pcbl_pipeline.contracts.earlier import as_of
from pcbl_pipeline.contracts.limits import LimitTable
from pcbl_pipeline.contracts.source_errors import why_not_usable, why_not_yaml
from pcbl_pipeline.contracts.sources import Sources, load_sources
from pcbl_pipeline.contracts.terms import TERM_LIST, StateTerm
from pcbl_pipeline.contracts.versions import in_order
from pcbl_pipeline.errors import ContractInvalid, UnknownContract

M = TypeVar("M", bound=BaseModel)


class Catalogue:
    """Contracts by dataset, code lists and limit tables by name, rules by code."""

    def __init__(  # noqa: PLR0913 - what a catalogue is made of
        self,
        contracts: tuple[Contract, ...],
        code_lists: tuple[CodeList, ...],
        generic_rules: tuple[RuleText, ...],
        limit_tables: tuple[LimitTable, ...] = (),
        *,
        sources: Sources | None = None,
        other_versions: tuple[Contract, ...] = (),
        state_terms: tuple[StateTerm, ...] = (),
    ) -> None:
        """Check that they fit together.

        `contracts` are the present ones; `other_versions` judge other school years.

        Raises:
            ContractInvalid: If a code list or limit table is missing, a rule code is
                used twice, or two versions of a dataset cannot stand beside each other.
        """
        self.contracts = {contract.dataset: contract for contract in contracts}
        self._versions = self._by_dataset(other_versions)
        self.code_lists = {item.name: item for item in code_lists}
        self.generic_rules = generic_rules
        self.limit_tables = {item.name: item for item in limit_tables}
        #: Mappings of other products' exports, by name.
        self.sources = sources or {}
        self.state_terms = state_terms
        self._check_code_lists()
        self._check_limit_tables()
        self._check_rule_codes()
        self._check_terms()

    @cached_property
    def rules(self) -> dict[str, RuleText]:
        """Every rule by code: the generic ones and those of each contract.

        Of a rule that several versions have, the present one's words.
        """
        others = [rule for item in self.every_version for rule in item.rules]
        own = [rule for item in self.contracts.values() for rule in item.rules]
        return {rule.code: rule for rule in (*self.generic_rules, *others, *own)}

    @property
    def every_version(self) -> tuple[Contract, ...]:
        """Every version of every dataset, the datasets in order."""
        return tuple(item for name in self.contracts for item in self._versions[name])

    def versions(self, dataset: str) -> tuple[Contract, ...]:
        """Return a dataset's versions, the one that begins first in front.

        Raises:
            UnknownContract: If there is no such dataset.
        """
        return self._versions[self.get(dataset).dataset]

    def version(self, dataset: str, version: str) -> Contract:
        """Return one version of a dataset's contract.

        One that a later version only adds to is made from that one (`earlier`).

        Raises:
            UnknownContract: If there is no such dataset or version.
        """
        known = {item.version: item for item in self.versions(dataset)}
        for item in self.versions(dataset):
            known |= {v: as_of(item, v) or item for v in item.adds_to if v not in known}
        try:
            return known[version]
        except KeyError:
            there = [f"{dataset} {name}" for name in sorted(known)]
            raise UnknownContract(f"{dataset} {version}", there) from None

    def rule(self, code: str, contract: Contract) -> RuleText:
        """Return a rule as a version of a contract words and weighs it.

        Raises:
            KeyError: If there is no rule of that code.
        """
        own = {rule.code: rule for rule in contract.rules}
        return own.get(code) or self.rules[code]

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

    def with_contract(self, contract: Contract) -> "Catalogue":
        """Return a catalogue in which a contract stands in place of its version.

        A version that there was not is added, and is the present one if it begins
        last; so is a dataset that there was not.

        Raises:
            ContractInvalid: If the contract does not fit the others.
        """
        kept = [
            item
            for item in self.every_version
            if (item.dataset, item.version) != (contract.dataset, contract.version)
        ]
        newest: dict[str, Contract] = {}
        for item in (*kept, contract):
            last = newest.setdefault(item.dataset, item)
            if item.valid_from > last.valid_from:
                newest[item.dataset] = item
        present = tuple(newest.values())
        lists = {**self.code_lists, SCHEMA_VERSION: self._naming(contract.version)}
        return Catalogue(
            present,
            tuple(lists.values()),
            self.generic_rules,
            tuple(self.limit_tables.values()),
            sources=self.sources,
            other_versions=tuple(i for i in (*kept, contract) if i not in present),
            state_terms=self.state_terms,
        )

    def with_each(self, change: Callable[[Contract], Contract]) -> "Catalogue":
        """Return a catalogue in which every version is changed, and not checked anew.

        For changes that keep a contract's names and rules, such as more synonyms.
        """
        changed = copy.copy(self)
        changed.contracts = {name: change(c) for name, c in self.contracts.items()}
        changed._versions = {  # noqa: SLF001 - a copy of ourselves
            name: tuple(
                changed.contracts[name] if v == self.contracts[name] else change(v)
                for v in versions
            )
            for name, versions in self._versions.items()
        }
        return changed

    def _naming(self, version: str) -> CodeList:
        """Return the list of versions with one more in it, if it is not there."""
        codes = self.code_lists[SCHEMA_VERSION]
        if version in codes.values:
            return codes
        added = (*codes.codes, Code(code=version, label=version))
        return codes.model_copy(update={"codes": added})

    def codes_of(self, field: ContractField) -> CodeList | None:
        """Return the code list of a field, if it has one."""
        return self.code_lists[field.code_list] if field.code_list else None

    def label(self, code_list: str, code: str | None) -> str:
        """Return a code's label for people; the code itself where it is unknown."""
        if code is None:
            return ""
        return self.code_lists[code_list].labels.get(code, code)

    def _by_dataset(
        self, others: tuple[Contract, ...]
    ) -> dict[str, tuple[Contract, ...]]:
        strangers = sorted({i.dataset for i in others} - set(self.contracts))
        if strangers:
            raise ContractInvalid(
                f"{', '.join(strangers)}: a version without a present contract."
            )
        return {
            name: in_order(
                (present, *[item for item in others if item.dataset == name])
            )
            for name, present in self.contracts.items()
        }

    def _check_code_lists(self) -> None:
        for contract in self.every_version:
            for field in contract.fields:
                if field.code_list and field.code_list not in self.code_lists:
                    raise ContractInvalid(
                        f"{contract.dataset}.{field.name} names the code list "
                        f"`{field.code_list}`, which is not in expectations/codelists."
                    )
            self._check_version_is_listed(contract)

    def _check_version_is_listed(self, contract: Contract) -> None:
        """A template offers the versions that a file may name, so each is a code."""
        if SCHEMA_VERSION not in contract.field_names:
            return
        codes = self.codes_of(contract.field(SCHEMA_VERSION))
        if codes is not None and contract.version not in codes.values:
            raise ContractInvalid(
                f"{contract.dataset} {contract.version} is not in the code list "
                f"`{codes.name}`; add the version there."
            )

    def _check_terms(self) -> None:
        for term in self.state_terms:
            if term.term_code not in self.code_lists[TERM_LIST].values:
                raise ContractInvalid(
                    f"terms.yaml names `{term.term_code}`, which is not in the code "
                    f"list `{TERM_LIST}`."
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
        for versions in self._versions.values():
            names = {(rule.code, rule.name) for v in versions for rule in v.rules}
            codes += [code for code, _ in names]
        for item in self.every_version:
            own = [rule.code for rule in item.rules]
            codes += [code for code in set(own) for _ in range(own.count(code) - 1)]
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
    others = [_load(path, Contract) for path in sorted(root.glob("*/versions/*.yaml"))]
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
        other_versions=tuple(others),
        state_terms=_load_terms(root / "terms.yaml"),
    )


def _load_terms(path: Path) -> tuple[StateTerm, ...]:
    """Load the crosswalk of terms; a folder may have none."""
    if not path.is_file():
        return ()
    items = _read_yaml(path)["terms"]
    return tuple(_validated(path, StateTerm, item) for item in items)


def load_contract(path: Path) -> Contract:
    """Load one contract file, wherever it lies.

    Raises:
        ContractInvalid: With the file and what is wrong in it.
    """
    return _load(path, Contract)


def load_changed(path: Path) -> Contract | CodeList:
    """Load a contract or a code list, by what the file holds, wherever it lies.

    Raises:
        ContractInvalid: If it is neither, or something in it is wrong.
    """
    content = _read_yaml(path)
    if "dataset" in content:
        return _validated(path, Contract, content)
    if "codes" in content:
        return _validated(path, CodeList, content)
    raise ContractInvalid(
        f"{path} is neither a contract nor a code list: it has no `dataset` and no "
        "`codes`."
    )


def load_code_lists_beside(path: Path) -> dict[str, CodeList] | None:
    """Load the code lists of the folder in which a contract lies; None: none there."""
    above = path.resolve().parent.parent
    for folder in (above, above.parent):
        found = sorted((folder / "codelists").glob("*.yaml"))
        if found:
            lists = [_load(item, CodeList) for item in found]
            return {item.name: item for item in lists}
    return None


def _load(path: Path, model: type[M]) -> M:
    return _validated(path, model, _read_yaml(path))


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContractInvalid(f"{path} is not a text file in UTF-8.") from error
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise ContractInvalid(f"{path} cannot be read: {why}.") from error
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ContractInvalid(f"{path}: {why_not_yaml(text, error)}") from error
    if not isinstance(content, dict):
        raise ContractInvalid(
            f"{path} holds no names with values, as YAML writes them."
        )
    return content


def _validated(path: Path, model: type[M], content: object) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        why = why_not_usable(error, what="The file", words=sorted(model.model_fields))
        raise ContractInvalid(f"{path}: {why}") from error
