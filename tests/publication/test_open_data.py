"""What changed, the feed and the catalog: right, stable, and valid."""

import json
from datetime import UTC, date, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import feedparser
import frictionless
import jsonschema
import pytest

from pcbl_pipeline.model.release import Erratum
from pcbl_pipeline.publication.doors import point_doors
from pcbl_pipeline.publication.edition import Change
from pcbl_pipeline.publication.exports import data_files
from pcbl_pipeline.publication.history import PastRelease, with_history
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.open_data import atom_feed, data_catalog
from pcbl_pipeline.storage.local import LocalStore
from tests.support import dcat_us
from tests.support.editions import edition_content, lesson
from tests.support.releases import publish

ATOM = "{http://www.w3.org/2005/Atom}"
MESSAGES = load_messages()


def content(lessons, **changes):
    return edition_content(lessons, assistance=(), documents={}, **changes)


def feed_of(edition, release_id="2026.11.1"):
    return ET.fromstring(atom_feed(edition, MESSAGES, release_id=release_id))  # noqa: S314


def erratum(number, *tables):
    return Erratum(
        number=number,
        text=f"Mistake {number}",
        tables=tables,
        release_id="2026.11.1",
        recorded_by="An officer",
        recorded_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


def test_changes_are_told_by_the_keys_of_the_tables(store):
    release = publish(store)
    before = content([lesson(1), lesson(2), lesson(3)])
    for path, data in data_files(before).items():
        store.put(f"publications/releases/2026.11.1/public/{path}", data)
    after = content([lesson(1), lesson(2, revision=2, title="New title"), lesson(4)])

    found = with_history(after, store, previous=release, past=(), errata=())

    changes = found.history.changes
    assert changes.tables[1] == Change("pub1_lessons", added=1, removed=1, changed=1)
    assert (changes.new_lessons, changes.revised_lessons) == (("L00004",), ("L00002",))
    assert changes.withdrawn_lessons == 1
    assert changes.previous == "2026.11.1"


def test_a_table_that_is_new_is_all_added(store):
    release = publish(store)

    found = with_history(
        content([lesson(1)]), store, previous=release, past=(), errata=()
    )

    assert found.history.changes.tables[1] == Change("pub1_lessons", 1, 0, 0)


def test_an_erratum_is_told_where_its_tables_are(store):
    errata = (erratum(1, "pub1_lessons", "pub5_groups"), erratum(2, "pub5_groups"))

    found = with_history(
        content([lesson(1)]),
        store,
        previous=None,
        past=(),
        errata=(*errata, erratum(3)),
    )

    assert found.history.changes is None
    told = [(item.number, item.tables) for item in found.history.errata]
    assert told == [(3, ()), (1, ("pub1_lessons",))]


def test_the_feed_has_what_atom_asks_for_and_ids_that_never_change():
    first = content([lesson(1), lesson(2)])
    feed, later = feed_of(first), feed_of(content([lesson(2)]), "2026.12.1")

    def ids(part):
        return [item.find(f"{ATOM}id").text for item in part.iter(f"{ATOM}entry")]

    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert element.find(f"{ATOM}{name}").text
        datetime.fromisoformat(element.find(f"{ATOM}updated").text)
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    assert len(set(ids(feed))) == len(ids(feed)) == 2 + 1 + 2
    assert all(name.startswith("urn:uuid:") for name in ids(feed))
    assert feed.find(f"{ATOM}id").text == later.find(f"{ATOM}id").text
    assert set(ids(feed)) & set(ids(later)) >= {ids(later)[-1]}


def test_a_feed_reader_finds_nothing_wrong_and_every_place():
    edition = content(
        [lesson(1, title="Grades & <goals>"), lesson(2)],
        site_url="https://pcbl.example.org/data",
    )

    read = feedparser.parse(atom_feed(edition, MESSAGES, release_id="2026.11.1"))

    assert (read.bozo, read.version) == (False, "atom10")
    assert read.feed.author == edition.network_name
    start = "https://pcbl.example.org/data/releases/2026.11.1/public/"
    assert read.feed.link == f"{start}index.html"
    assert len(read.entries) == 2 + 1 + 2
    # In place and whole, whatever stands in a title.
    assert "Grades & <goals>" in [entry.title for entry in read.entries]
    assert {entry.link for entry in read.entries} >= {
        f"{start}lessons/L00001.html",
        "https://pcbl.example.org/data/releases/2026.10.1/public/index.html",
    }
    for entry in read.entries:
        assert entry.id.startswith("urn:uuid:")
        assert entry.updated_parsed.tm_year == 2026
        assert entry.summary
    broken = atom_feed(edition, MESSAGES, release_id="2026.11.1")[:-20]
    assert feedparser.parse(broken).bozo


def test_texts_that_xml_cannot_hold_do_not_break_the_feed():
    hostile = content([lesson(1, title="<b>&\x0b\x00 \ufffe ]]>")])

    titles = [item.text for item in feed_of(hostile).iter(f"{ATOM}title")]

    assert "<b>&     ]]>" in [" ".join(t.split(" ")) for t in titles]


def test_addresses_at_the_door_lead_to_the_same_places(store):
    release = publish(store)
    edition = content([lesson(1)])
    folder = "publications/releases/2026.11.1/public/"
    store.put(folder + "feed.xml", atom_feed(edition, MESSAGES, release_id="2026.11.1"))
    catalog = data_catalog(edition, MESSAGES, release_id="2026.11.1")
    store.put(folder + "data.json", json.dumps(catalog).encode())

    point_doors(store, release)

    def links(key):
        root = ET.fromstring(store.get(key))  # noqa: S314
        base = urljoin(
            f"https://x.example/{key}",
            root.get("{http://www.w3.org/XML/1998/namespace}base"),
        )
        found = [urljoin(base, link.get("href")) for link in root.iter(f"{ATOM}link")]
        dataset = json.loads(store.get(key.replace("feed.xml", "data.json")))["dataset"]
        addresses = [part["downloadURL"] for part in dataset[0]["distribution"]]
        here = f"https://x.example/{key}"
        return [*found, *(urljoin(here, address) for address in addresses)]

    assert links("publications/public/feed.xml") == links(folder + "feed.xml")
    assert f"https://x.example/{folder}lessons/L00001.html" in links(
        folder + "feed.xml"
    )


def test_with_its_address_known_all_addresses_are_whole():
    edition = content([lesson(1)], site_url="https://pcbl.example.org/data")

    catalog = data_catalog(edition, MESSAGES, release_id="2026.11.1")
    feed = feed_of(edition)

    start = "https://pcbl.example.org/data/releases/2026.11.1/public/"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}base") == start
    assert catalog["dataset"][0]["distribution"][0]["downloadURL"].startswith(start)
    selves = [x.get("href") for x in feed.iter(f"{ATOM}link") if x.get("rel") == "self"]
    assert selves == ["https://pcbl.example.org/data/public/feed.xml"]


