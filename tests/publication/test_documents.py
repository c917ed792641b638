"""The data dictionary and the rules stand on the site, as they stand in the docs."""

import json

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.operations.contract_files import contract_pages
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.documents import document_index, document_pages


def test_every_dataset_and_every_rule_has_its_page(pages):
    catalogue = load_catalogue()

    for dataset, contract in catalogue.contracts.items():
        page = pages[f"contracts/data-dictionary/{dataset}.html"].first("main")
        assert set(contract.field_names) <= {e.text for e in page.all("code")}
    for code, rule in catalogue.rules.items():
        assert rule.summary in pages[f"contracts/rules/{code}.html"].first("main").text


def test_about_page_leads_to_them_and_to_the_files_for_tools(files, pages):
    linked = {item.get("href") for item in pages["about.html"].all("a")}

    assert set(document_index(contract_pages(load_catalogue()))) <= linked
    tools = [path for path in files if path.startswith("contracts/") and "json" in path]
    assert tools
    assert set(tools) <= linked
    for path in tools:
        assert json.loads(files[path])


def test_markup_in_a_text_is_shown_and_never_taken_over():
    text = "<!-- ours -->\n# A <b>title</b>\n\n<script>alert(1)</script> [x](javascript:a)\n"

    [page] = document_pages({"contracts/x.md": text}, load_messages("en"))

    body = str(page.values["body"])
    assert "<script" not in body
    assert "<b>" not in body
    assert "ours" not in body
    assert 'href="javascript' not in body
