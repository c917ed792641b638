"""The files of a site's own edition besides its data: one page, its look, a package.

What the page says is in `mirror_views`. What does not belong here: rows of anybody
else but the site, and links to anything but the release's own network edition.
"""

from collections.abc import Iterator, Mapping
from functools import cache, partial

from pcbl_pipeline.publication.exports import FOLDER, readable_json
from pcbl_pipeline.publication.json_schema import json_schema
from pcbl_pipeline.publication.keys import permalink
from pcbl_pipeline.publication.messages import Messages, load_messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.mirror_pdf import mirror_report
from pcbl_pipeline.publication.pages.mirror_views import MirrorView
from pcbl_pipeline.publication.pages.render import (
    ASSETS,
    day_markup,
    standalone_page,
)
from pcbl_pipeline.publication.pdf import printer
from pcbl_pipeline.publication.site_edition import SiteContent, site_tables_of
from pcbl_pipeline.publication.site_package import site_package
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES

PAGE = "index.html"
PDF = "report.pdf"
#: From the site's edition to the network's in the same release.
_NETWORK = "../../network/"
_FORMATS = {"csv": "CSV", "json": "JSON"}
_OWN_ASSETS = ASSETS.with_name("site_assets")


def site_page_files(
    content: SiteContent,
    data: Mapping[str, bytes],
    *,
    release_id: str,
    language: str = "en",
) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of every file of a site's edition that is not a data file."""
    messages = load_messages(language)
    yield from report_files(content, data, messages, release_id=release_id)


def report_files(
    content: SiteContent,
    data: Mapping[str, bytes],
    messages: Messages,
    *,
    release_id: str,
) -> Iterator[tuple[str, bytes]]:
    """Yield page, look and data package in the texts of a language."""
    view = MirrorView(content, Labels(content.code_lists, messages), messages)
    yield PAGE, _page(content, view, messages, release_id)
    paper = mirror_report(content, view, messages, release_id=release_id)
    yield PDF, printer.report_pdf("mirror", paper)
    style = ASSETS / "style.css"
    for asset in (_OWN_ASSETS / "mirror.css", style):
        yield f"assets/{asset.name}", asset.read_bytes()
    package = site_package(content, data, messages, release_id=release_id)
    yield f"{FOLDER}/datapackage.json", readable_json(package)
    yield f"{FOLDER}/schema.json", _schema(messages)


@cache
def _schema(messages: Messages) -> bytes:
    """Describe the JSON files; the same for every site of a release."""
    return readable_json(json_schema(messages, SITE_TABLES, of="sites"))


def _page(
    content: SiteContent, view: MirrorView, messages: Messages, release_id: str
) -> bytes:
    return standalone_page(
        "mirror.html",
        messages,
        view=view,
        errata=content.errata,
        pdf=PDF,
        site_name=content.site_name,
        state=content.state,
        network_name=content.network_name,
        fictional=content.fictional,
        as_of=content.as_of,
        day=partial(day_markup, messages),
        edition_words=messages.plain("shell.edition_site"),
        release_id=release_id,
        own_name=PAGE,
        permalink=permalink(release_id, content.edition, PAGE),
        network=_NETWORK,
        files_of_tables=_data_files(content, messages),
    )


def _data_files(
    content: SiteContent, messages: Messages
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each table its title, and the formats with their files."""
    return [
        (
            messages.plain(f"tables.{table.name}.title"),
            [
                (name, f"{FOLDER}/{table.name}.{ending}")
                for ending, name in _FORMATS.items()
            ],
        )
        for table, _ in site_tables_of(content)
    ]
