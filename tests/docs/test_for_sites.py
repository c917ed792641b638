"""The page for sites names everything that a site can send."""

from pathlib import Path

from pcbl_pipeline.contracts.catalogue import load_catalogue

PAGE = Path(__file__).parents[2] / "docs" / "for-sites.md"


def test_the_page_for_sites_lists_every_dataset_that_sites_send():
    contracts = load_catalogue().contracts.values()
    expected = {item.dataset for item in contracts if item.submitted_by == "site"}

    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| [`")]

    assert {row.split("`")[1] for row in rows} == expected
