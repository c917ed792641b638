"""A contract as a suite that stock Great Expectations runs on a file as it is sent.

It needs nothing of ours: the template's headers, every cell as text, and any of GX's
execution engines. It asks for the form of the template; where the network also reads
another form (R317), the suite tells it. What does not belong here: judging files.
"""

from collections.abc import Iterator
from typing import Any

from great_expectations.core import ExpectationSuite
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.expectations.row_conditions import Condition

from pcbl_pipeline.contracts.at_home import why_not_at_home
from pcbl_pipeline.contracts.catalogue import Catalogue
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
from pcbl_pipeline.model.identifiers import SCHOOL_YEARS
from pcbl_pipeline.validation.checks import required_words
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.home_forms import (
    blank_pattern,
    home_checks,
    outside_pattern,
)
from pcbl_pipeline.validation.home_rules import (
    NOT_IN_SET,
    NOT_MATCH,
    NOT_NULL,
    all_of,
    columns_of,
    filled,
    home_rule,
)
from pcbl_pipeline.validation.ownership import OWNER_RULES
from pcbl_pipeline.validation.suites import GX_SEVERITY, out_of_use

#: What to do with a file before the suite is run on it.
HOW_TO_READ = (
    "Read every cell as text, with the template's headers, and cut the spaces around "
    "it. Leave out expectations whose meta.needs names a column that your file lacks."
)
FORM = (
    "The form of the template. The network also reads other forms where their meaning "
    "is certain (R317), such as 9 Mar 2026; this suite tells them."
)
#: What is no rule of one dataset, and stock expectations cannot see either.
_BEYOND = {
    "F": "Whether the file can be opened and read as a table.",
    "C2": "Headers in other words, which the network knows or asks about.",
    "D": "What is looked at before anything is published, such as texts.",
}
_COLUMN_CODES = {Presence.REQUIRED: "C201", Presence.RECOMMENDED: "C206"}
_VALUE_CODES = {Presence.REQUIRED: "R303", Presence.RECOMMENDED: "R302"}
_COMPARED = "It compares the file with what was sent before, or with other sites."
_SENDER = "It depends on who sends the file."
_TO_EXIST = "expect_column_to_exist"
#: The arguments that name one column.
_NAMING = ("column", "column_A", "column_B")


def home_suite(contract: Contract, catalogue: Catalogue) -> dict[str, Any]:
    """Return the suite as stock GX loads it, ready for JSON.

    Shape: GX's own keys. `meta.not_covered` gives the reason for each rule of the
    dataset that is not in it; each expectation's `meta` has the rule's `code`, why it
    is there, what to do, its page in a release, and the columns that it `needs`.
    """
    suite = _HomeSuite(contract, catalogue)
    written: dict[str, Any] = ExpectationSuite(
        name=f"{contract.dataset}_{contract.version}", expectations=list(suite.all())
    ).to_json_dict()
    versions = catalogue.versions(contract.dataset)
    written["meta"] = {
        **(written.get("meta") or {}),
        "contract": f"{contract.dataset} {contract.version}",
        "for": years_in_words(versions, contract),
        "how_to_read": HOW_TO_READ,
        "form": FORM,
        "not_covered": suite.not_covered() | _BEYOND,
    }
    return written


