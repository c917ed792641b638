"""The contract: a dataset's versioned promise, as `contract.yaml` states it.

Frozen values only. What is derived from a contract (GX suite, Polars schema,
template workbook, Table Schema) is made elsewhere from what stands here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from pcbl_pipeline.contracts.comparison import Comparison
from pcbl_pipeline.contracts.derived import DerivedColumn, Name, Part
from pcbl_pipeline.contracts.prefill import WINDOW, Prefill
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.identifiers import is_school_year

#: Columns that the pipeline adds to every accepted row; no contract may use them.
PIPELINE_COLUMNS = (
    "submission_id",
    "sender_id",
    "received_at",
    "source_object",
    "row_number",
    "contract_version",
    "not_applicable",
)

#: In a pattern it says that the field holds keyed hashes.
_HEX_DIGITS = "[0-9a-f]"
#: In what a rule expects: what the group lacks, of the `values` of a `group_missing`.
MISSING = "{missing}"
#: The field whose value decides which version of a contract judges a row.
SCHOOL_YEAR = "school_year"
#: The field in which a row may name the version that it was made for.
SCHEMA_VERSION = "schema_version"

RuleCode = Annotated[str, Field(pattern=r"^[FCRKED][1-6][0-9]{2}$")]
#: A rule, or all whose codes begin so.
RuleFamily = Annotated[str, Field(pattern=r"^[FCRKED][1-6]([0-9]{2})?$")]


def _is_a_school_year(text: str) -> str:
    if not is_school_year(text):
        raise ValueError(f"`{text}` is not a school year such as 2025-2026")
    return text


SchoolYear = Annotated[str, AfterValidator(_is_a_school_year)]


class FieldType(StrEnum):
    """What a field holds; decides parsing, the lake's type and the generic rules."""

    #: Names, ids, labels: short text.
    TEXT = "text"
    #: Free text written by people; screened before anyone else sees it.
    NARRATIVE = "narrative"
    INTEGER = "integer"
    DECIMAL = "decimal"
    #: `YYYY-MM-DD`.
    DATE = "date"
    #: One value of a code list.
    CODE = "code"
    #: Several values of a code list (or ids), separated by `;`.
    CODES = "codes"
    #: `YYYY-YYYY`, the second year one after the first.
    SCHOOL_YEAR = "school_year"
    #: An absolute http(s) address.
    URI = "uri"


class Presence(StrEnum):
    """Whether a value must, should or may be given."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class Privacy(StrEnum):
    """Who may see a column as it stands."""

    PUBLIC = "public"
    #: Member sites and agencies.
    NETWORK = "network"
    #: The state agency only; published only through disclosure control.
    RESTRICTED = "restricted"
    #: As the row's `share_level` says.
    SHARE_LEVEL = "share_level"


class ContractField(Part):
    """One column of a dataset."""

    name: Name
    title: str
    description: str
    type: FieldType
    presence: Presence = Presence.REQUIRED
    privacy: Privacy
    unit: str | None = None
    code_list: Name | None = None
    pattern: str | None = None
    #: The pattern in words, for messages: "7 digits".
    pattern_in_words: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    #: True: `minimum` itself is not allowed.
    above_minimum: bool = False
    max_length: int | None = None
    example: str
    #: Other headers that are known to mean this column.
    synonyms: tuple[str, ...] = ()
    #: The version that brought the column, where the contract adds to earlier ones.
    since: str | None = None

    @property
    def is_keyed(self) -> bool:
        """Whether the field holds keyed hashes instead of the ids of people."""
        is_hash = _HEX_DIGITS in (self.pattern or "")
        return is_hash and self.privacy is Privacy.RESTRICTED

    @property
    def is_percent(self) -> bool:
        """Whether the field counts in percent, so that the sign says nothing new."""
        return self.name.endswith("_pct") or "percent" in (self.unit or "").lower()

    @property
    def is_count(self) -> bool:
        """Whether the field is a number that a percent cannot stand for."""
        is_number = self.type in {FieldType.INTEGER, FieldType.DECIMAL}
        return is_number and not self.is_percent

    @property
    def may_quote(self) -> bool:
        """Whether a finding may repeat the value: never free text, never restricted."""
        if self.type is FieldType.NARRATIVE:
            return False
        return self.privacy in {Privacy.PUBLIC, Privacy.NETWORK}

    @property
    def is_typed(self) -> bool:
        """Whether the value is parsed from its text into another type."""
        return self.type in {FieldType.INTEGER, FieldType.DECIMAL, FieldType.DATE}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.type is FieldType.CODE and not self.code_list:
            raise ValueError(f"field `{self.name}` is a code without a code_list")
        if self.name in PIPELINE_COLUMNS:
            raise ValueError(f"field `{self.name}` is a name the pipeline uses itself")
        if self.pattern and not self.pattern_in_words:
            raise ValueError(f"field `{self.name}` needs pattern_in_words")
        return self


class Delivery(Part):
    """How a newer submission relates to what is in the lake.

    `snapshot`: the newest received file for a scope replaces the earlier one.
    `upsert`: rows replace by the contract's key, the latest received winning.
    """

    mode: Literal["snapshot", "upsert"]
    scope: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _scoped(self) -> Self:
        if (self.mode == "snapshot") != bool(self.scope):
            raise ValueError("snapshot needs a scope, and only snapshot has one")
        return self


class RuleText(Part):
    """The words of a rule. `{placeholders}` are filled per column.

    Placeholders: `column` (header as sent), `title`, `dataset`, `expected`,
    and for file rules those that the finding's details name.
    """

    code: RuleCode
    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    severity: Severity
    #: One sentence, for the list of rules.
    summary: str
    #: Why we ask for it.
    why: str | None = None
    #: What is wrong.
    message: str
    expected: str
    #: What to do.
    fix: str
    #: A right value, as the receipt shows it.
    example: str | None = None
    #: A root cause names the rules whose findings can follow from it.
    explains: tuple[RuleFamily, ...] = ()
    #: What breaks the rule and what keeps it, for the rule's page.
    wrong: str | None = None
    right: str | None = None
    since: str = "0.1.0"
    until: str | None = None


class ContractRule(RuleText):
    """A rule of one dataset: a GX expectation by its own type name and kwargs."""

    expectation: Annotated[str, Field(pattern=r"^expect_[a-z_]+$")]
    kwargs: dict[str, Any]
    #: Rows that the rule is about: column → allowed values; all must hold.
    #: A value of `present` or `blank` asks for any or no value.
    when: dict[Name, tuple[str | int, ...] | Literal["present", "blank"]] = Field(
        default={}
    )
    #: The fields to which the finding points; the first is marked in the workbook.
    fields: tuple[Name, ...]

    @property
    def names(self) -> frozenset[str]:
        """What may be names of columns in its arguments and conditions."""
        return named_in(self.kwargs).union(self.when)


def named_in(kwargs: Mapping[str, object]) -> frozenset[str]:
    """Return what may be names of columns among an expectation's arguments."""
    return frozenset(
        str(name)
        for value in kwargs.values()
        for name in (value if isinstance(value, list) else [value])
    )


