"""The page of columns: every table of the edition, and every column in words."""

from pcbl_pipeline.publication.exports import tables_of
from tests.support.editions import edition_content
from tests.support.html import read_html


def test_every_column_of_every_table_is_explained(public_files):
    page = read_html(public_files["codebook.html"]).first("main")

    tables = {
        section.first("h2").get("id"): [
            row.first("th").first("span").text
            for row in section.first("tbody").all("tr")
        ]
        for section in page.all("section")
    }
    assert tables == {
        table.name: [column.name for column in table.columns]
        for table, _ in tables_of(edition_content())
    }
    assert all(row.first("td").text for row in page.all("tr") if row.all("td"))


def test_codes_lead_to_their_list_where_the_edition_has_it(public_files):
    page = read_html(public_files["codebook.html"]).first("main")

    links = {link.text: link.get("href") for link in page.all("a")}
    place = "contracts/data-dictionary/code-lists.html#element_code"
    assert links["element_code"] == place