def test_the_catalog_has_what_dcat_us_asks_for():
    edition = content([lesson(1)], contact_email="data@example.org")

    catalog = data_catalog(edition, MESSAGES, release_id="2026.11.1")

    assert catalog["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert len(catalog["dataset"]) == len(list(data_files(edition))) / 3
    for dataset in catalog["dataset"]:
        for name in (
            *("title", "description", "keyword", "modified", "publisher"),
            *("contactPoint", "identifier", "accessLevel", "license"),
        ):
            assert dataset[name]
        assert dataset["contactPoint"]["hasEmail"] == "mailto:data@example.org"
        assert date.fromisoformat(dataset["modified"])
        media = [part["mediaType"] for part in dataset["distribution"]]
        assert media == [
            *("text/csv", "application/json", "application/vnd.apache.parquet")
        ]


def whole_catalog(**changes):
    """Return a catalog of a network that set all that a catalog tells."""
    places = {"site_url": "https://pcbl.example.org/data", "contact_email": "a@b.org"}
    edition = content([lesson(1)], **{**places, **changes})
    return data_catalog(edition, MESSAGES, release_id="2026.11.1")


@pytest.mark.parametrize("changes", [{}, {"tables": {}}, {"license_name": None}])
def test_the_catalog_is_valid_by_the_schema_of_dcat_us(changes):
    validator = jsonschema.Draft202012Validator(dcat_us.CATALOG)

    assert [
        error.message for error in validator.iter_errors(whole_catalog(**changes))
    ] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("modified", "November 20, 2026"),
        ("accessLevel", "open"),
        ("keyword", []),
        ("landingPage", "./about.html"),
        ("licence", "https://creativecommons.org/licenses/by/4.0/"),
        ("contactPoint", {"@type": "vcard:Contact", "fn": "Somebody"}),
        ("publisher", None),
    ],
)
def test_the_schema_of_dcat_us_notices_what_is_wrong(name, value):
    catalog = whole_catalog()
    catalog["dataset"][0][name] = value

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(catalog, dcat_us.CATALOG)


def test_frictionless_finds_nothing_wrong_with_the_data_package(files, tmp_path):
    for path, data in files.items():
        if path.startswith("data/") and not path.endswith(".parquet"):
            (tmp_path / path.removeprefix("data/")).write_bytes(data)

    report = frictionless.validate(str(tmp_path / "datapackage.json"))

    assert report.flatten(["resourceName", "rowNumber", "message"]) == []


def test_earlier_releases_are_entries_of_the_feed(store):
    past = [PastRelease("2026.10.1", date(2026, 10, 20))]
    found = with_history(
        content([lesson(1)]), store, previous=None, past=past, errata=()
    )

    hrefs = [link.get("href") for link in feed_of(found).iter(f"{ATOM}link")]

    assert "../../2026.10.1/public/index.html" in hrefs
