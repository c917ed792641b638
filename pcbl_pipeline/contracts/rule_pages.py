"""One page per rule, and the table of all: what is checked and what to do about it."""

import re
from collections.abc import Iterable, Iterator, Mapping

import yaml

from pcbl_pipeline.contracts.at_home import why_not_at_home
from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract, ContractRule, RuleText
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.contracts.markdown import GENERATED, link, table
from pcbl_pipeline.contracts.wording import PLACEHOLDERS, consequence_words

#: What the first letter of a rule's code says.
FAMILIES = {
    "F": "The file",
    "C": "The columns",
    "R": "One row",
    "K": "Keys and references",
    "E": "The whole submission",
    "D": "Before publication",
}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_DERIVED_WORDS = {
    "prefix": "the first {length} characters of `{of}`",
    "prefix_like": "as many characters of `{of}` as {first} has",
    "first_given": "the first of {columns} that is not blank",
    "times": "`{of}` times {by:g}",
    "school_year_first_day": "the first day of the school year in `{of}`",
    "school_year_last_day": "the last day of the school year in `{of}`",
    "received_date": "the day on which the file was received",
    "looked_up": "{reference}",
    "latest_earlier": "{reference}, in your row just before this one by `{order}`",
    "days_between": "the number of days from {first} to {second}",
    "limit": (
        "the limit in the table {table} for the state in the first {length} characters "
        "of `{of}`, at the number in {first}"
    ),
    "unresolved": "those values of `{of}` that {reference} does not have",
    "group_missing": "those of {values} that are not in `{of}` of any row {group}",
    "group_count": "the number of rows {group}",
    "group_distinct": "the number of different values in `{of}` of the rows {group}",
    "group_sum": "the sum of `{of}` over the rows {group}",
    "previous_change": (
        "the change of `{of}` since the row before {group}, in the order of {order}"
    ),
}


def rule_pages(catalogue: Catalogue) -> dict[str, str]:
    """Return every rule's page and the table of all, by path below `docs/`."""
    owners = {
        rule.code: contract
        for contract in catalogue.contracts.values()
        for rule in contract.rules
    }
    rules = [catalogue.rules[code] for code in sorted(catalogue.rules)]
    pages = {f"rules/{rule.code}.md": _page(rule, owners) for rule in rules}
    return pages | {"rules/README.md": _index_page(rules, owners)}


def placeholders_in(rule: RuleText) -> frozenset[str]:
    """Return the names of the placeholders that a rule's texts use."""
    texts = (rule.message, rule.expected, rule.fix, rule.example or "")
    return frozenset(_PLACEHOLDER.findall(" ".join(texts)))


def _page(rule: RuleText, owners: Mapping[str, Contract]) -> str:
    owner = owners.get(rule.code)
    facts = [
        ("What happens", consequence_words(rule)),
        *_explains(rule),
        ("Applies to", _dataset_words(owner)),
        ("Since", f"version {rule.since}"),
    ]
    if rule.until:
        facts.append(("Until", f"version {rule.until}"))
    parts = [
        GENERATED,
        f"# {rule.code} {rule.name}",
        rule.summary,
        *([f"**Why.** {rule.why}"] if rule.why else []),
        table(("About", "This rule"), facts),
        "## What the receipt says",
        table(("Part", "Words"), _answer(rule)),
        *_legend(rule),
        *_right_and_wrong(rule),
        *_how_checked(rule, owner),
    ]
    return "\n\n".join(parts) + "\n"


def _explains(rule: RuleText) -> Iterator[tuple[str, str]]:
    if rule.explains:
        listed = ", ".join(
            code if len(code) == 4 else f"{code}xx" for code in rule.explains
        )
        yield "Can be the cause of", listed


def _dataset_words(owner: Contract | None) -> str:
    if owner is None:
        return "every dataset"
    return link(owner.title, f"../data-dictionary/{owner.dataset}.md")


def _answer(rule: RuleText) -> Iterator[tuple[str, str]]:
    yield "What is wrong", _filled(rule.message, rule)
    yield "What was expected", _filled(rule.expected, rule)
    yield "What to do", _filled(rule.fix, rule)
    if rule.example:
        yield "Example", rule.example


