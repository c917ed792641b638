"""What other programs find an edition by: an Atom feed, and a catalog of its data.

Addresses are whole ones where the network says where it is served; otherwise they are
relative to the file. Ids never change: they are made of the network's name and of what
an entry is about, not of a release. Source: RFC 4287 (Atom); DCAT-US 1.1, the metadata
schema of the Project Open Data.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import FOLDER, readable_json, tables_of
from pcbl_pipeline.publication.history import (
    CHANGES_FILE,
    changes_file,
)
from pcbl_pipeline.publication.keys import CATALOG, FEED, content_type, permalink
from pcbl_pipeline.publication.licenses import license_address
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.tables import PUB1_LESSONS, Table

_ATOM = "http://www.w3.org/2005/Atom"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LESSONS = 50
_RELEASES = 20
#: What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DCAT = "https://project-open-data.cio.gov/v1.1/schema"
_FORMATS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet"}


def open_data_files(
    content: EditionContent, messages: Messages, *, release_id: str
) -> Iterator[tuple[str, bytes]]:
    """Yield the feed, what changed, and for the public edition the catalog."""
    yield FEED, atom_feed(content, messages, release_id=release_id)
    if content.history is not None:
        yield CHANGES_FILE, changes_file(content.history.changes)
    if content.edition == "public":
        catalog = data_catalog(content, messages, release_id=release_id)
        yield CATALOG, readable_json(catalog)


def atom_feed(content: EditionContent, messages: Messages, *, release_id: str) -> bytes:
    """Return the Atom feed of an edition: releases, errata and lessons."""
    # Names without a prefix, and the namespace once: the library's own register of
    # prefixes is shared with the charts.
    feed = ET.Element("feed", {"xmlns": _ATOM, _BASE: _start(content, release_id)})
    _add(feed, "id", _id(content, "feed", content.edition))
    title = messages.plain("releases.feed_title", network=content.network_name)
    _add(feed, "title", title)
    _add(feed, "updated", _moment(content.as_of))
    author = ET.SubElement(feed, "author")
    _add(author, "name", content.network_name)
    ET.SubElement(feed, "link", {"rel": "alternate", "href": "index.html"})
    if content.site_url:
        own = f"{content.site_url}/{content.edition}/{FEED}"
        ET.SubElement(feed, "link", {"rel": "self", "href": own})
    for entry in _entries(content, messages, release_id):
        feed.append(entry)
    ET.indent(feed, "  ")
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def data_catalog(
    content: EditionContent, messages: Messages, *, release_id: str
) -> dict[str, Any]:
    """Describe the published tables as a catalog that open-data portals harvest."""
    return {
        "@context": f"{_DCAT}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": _DCAT,
        "describedBy": f"{_DCAT}/catalog.json",
        "title": content.network_name,
        "description": messages.plain(
            "releases.catalog_description", network=content.network_name
        ),
        "dataset": [
            _dataset(content, table, messages, release_id)
            for table, _ in tables_of(content)
        ],
    }


def _entries(
    content: EditionContent, messages: Messages, release_id: str
) -> Iterator[ET.Element]:
    history = content.history
    past = history.releases if history else ()
    for name, day in ((release_id, content.as_of), *past)[:_RELEASES]:
        yield _entry(
            entry_id=_id(content, "release", f"{content.edition}/{name}"),
            title=messages.plain("releases.feed_release", release=name),
            day=day,
            text=messages.plain("releases.feed_release_text", day=messages.date(day)),
            # From this release's folder of the edition to another's.
            href=f"../../{name}/{content.edition}/index.html",
        )
    for item in history.errata if history else ():
        yield _entry(
            entry_id=_id(content, "erratum", str(item.number)),
            title=messages.plain("releases.feed_erratum", number=item.number),
            day=item.day,
            text=item.text,
            href=f"changes.html#erratum-{item.number}",
        )
    labels = Labels(content.code_lists, messages)
    for row in _newest_lessons(content):
        yield _lesson(content, row, labels, messages)


def _newest_lessons(content: EditionContent) -> list[dict[str, Any]]:
    rows = PUB1_LESSONS.conform(content.lessons.lessons)
    newest = rows.sort("lesson_date", "public_id", descending=[True, False])
    return newest.head(_LESSONS).to_dicts()


def _lesson(
    content: EditionContent,
    row: Mapping[str, Any],
    labels: Labels,
    messages: Messages,
) -> ET.Element:
    return _entry(
        entry_id=_id(content, "lesson", row["public_id"]),
        title=row["title"],
        day=row["lesson_date"],
        text=messages.plain(
            "releases.feed_lesson_text",
            kind=labels.label("lesson_type", row["lesson_type"]),
            element=labels.label("element_code", row["element_code"]),
            site=row["site_label"],
            year=row["school_year"],
        ),
        href=f"lessons/{row['public_id']}.html",
    )


def _entry(*, entry_id: str, title: str, day: date, text: str, href: str) -> ET.Element:
    entry = ET.Element("entry")
    _add(entry, "id", entry_id)
    _add(entry, "title", title)
    _add(entry, "updated", _moment(day))
    ET.SubElement(entry, "link", {"rel": "alternate", "href": href})
    _add(entry, "summary", text)
    return entry


def _dataset(
    content: EditionContent, table: Table, messages: Messages, release_id: str
) -> dict[str, Any]:
    start = _start(content, release_id)
    contact = {"@type": "vcard:Contact", "fn": content.network_name}
    if content.contact_email:
        contact["hasEmail"] = f"mailto:{content.contact_email}"
    license_url = license_address(content.license_name)
    return {
        "@type": "dcat:Dataset",
        "identifier": _id(content, "table", table.name),
        "title": messages.plain(f"tables.{table.name}.title"),
        "description": messages.plain(f"tables.{table.name}.description"),
        "keyword": ["competency-based education", "pilot sites", table.name],
        "modified": content.as_of.isoformat(),
        "publisher": {"@type": "org:Organization", "name": content.network_name},
        "contactPoint": contact,
        "accessLevel": "public",
        **({"license": license_url} if license_url else {}),
        "landingPage": f"{start}about.html",
        "describedBy": f"{start}{FOLDER}/datapackage.json",
        "describedByType": "application/json",
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": name,
                "format": name,
                "mediaType": content_type(f"x.{ending}").partition(";")[0],
                "downloadURL": f"{start}{FOLDER}/{table.name}.{ending}",
            }
            for ending, name in _FORMATS.items()
        ],
    }


def _start(content: EditionContent, release_id: str) -> str:
    """Return what all addresses of the release start from; see `doors`."""
    if content.site_url is None:
        return "./"
    return f"{content.site_url}/{permalink(release_id, content.edition, '')}"


def _id(content: EditionContent, kind: str, name: str) -> str:
    # A name-based UUID, as it needs no address that somebody would have to own.
    text = f"pcbl:{content.network_name}/{kind}/{name}"
    return uuid.uuid5(uuid.NAMESPACE_URL, text).urn


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub(" ", text)