class _HomeSuite:
    def __init__(self, contract: Contract, catalogue: Catalogue) -> None:
        self.contract = contract
        self.catalogue = catalogue

    def all(self) -> Iterator[ExpectationConfiguration]:
        for field in self.contract.fields:
            yield from self._presence(field)
            for check in home_checks(field, self.catalogue):
                kwargs = {"column": field.name, **check.kwargs}
                yield self._say(
                    check.code, check.expected, check.expectation, kwargs, field.name
                )
            yield from self._validity(field)
        yield from self._key()
        yield from self._version()
        for rule in self.contract.rules:
            if why_not_at_home(rule, self.contract) is None:
                yield from self._own_rule(rule)

    def not_covered(self) -> dict[str, str]:
        """Return the reason for every rule of the dataset that is left out."""
        contract = self.contract
        reasons = {}
        if contract.owner_field:
            reasons[OWNER_RULES[contract.submitted_by]] = _SENDER
        if contract.comparison:
            for measure in contract.comparison.measures:
                reasons[measure.code] = _COMPARED
        for field in contract.fields:
            has_range = field.minimum is not None or field.maximum is not None
            if has_range and outside_pattern(field) is None:
                reasons[f"R301 {field.name}"] = "No pattern can say these limits."
        for rule in contract.rules:
            why_not = why_not_at_home(rule, contract)
            if why_not is not None:
                reasons[rule.code] = why_not
        return dict(sorted(reasons.items()))

    def _presence(self, field: ContractField) -> Iterator[ExpectationConfiguration]:
        """Ask for the column, and for a value in it, however blanks were read."""
        if field.presence is Presence.OPTIONAL:
            return
        words, kwargs = required_words(field), {"column": field.name}
        yield self._say(
            _COLUMN_CODES[field.presence],
            f"A column `{field.name}`.",
            _TO_EXIST,
            kwargs,
            field.name,
        )
        code = _VALUE_CODES[field.presence]
        yield self._say(code, words, NOT_NULL, kwargs, field.name)
        blank = {**kwargs, "regex": blank_pattern(field)}
        yield self._say(code, words, NOT_MATCH, blank, field.name)

    def _validity(self, field: ContractField) -> Iterator[ExpectationConfiguration]:
        codes = self.catalogue.codes_of(field)
        if codes is None or field.type is not FieldType.CODE:
            return
        if SCHOOL_YEAR not in self.contract.field_names:
            return
        for item in codes.codes:
            for condition in out_of_use(item, Circumstances()):
                yield self._say(
                    "R314",
                    f"A code that was in use that year; {item.code} was not.",
                    NOT_IN_SET,
                    {"column": field.name, "value_set": [item.code]},
                    field.name,
                    condition,
                )

    def _key(self) -> Iterator[ExpectationConfiguration]:
        key = list(self.contract.key)
        words = f"Each {names_together(self.contract.key)} once."
        condition = all_of(filled(key))
        if len(key) == 1:
            expectation = "expect_column_values_to_be_unique"
            kwargs: dict[str, Any] = {"column": key[0]}
        else:
            expectation = "expect_compound_columns_to_be_unique"
            kwargs = {"column_list": key, "ignore_row_if": "any_value_is_missing"}
        yield self._say("K401", words, expectation, kwargs, key[0], condition)

    def _version(self) -> Iterator[ExpectationConfiguration]:
        """Ask for a version and a school year that belong together."""
        contract = self.contract
        years = years_in_words(self.catalogue.versions(contract.dataset), contract)
        if SCHEMA_VERSION in contract.field_names:
            codes = self.catalogue.codes_of(contract.field(SCHEMA_VERSION))
            own = {*contract.adds_to, contract.version}
            others = [v for v in (codes.values if codes else ()) if v not in own]
            if others:
                words = f"{contract.version}, the version for {years}."
                kwargs = {"column": SCHEMA_VERSION, "value_set": others}
                yield self._say("C240", words, NOT_IN_SET, kwargs, SCHEMA_VERSION)
        if contract.valid_to is not None:
            later = [year for year in SCHOOL_YEARS if year > contract.valid_to]
            words = f"A school year up to {contract.valid_to}."
            kwargs = {"column": SCHOOL_YEAR, "value_set": later}
            yield self._say("C241", words, NOT_IN_SET, kwargs, SCHOOL_YEAR)

    def _own_rule(self, rule: ContractRule) -> Iterator[ExpectationConfiguration]:
        for asked in home_rule(rule, self.contract):
            yield self._say(
                rule.code,
                rule.expected,
                asked.expectation,
                dict(asked.kwargs),
                rule.fields[0],
                asked.condition,
            )

    def _say(
        self,
        code: str,
        expected: str,
        expectation: str,
        kwargs: dict[str, Any],
        field: str,
        condition: Condition | None = None,
    ) -> ExpectationConfiguration:
        """Write an expectation with what its rule has to tell."""
        rule = self.catalogue.rule(code, self.contract)
        if condition is not None:
            kwargs = {**kwargs, "row_condition": condition}
        return ExpectationConfiguration(
            type=expectation,
            kwargs=kwargs,
            meta={
                "code": code,
                "field": field,
                "expected": expected,
                "why": rule.why or rule.summary,
                "fix": rule.fix.replace("{column}", field),
                "page": f"contracts/rules/{code}.html",
                "needs": self._needs(expectation, kwargs),
            },
            severity=GX_SEVERITY[rule.severity],
        )

    def _needs(self, expectation: str, kwargs: dict[str, Any]) -> list[str]:
        """Return the columns without which an expectation cannot be asked."""
        if expectation == _TO_EXIST:
            return []
        named = {str(kwargs[key]) for key in _NAMING if key in kwargs}
        named |= set(kwargs.get("column_list", ()))
        named |= columns_of(kwargs.get("row_condition"))
        return [name for name in self.contract.field_names if name in named]
