"""Contract → GX expectation suite: stock expectations with our codes in their `meta`.

A suite can be written as JSON and run in stock GX on pandas or Spark over the columns
that `prepare` makes. What does not belong here: judging, and the words of a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.row_conditions import (
    AndCondition,
    Column,
    Condition,
)

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.codelist import Code
from pcbl_pipeline.contracts.contract import (
    SCHEMA_VERSION,
    SCHOOL_YEAR,
    Contract,
    ContractField,
    ContractRule,
    FieldType,
    Presence,
)
from pcbl_pipeline.contracts.versions import years_in_words
from pcbl_pipeline.contracts.wording import names_together
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.identifiers import school_year_of
from pcbl_pipeline.validation.checks import form_checks, range_check, required_words
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.ownership import OWNER_RULES, owner_check
from pcbl_pipeline.validation.prepare import (
    given_name,
    how_name,
    text_name,
)
from pcbl_pipeline.validation.written import How

#: Our severity → Great Expectations' own.
GX_SEVERITY = {
    Severity.ERROR: FailureSeverity.CRITICAL,
    Severity.WARNING: FailureSeverity.WARNING,
    Severity.INFO: FailureSeverity.INFO,
}
#: Expectations about whether anything was written at all.
_ABOUT_PRESENCE = {
    "expect_column_values_to_be_null",
    "expect_column_values_to_not_be_null",
}


@dataclass(frozen=True)
class Use:
    """One rule applied to one field: the expectation, and what to say of it."""

    code: str
    severity: Severity
    #: The field to which a finding points.
    field: str
    expected: str
    configuration: ExpectationConfiguration


@dataclass(frozen=True)
class CompiledSuite:
    """A contract's rules, ready to run, and those that cannot be run here."""

    name: str
    uses: tuple[Use, ...]
    #: Codes of rules left out for lack of knowledge, for instance offline.
    unchecked: tuple[str, ...]


def compile_suite(
    contract: Contract, catalogue: Catalogue, circumstances: Circumstances
) -> CompiledSuite:
    """Compile a contract into GX expectations, field by field, then rule by rule."""
    compiler = _Compiler(contract, catalogue, circumstances)
    uses = tuple(compiler.uses())
    return CompiledSuite(
        name=f"{contract.dataset}_{contract.version}",
        uses=uses,
        unchecked=tuple(compiler.unchecked),
    )


def out_of_use(item: Code, circumstances: Circumstances) -> Iterator[Condition]:
    """Yield the conditions of rows in whose school year a code was not in use."""
    starts = circumstances.school_year_starts
    year = Column(SCHOOL_YEAR)
    if item.valid_from:
        yield year < school_year_of(item.valid_from, starts=starts)
    if item.valid_to:
        yield year > school_year_of(item.valid_to, starts=starts)