def _filled(text: str, rule: RuleText) -> str:
    """Put the column's name where it is known; mark the other gaps as such."""
    if isinstance(rule, ContractRule):
        text = text.replace("{column}", rule.fields[0])
    return _PLACEHOLDER.sub(r"[\1]", text)


def _legend(rule: RuleText) -> Iterator[str]:
    known = {"column"} if isinstance(rule, ContractRule) else set()
    names = sorted(placeholders_in(rule) - known)
    if names:
        yield "\n".join(f"- [{name}] is {PLACEHOLDERS[name]}." for name in names)


def _right_and_wrong(rule: RuleText) -> Iterator[str]:
    if rule.wrong is None:
        return
    right = rule.right or rule.example or _filled(rule.expected, rule)
    yield "## Right and wrong"
    yield table(("Wrong", "Right"), [(rule.wrong, right)])


def _how_checked(rule: RuleText, owner: Contract | None) -> Iterator[str]:
    if not isinstance(rule, ContractRule) or owner is None:
        return
    yield "## How it is checked"
    yield _where_checked(rule, owner)
    stated = {"expectation_type": rule.expectation, "kwargs": rule.kwargs}
    yield f"```yaml\n{yaml.safe_dump(stated, sort_keys=False, width=88)}```"
    if rule.when:
        yield f"Only rows count where {' and '.join(_conditions(rule))}."
    derived = {item.name: item for item in owner.derived}
    for name in (*rule.kwargs.values(), *rule.when):
        if isinstance(name, str) and name in derived:
            yield f"`{name}` is {_derived_words(derived[name])}."
            if derived[name].is_of_group and derived[name].kind != "group_sum":
                yield "It is said once, in the first of these rows."


def _where_checked(rule: ContractRule, owner: Contract) -> str:
    why_not = why_not_at_home(rule, owner)
    if why_not is None:
        return (
            "As an expectation of Great Expectations. It is in the suite with which you "
            "can check your file at home, in a form for cells that are all text:"
        )
    return (
        "As an expectation of Great Expectations, by us, over columns that we make of "
        f"your file. The suite for your own check does not have it. {why_not}"
    )


def _conditions(rule: ContractRule) -> Iterator[str]:
    for column, allowed in rule.when.items():
        if isinstance(allowed, str):
            yield f"`{column}` is {'blank' if allowed == 'blank' else 'filled in'}"
        else:
            yield f"`{column}` is {' or '.join(f'`{value}`' for value in allowed)}"


def _derived_words(item: DerivedColumn) -> str:
    reference = item.reference
    known = ""
    if reference is not None:
        known = f"`{reference.column}` of `{reference.dataset}`"
        same = " and ".join(f"`{name}`" for name in reference.same)
        known += f" with the same {same}" if same else ""
    named = [f"`{name}`" for name in item.columns]
    return _DERIVED_WORDS[item.kind].format(
        length=item.length,
        of=item.of,
        by=item.by,
        columns=_listed(item.columns),
        first="".join(named[:1]),
        second="".join(named[1:2]),
        reference=known,
        group=_group_words(item),
        values=_listed(item.values),
        order=_listed(item.order) or (reference.order if reference else ""),
        table=link(f"`{item.table}`", f"../data-dictionary/limits.md#{item.table}"),
    )


def _group_words(item: DerivedColumn) -> str:
    words = f"with the same {_listed(item.group)}"
    for column, values in item.among.items():
        words += f" whose `{column}` is {' or '.join(f'`{value}`' for value in values)}"
    return words


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _index_page(rules: list[RuleText], owners: Mapping[str, Contract]) -> str:
    parts = [
        GENERATED,
        "# Rules",
        (
            "Everything that we check. A rule keeps its code for ever. An error must be "
            "corrected, a warning should be, and an info needs nothing."
        ),
    ]
    for letter, words in FAMILIES.items():
        rows = [_index_row(rule, owners) for rule in rules if rule.code[0] == letter]
        if rows:
            heads = ("Rule", "Severity", "Applies to", "What it finds")
            parts += [f"## {words}", table(heads, rows)]
    return "\n\n".join(parts) + "\n"


def _index_row(rule: RuleText, owners: Mapping[str, Contract]) -> tuple[str, ...]:
    return (
        link(f"{rule.code} {rule.name}", f"{rule.code}.md"),
        rule.severity.value,
        _dataset_words(owners.get(rule.code)),
        rule.summary,
    )
