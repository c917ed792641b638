"""What changed between two versions of a contract, and which of it breaks something.

A change breaks when a file that was right may no longer be, or when a reader of the
data must change: another key, another meaning of a column, another privacy class.
What does not belong here: what the change does to files already received.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from pcbl_pipeline.contracts.codelist import Code, CodeList
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    ContractRule,
    Presence,
    RuleText,
)
from pcbl_pipeline.errors import ContractInvalid
from pcbl_pipeline.model.finding import Severity

CodeLists = Mapping[str, CodeList]

#: What a whole dataset promises: any other value breaks something.
_PROMISES = ("key", "delivery", "submitted_by", "owner_field")
#: Said about a dataset, a field or a rule, without effect on any file.
_DATASET_WORDS = (
    *("version", "valid_from", "adds_to", "title", "description", "grain", "prefill"),
)
_FIELD_WORDS = ("title", "description", "example", "pattern_in_words")
_RULE_WORDS = tuple(
    name for name in RuleText.model_fields if name not in {"code", "severity"}
)
_STRICTNESS = {Presence.OPTIONAL: 0, Presence.RECOMMENDED: 1, Presence.REQUIRED: 2}
_WEIGHT = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@dataclass(frozen=True)
class Change:
    """One difference between two versions."""

    #: The dataset itself, `field site_id`, `rule R361`.
    where: str
    what: str
    before: str
    after: str
    breaking: bool

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return asdict(self)


def diff_contracts(
    old: Contract, new: Contract, old_lists: CodeLists, new_lists: CodeLists
) -> tuple[Change, ...]:
    """List all changes from one version to another, the breaking ones first.

    Raises:
        ContractInvalid: If they are contracts of two datasets.
    """
    if old.dataset != new.dataset:
        raise ContractInvalid(
            f"{old.dataset} and {new.dataset} are two datasets, not two versions of one."
        )
    found = [
        *_dataset_changes(old, new),
        *_field_changes(old, new, old_lists, new_lists),
        *_rule_changes(old, new),
    ]
    return tuple(sorted(found, key=lambda item: not item.breaking))


def diff_code_lists(old: CodeList, new: CodeList) -> tuple[Change, ...]:
    """List all changes from one state of a code list to another, breaking ones first.

    Raises:
        ContractInvalid: If they are two lists.
    """
    if old.name != new.name:
        raise ContractInvalid(
            f"{old.name} and {new.name} are two code lists, not two states of one."
        )
    found = _list_changes(f"code list {new.name}", old, new)
    return tuple(sorted(found, key=lambda item: not item.breaking))


def _dataset_changes(old: Contract, new: Contract) -> Iterator[Change]:
    where = old.dataset
    for names, breaking in ((_PROMISES, True), (_DATASET_WORDS, False)):
        for name in names:
            yield from _if_other(where, name, (old, new), breaking=breaking)
    sooner = new.valid_to is not None and (
        old.valid_to is None or new.valid_to < old.valid_to
    )
    yield from _if_other(where, "valid_to", (old, new), breaking=sooner)


def _field_changes(
    old: Contract, new: Contract, old_lists: CodeLists, new_lists: CodeLists
) -> Iterator[Change]:
    before = {field.name: field for field in old.fields}
    after = {field.name: field for field in new.fields}
    for name, field in before.items():
        if name not in after:
            other = next((f.name for f in new.fields if name in f.synonyms), "")
            yield Change(f"field {name}", "removed", field.title, other, breaking=True)
    for name, field in after.items():
        if name not in before:
            must = field.presence is Presence.REQUIRED
            presence = field.presence.value
            yield Change(f"field {name}", "added", "", presence, breaking=must)
            continue
        yield from _one_field(before[name], field)
        yield from _codes(before[name], field, old_lists, new_lists)


def _one_field(old: ContractField, new: ContractField) -> Iterator[Change]:
    where, both = f"field {new.name}", (old, new)
    for name in ("type", "privacy", "unit"):
        yield from _if_other(where, name, both, breaking=True)
    stricter = _STRICTNESS[new.presence] > _STRICTNESS[old.presence]
    must = stricter and new.presence is Presence.REQUIRED
    yield from _if_other(where, "presence", both, breaking=must)
    yield from _if_other(where, "pattern", both, breaking=new.pattern is not None)
    for name, narrower in (
        ("minimum", _raised(old.minimum, new.minimum)),
        ("maximum", _raised(new.maximum, old.maximum, none_is_lowest=False)),
        ("max_length", _raised(new.max_length, old.max_length, none_is_lowest=False)),
        ("above_minimum", new.above_minimum),
        ("synonyms", not set(old.synonyms) <= set(new.synonyms)),
    ):
        yield from _if_other(where, name, both, breaking=narrower)
    for name in _FIELD_WORDS:
        yield from _if_other(where, name, both, breaking=False)


def _raised(
    low: float | None, high: float | None, *, none_is_lowest: bool = True
) -> bool:
    """Tell whether a limit went up; without a limit it was below, or above, all."""
    if low is None or high is None:
        return (high if none_is_lowest else low) is not None
    return high > low


def _codes(
    old: ContractField, new: ContractField, old_lists: CodeLists, new_lists: CodeLists
) -> Iterator[Change]:
    where = f"field {new.name}"
    yield from _if_other(where, "code_list", (old, new), breaking=False)
    if new.code_list is None:
        return
    after = _usable(new_lists[new.code_list])
    if old.code_list is None:
        yield Change(where, "codes", "any", _listed(after), breaking=True)
        return
    yield from _list_changes(where, old_lists[old.code_list], new_lists[new.code_list])


def _list_changes(where: str, old: CodeList, new: CodeList) -> Iterator[Change]:
    before, after = _usable(old), _usable(new)
    gone, come = [c for c in before if c not in after], after.keys() - before.keys()
    if gone:
        yield Change(where, "codes taken out", ", ".join(gone), "", breaking=True)
    if come:
        yield Change(where, "codes added", "", _listed(come), breaking=False)
    for code in sorted(before.keys() & after.keys()):
        yield from _one_code(where, before[code], after[code])


def _one_code(where: str, old: Code, new: Code) -> Iterator[Change]:
    sooner, later = (
        _raised(_number(new.valid_to), _number(old.valid_to), none_is_lowest=False),
        _raised(_number(old.valid_from), _number(new.valid_from)),
    )
    for name, words, breaking in (
        ("valid_from", "first day", later),
        ("valid_to", "last day", sooner),
        ("unit", "unit", True),
        ("label", "label", False),
        ("description", "description", False),
    ):
        for change in _if_other(where, name, (old, new), breaking=breaking):
            yield replace(change, what=f"{words} of {new.code}")


def _number(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _usable(codes: CodeList) -> dict[str, Code]:
    return {item.code: item for item in codes.codes}


def _rule_changes(old: Contract, new: Contract) -> Iterator[Change]:
    before = {rule.code: rule for rule in old.rules}
    after = {rule.code: rule for rule in new.rules}
    for code in sorted(before.keys() - after.keys()):
        name = before[code].name
        yield Change(f"rule {code}", "removed", name, "", breaking=False)
    for code, rule in after.items():
        where, severe = f"rule {code}", rule.severity is Severity.ERROR
        if code not in before:
            yield Change(where, "added", "", rule.severity.value, breaking=severe)
            continue
        both = (before[code], rule)
        raised = _WEIGHT[rule.severity] > _WEIGHT[both[0].severity]
        yield from _if_other(where, "severity", both, breaking=raised)
        if _check(both[0], old) != _check(rule, new):
            was, now = str(both[0].kwargs), str(rule.kwargs)
            yield Change(where, "check", was, now, breaking=severe)
        for name in _RULE_WORDS:
            yield from _if_other(where, name, both, breaking=False)


def _check(rule: ContractRule, contract: Contract) -> tuple[object, ...]:
    """Return what a rule asks for, with the derived columns that it looks at."""
    derived = [item for item in contract.derived if item.name in rule.names]
    return rule.expectation, rule.kwargs, rule.when, derived


def _if_other(
    where: str, name: str, both: tuple[object, object], *, breaking: bool
) -> Iterator[Change]:
    before, after = (getattr(item, name) for item in both)
    if before != after:
        yield Change(where, name, _text(before), _text(after), breaking)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _listed(codes: object) -> str:
    return ", ".join(sorted(codes))  # type: ignore[call-overload]