class _Compiler:
    def __init__(
        self, contract: Contract, catalogue: Catalogue, circumstances: Circumstances
    ) -> None:
        self.contract = contract
        self.catalogue = catalogue
        self.circumstances = circumstances
        self.unchecked: list[str] = []

    def uses(self) -> Iterator[Use]:
        for field in self.contract.fields:
            yield from self._presence(field)
            yield from self._unread(field)
            yield from self._form(field)
            yield from self._validity(field)
        yield from self._key()
        yield from self._owner()
        yield from self._version()
        for rule in self.contract.rules:
            yield from self._own_rule(rule)

    def _presence(self, field: ContractField) -> Iterator[Use]:
        code = {Presence.REQUIRED: "R303", Presence.RECOMMENDED: "R302"}.get(
            field.presence
        )
        if code:
            yield self._use(
                code,
                field.name,
                required_words(field),
                "expect_column_values_to_not_be_null",
                {"column": given_name(field.name)},
            )

    def _unread(self, field: ContractField) -> Iterator[Use]:
        """Add the rules about cells that could not be read at all."""
        codes = {How.ERROR: "R315"}
        if field.type in {FieldType.INTEGER, FieldType.DECIMAL}:
            codes[How.UNCLEAR] = "R316"
        if field.is_count:
            codes[How.SHARE] = "R318"
        if field.type is FieldType.DATE:
            codes[How.NO_DAY] = "R319"
        form = form_checks(field, self.catalogue)
        expected = form[0].expected if form else required_words(field)
        for how, code in codes.items():
            yield self._use(
                code,
                field.name,
                required_words(field) if how is How.ERROR else expected,
                "expect_column_values_to_not_be_in_set",
                {"column": how_name(field.name), "value_set": [how.value]},
            )

    def _form(self, field: ContractField) -> Iterator[Use]:
        for check in form_checks(field, self.catalogue):
            kwargs = {"column": text_name(field.name), **check.kwargs}
            yield self._use(
                check.code, field.name, check.expected, check.expectation, kwargs
            )
        in_range = range_check(field)
        if in_range:
            kwargs = {"column": field.name, **in_range.kwargs}
            yield self._use(
                in_range.code,
                field.name,
                in_range.expected,
                in_range.expectation,
                kwargs,
            )

    def _validity(self, field: ContractField) -> Iterator[Use]:
        """Add a rule for each code that was not always in use (by school year)."""
        codes = self.catalogue.codes_of(field)
        if codes is None or field.type is not FieldType.CODE:
            return
        if "school_year" not in self.contract.field_names:
            return
        for item in codes.codes:
            for condition in out_of_use(item, self.circumstances):
                yield self._use(
                    "R314",
                    field.name,
                    f"A code that was in use that year; {item.code} was not.",
                    "expect_column_values_to_not_be_in_set",
                    {"column": text_name(field.name), "value_set": [item.code]},
                    condition,
                )

    def _key(self) -> Iterator[Use]:
        key = list(self.contract.key)
        words = f"Each {names_together(self.contract.key)} once."
        if len(key) == 1:
            expectation, kwargs = (
                "expect_column_values_to_be_unique",
                {"column": key[0]},
            )
            yield self._use("K401", key[0], words, expectation, kwargs)
            return
        kwargs_list: dict[str, Any] = {
            "column_list": key,
            "ignore_row_if": "any_value_is_missing",
        }
        yield self._use(
            "K401", key[0], words, "expect_compound_columns_to_be_unique", kwargs_list
        )

    def _owner(self) -> Iterator[Use]:
        owner, sender = self.contract.owner_field, self.circumstances.sender
        if owner is None:
            return
        if sender is None:
            self.unchecked.append(OWNER_RULES[self.contract.submitted_by])
            return
        check = owner_check(self.contract.submitted_by, sender)
        kwargs = {"column": owner, **check.kwargs}
        yield self._use(check.code, owner, check.expected, check.expectation, kwargs)

    def _version(self) -> Iterator[Use]:
        """Add what follows from there being versions with dates."""
        versions = self.catalogue.versions(self.contract.dataset)
        if self._may_name_another_version():
            own, years = self.contract.version, years_in_words(versions, self.contract)
            yield self._use(
                "C240",
                SCHEMA_VERSION,
                f"{own}, the version for {years}.",
                "expect_column_values_to_be_in_set",
                {"column": SCHEMA_VERSION, "value_set": [*self.contract.adds_to, own]},
            )
        last = self.contract.valid_to
        if last is not None:
            yield self._use(
                "C241",
                SCHOOL_YEAR,
                f"A school year up to {last}.",
                "expect_column_values_to_be_null",
                {"column": text_name(SCHOOL_YEAR)},
                Column(SCHOOL_YEAR) > last,
            )

    def _may_name_another_version(self) -> bool:
        if SCHEMA_VERSION not in self.contract.field_names:
            return False
        codes = self.catalogue.codes_of(self.contract.field(SCHEMA_VERSION))
        # With one version in the list, any other text is no version at all.
        return codes is not None and len(codes.values) > 1

    def _own_rule(self, rule: ContractRule) -> Iterator[Use]:
        missing = [
            column
            for column in self.contract.derived
            if column.name in rule.names and not self.circumstances.can_derive(column)
        ]
        if missing:
            self.unchecked.append(rule.code)
            return
        kwargs = dict(rule.kwargs)
        about_field = kwargs.get("column") in self.contract.field_names
        if rule.expectation in _ABOUT_PRESENCE and about_field:
            kwargs["column"] = given_name(kwargs["column"])
        yield self._use(
            rule.code,
            rule.fields[0],
            self._expected(rule),
            rule.expectation,
            kwargs,
            self._when(rule),
        )

    def _expected(self, rule: ContractRule) -> str:
        """Put in what the sender's state allows, where the rule is about a limit."""
        sender, used = self.circumstances.sender, rule.names
        words = [
            self.catalogue.limit_tables[column.table].words(
                sender.state_fips if sender else None
            )
            for column in self.contract.derived
            if column.table and column.name in used
        ]
        return rule.expected.replace("{limits}", "; ".join(words))

    def _when(self, rule: ContractRule) -> Condition | None:
        conditions: list[Condition] = []
        for name, wanted in rule.when.items():
            given = given_name(name) if name in self.contract.field_names else name
            if wanted == "present":
                conditions.append(Column(given).is_not_null())
            elif wanted == "blank":
                conditions.append(Column(given).is_null())
            else:
                conditions.append(Column(name).is_in(wanted))
        if len(conditions) < 2:
            return conditions[0] if conditions else None
        return AndCondition(conditions=conditions)

    def _use(
        self,
        code: str,
        field: str,
        expected: str,
        expectation: str,
        kwargs: dict[str, Any],
        condition: Condition | None = None,
    ) -> Use:
        severity = self.catalogue.rule(code, self.contract).severity
        if condition is not None:
            kwargs = {**kwargs, "row_condition": condition}
        configuration = ExpectationConfiguration(
            type=expectation,
            kwargs=kwargs,
            meta={"code": code, "field": field, "expected": expected},
            severity=GX_SEVERITY[severity],
        )
        return Use(code, severity, field, expected, configuration)
