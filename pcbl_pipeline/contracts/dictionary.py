"""The data dictionary: every dataset as plain data and as a page, from its contract.

The pages are generated into `docs/`; a test fails when they differ from the contracts.
Write them anew with `python -m pcbl_pipeline.contracts.dictionary docs`.
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import Contract, ContractField
from pcbl_pipeline.contracts.limit_page import limits_page
from pcbl_pipeline.contracts.markdown import GENERATED, link, table
from pcbl_pipeline.contracts.rule_pages import rule_pages
from pcbl_pipeline.contracts.wording import (
    PRESENCE_WORDS,
    PRIVACY_WORDS,
    SENDER_WORDS,
    delivery_words,
    value_words,
)


def describe_contract(contract: Contract, catalogue: Catalogue) -> dict[str, Any]:
    """Return all that a contract says as plain data, its code lists included.

    Shape: the contract's own keys; each field also has `value` (in words) and, where it
    has a code list, `codes`.
    """
    described = contract.model_dump(mode="json", exclude_none=True)
    for field, described_field in zip(
        contract.fields, described["fields"], strict=True
    ):
        codes = catalogue.codes_of(field)
        described_field["value"] = value_words(field, codes)
        if codes is not None:
            described_field["codes"] = codes.model_dump(mode="json", exclude_none=True)
    return described


def dictionary_pages(catalogue: Catalogue) -> dict[str, str]:
    """Return every page of the dictionary by its path below `docs/`."""
    pages = {
        f"data-dictionary/{item.dataset}.md": _dataset_page(item, catalogue)
        for item in catalogue.contracts.values()
    }
    pages["data-dictionary/README.md"] = _index_page(catalogue)
    pages["data-dictionary/code-lists.md"] = _code_lists_page(catalogue)
    pages["data-dictionary/limits.md"] = limits_page(catalogue)
    pages["data-dictionary/terms.md"] = _terms_page(catalogue)
    return pages


def generated_pages(catalogue: Catalogue) -> dict[str, str]:
    """Return every page that is generated from `expectations/`, by its path."""
    return dictionary_pages(catalogue) | rule_pages(catalogue)


def write_pages(pages: Mapping[str, str], docs: Path) -> None:
    """Write pages below a folder, and remove generated ones that are no more."""
    for folder in sorted({Path(name).parts[0] for name in pages}):
        for old in (docs / folder).glob("*.md"):
            if f"{folder}/{old.name}" not in pages:
                old.unlink()
    for name, text in pages.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8")


def _dataset_page(contract: Contract, catalogue: Catalogue) -> str:
    parts = [
        GENERATED,
        f"# {contract.title} (`{contract.dataset}`, {contract.code})",
        contract.description.strip(),
        table(("About", "This dataset"), _facts(contract)),
        "## Columns",
        table(
            ("Column", "Meaning", "Value", "Need", "Who sees it", "Example"),
            [_field_row(field, catalogue) for field in contract.fields],
        ),
        (
            "Besides these, the pipeline adds columns of its own to every accepted row: "
            "who sent it, in which file and row, and when it was received."
        ),
        "## Rules of this dataset",
        table(
            ("Rule", "Severity", "What it finds"),
            [
                (
                    link(rule.code, f"../rules/{rule.code}.md"),
                    rule.severity.value,
                    rule.summary,
                )
                for rule in contract.rules
            ],
        ),
        f"The {link('rules that all datasets share', '../rules/README.md')} apply too.",
    ]
    return "\n\n".join(parts) + "\n"


def _facts(contract: Contract) -> Iterator[tuple[str, str]]:
    yield "Grain", contract.grain
    yield "Key", ", ".join(f"`{name}`" for name in contract.key)
    yield "Sent by", SENDER_WORDS[contract.submitted_by]
    yield "Newer files", delivery_words(contract)
    yield "Version", f"{contract.version}, from school year {contract.valid_from} on"


def _field_row(field: ContractField, catalogue: Catalogue) -> tuple[str, ...]:
    codes = catalogue.codes_of(field)
    value = value_words(field, codes)
    if codes is not None:
        value += f" ({link('codes', f'code-lists.md#{codes.name}')})"
    return (
        f"`{field.name}`",
        f"{field.title}. {field.description}",
        value,
        PRESENCE_WORDS[field.presence],
        PRIVACY_WORDS[field.privacy],
        f"`{field.example}`",
    )


def _index_page(catalogue: Catalogue) -> str:
    rows = [
        (
            contract.code,
            link(contract.title, f"{contract.dataset}.md"),
            contract.grain,
            SENDER_WORDS[contract.submitted_by],
        )
        for contract in sorted(catalogue.contracts.values(), key=_number)
    ]
    parts = [
        GENERATED,
        "# Data dictionary",
        (
            "What each dataset holds, column by column. "
            f"The codes stand in the {link('code lists', 'code-lists.md')}, "
            f"what differs by state in the {link('limits', 'limits.md')}, "
            f"each state's own word for the model in {link('terms', 'terms.md')}, "
            f"what we check in the {link('rules', '../rules/README.md')}."
        ),
        table(("Number", "Dataset", "Grain", "Sent by"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def _number(contract: Contract) -> int:
    return int(contract.code[1:])


def _code_lists_page(catalogue: Catalogue) -> str:
    lists = [catalogue.code_lists[name] for name in sorted(catalogue.code_lists)]
    parts = [
        GENERATED,
        "# Code lists",
        (
            "Every closed list of values, with its source. A code that falls out of use "
            "keeps its place and gets a last day; no code is ever given a new meaning."
        ),
        *(_code_list_part(codes) for codes in lists),
    ]
    return "\n\n".join(parts) + "\n"


def _terms_page(catalogue: Catalogue) -> str:
    rows = [
        (
            catalogue.label("state_fips", term.state_fips),
            term.wording,
            f"`{term.term_code}`",
            str(term.since or "not known"),
            str(term.until or ""),
            term.source,
        )
        for term in catalogue.state_terms
    ]
    heads = ("State", "Its term", "Code", "Since", "Until", "Source")
    parts = [
        GENERATED,
        "# Terms by state",
        (
            "States use different words for one idea. The codes stand in the list "
            f"{link('term_code', 'code-lists.md#term_code')}; each site names the term "
            "that it uses itself."
        ),
        table(heads, rows),
    ]
    return "\n\n".join(parts) + "\n"


def _code_list_part(codes: CodeList) -> str:
    rows = [
        (
            f"`{item.code}`",
            item.label,
            item.meaning,
            str(item.valid_from or codes.valid_from),
            str(item.valid_to or ""),
        )
        for item in codes.codes
    ]
    heads = ("Code", "Label", "Meaning", "From", "Until")
    source = codes.source[:1].upper() + codes.source[1:]
    return "\n\n".join(
        (f"## {codes.name}", f"{codes.title}. Source: {source}.", table(heads, rows))
    )


def main() -> None:
    """Write the generated pages below the folder that the command line names."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("docs", type=Path, help="the folder of the documentation")
    write_pages(generated_pages(load_catalogue()), parser.parse_args().docs)


if __name__ == "__main__":
    main()
