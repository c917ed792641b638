"""What is generated from the contracts is what stands in `docs/`."""

import json
import re
from pathlib import Path

import pytest

from pcbl_pipeline.contracts.dictionary import (
    describe_contract,
    generated_pages,
    main,
    write_pages,
)
from pcbl_pipeline.contracts.markdown import table

DOCS = Path(__file__).parents[2] / "docs"
HOW = "Write them anew with `python -m pcbl_pipeline.contracts.dictionary docs`."


def test_generated_pages_are_up_to_date(catalogue):
    pages = generated_pages(catalogue)
    stale = [
        name
        for name, text in pages.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != text
    ]

    assert not stale, HOW


def test_no_generated_page_outlives_its_contract_or_rule(catalogue):
    pages = set(generated_pages(catalogue))
    folders = {Path(name).parts[0] for name in pages}
    found = {
        f"{folder}/{page.name}"
        for folder in folders
        for page in (DOCS / folder).glob("*.md")
    }

    assert found == pages, HOW


def test_links_between_the_pages_lead_somewhere(catalogue):
    pages = generated_pages(catalogue)
    for name, text in pages.items():
        for target, anchor in re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", text):
            path = (DOCS / name).parent.joinpath(target).resolve()
            linked = pages[str(path.relative_to(DOCS.resolve()))]
            assert not anchor or f"\n## {anchor}\n" in linked


def test_every_table_keeps_its_columns(catalogue):
    for text in generated_pages(catalogue).values():
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
            assert len(widths) == 1


def test_cell_with_a_bar_or_a_line_break_stays_one_cell():
    assert table(("a",), [("x|y\nz",)]).splitlines()[-1] == "| x\\|y z |"


def test_command_writes_pages_and_takes_away_old_ones(tmp_path, monkeypatch, catalogue):
    old = tmp_path / "rules" / "R300.md"
    write_pages({"rules/R300.md": "gone\n"}, tmp_path)
    assert old.is_file()
    monkeypatch.setattr("sys.argv", ["dictionary", str(tmp_path)])

    main()

    assert not old.exists()
    written = {str(page.relative_to(tmp_path)) for page in tmp_path.rglob("*.md")}
    assert written == set(generated_pages(catalogue))


@pytest.mark.parametrize(
    "dataset", ["site_profile", "lesson_learned", "ta_request", "ta_event"]
)
def test_description_is_plain_data_with_words_and_codes(catalogue, dataset):
    contract = catalogue.get(dataset)

    described = json.loads(json.dumps(describe_contract(contract, catalogue)))

    assert [item["name"] for item in described["fields"]] == list(contract.field_names)
    for field, item in zip(contract.fields, described["fields"], strict=True):
        assert item["value"]
        codes = catalogue.codes_of(field)
        listed = [code["code"] for code in item.get("codes", {}).get("codes", [])]
        assert listed == list(codes.values if codes else ())
    assert [item["code"] for item in described["rules"]] == [
        rule.code for rule in contract.rules
    ]