class Contract(Part):
    """A dataset's versioned promise: columns, key, delivery, rules."""

    dataset: Name
    #: The dataset's number in the domain, for instance `S5`.
    code: str
    version: str
    #: First school year judged by this version.
    valid_from: SchoolYear
    #: Last school year that is collected by it; None: until the next version begins.
    valid_to: SchoolYear | None = None
    #: Earlier versions to which this one only adds: it judges their years too, and a
    #: file that names one of them is right.
    adds_to: tuple[str, ...] = ()
    title: str
    #: Markdown for readers of the data: who records this, when, how it goes wrong.
    description: str
    grain: str
    key: tuple[Name, ...]
    delivery: Delivery
    #: Who sends it.
    submitted_by: Literal["site", "agency"]
    #: The column that must name the sender's own site, or for an agency its own state.
    owner_field: Name | None = None
    fields: tuple[ContractField, ...]
    #: What a site's own template begins with; None: no rows.
    prefill: Prefill | None = None
    derived: tuple[DerivedColumn, ...] = ()
    rules: tuple[ContractRule, ...] = ()
    #: What is asked of the submission as a whole, beside what came before.
    comparison: Comparison | None = None

    @model_validator(mode="after")
    def _names_what_is_missing(self) -> Self:
        lists = {d.name for d in self.derived if d.kind == "group_missing"}
        for rule in self.rules:
            if MISSING in rule.expected and rule.kwargs.get("column") not in lists:
                raise ValueError(f"{rule.code} does not know what is missing")
        return self

    def field(self, name: str) -> ContractField:
        """Return a field by name; raise KeyError when there is none."""
        return self._by_name[name]

    @property
    def _by_name(self) -> dict[str, ContractField]:
        return {item.name: item for item in self.fields}

    @property
    def field_names(self) -> tuple[str, ...]:
        """The columns in the contract's order."""
        return tuple(item.name for item in self.fields)

    @property
    def references(self) -> frozenset[str]:
        """Datasets that this one's rules look into."""
        return frozenset(
            item.reference.dataset for item in self.derived if item.reference
        )

    def must_hold(self, field: str) -> tuple[str, ...]:
        """Return the values of a field that a whole group must have, if there are such."""
        groups = [d for d in self.derived if d.kind == "group_missing"]
        return next((d.values for d in groups if d.of == field), ())

    @property
    def known_beforehand(self) -> frozenset[str]:
        """The fields that who sends a row, and when, can fill in for it."""
        own = {self.owner_field, SCHOOL_YEAR, WINDOW, "state_fips", "leaid"}
        return frozenset(name for name in self.field_names if name in own)

    @property
    def looks_back_at(self) -> tuple[str, ...]:
        """The columns of rows sent earlier that its rules need, in its own order."""
        looking = [item for item in self.derived if item.looks_back]
        if not looking:
            return ()
        replaced_by = set(self.delivery.scope or self.key)
        needed = replaced_by.union(*(item.reads for item in looking))
        return tuple(name for name in self.field_names if name in needed)

    @model_validator(mode="after")
    def _begins_with_what_is_known(self) -> Self:
        fill = self.prefill.fill if self.prefill else ()
        if not self.known_beforehand.issuperset(fill):
            raise ValueError(f"prefill cannot know all of {', '.join(fill)}")
        return self

    @model_validator(mode="after")
    def _closed(self) -> Self:
        names = set(self.field_names)
        if len(names) != len(self.fields):
            raise ValueError("a field name stands twice")
        known = names | {item.name for item in self.derived}
        used = set(self.key) | set(self.delivery.scope)
        used |= {name for rule in self.rules for name in rule.fields}
        used = used.union(*(item.reads for item in self.derived))
        if self.owner_field:
            used.add(self.owner_field)
        if self.comparison:
            used |= self.comparison.columns
        if self.prefill:
            used |= self.prefill.columns
        unknown = used - names
        unknown |= {name for rule in self.rules for name in rule.when} - known
        if unknown:
            raise ValueError(f"names that are no field: {', '.join(sorted(unknown))}")
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"version {self.version} ends before it begins")
        if self.valid_to and SCHOOL_YEAR not in names:
            raise ValueError(f"valid_to needs a field `{SCHOOL_YEAR}`")
        return self
