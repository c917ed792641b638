"""The data files: the same bytes every time, and readable by ordinary tools."""

import csv
import hashlib
import io
import json
import re
from dataclasses import replace

import jsonschema
import polars as pl
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.model.spreadsheet import FORMULA_STARTS, would_run
from pcbl_pipeline.publication.datapackage import data_package
from pcbl_pipeline.publication.exports import (
    csv_bytes,
    data_files,
    tables_of,
)
from pcbl_pipeline.publication.history import changes_file
from pcbl_pipeline.publication.json_schema import json_schema, schema_of_releases
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.tables import PUB1_LESSONS, TABLES, ColumnType
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES
from tests.support.editions import RELEASE_ID, edition_content, lesson, lessons_content
from tests.support.editions_releases import history

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def rows_of_csv(content):
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_the_same_content_gives_the_same_bytes():
    assert data_files(edition_content()) == data_files(edition_content())


def test_every_table_comes_in_three_formats():
    assert set(data_files(edition_content())) == {
        f"data/{table.name}.{ending}"
        for table, _ in tables_of(edition_content())
        for ending in ("csv", "json", "parquet")
    }


def test_all_formats_hold_the_same_rows():
    content = edition_content()
    files = data_files(content)

    for table, frame in tables_of(content):
        stem = f"data/{table.name}"
        names = [column.name for column in table.columns]
        parquet = pyarrow.parquet.read_table(io.BytesIO(files[f"{stem}.parquet"]))
        assert parquet.column_names == names
        assert parquet.to_pylist() == frame.to_dicts()
        document = json.loads(files[f"{stem}.json"])
        assert json.loads(json.dumps(frame.to_dicts(), default=str)) == document["rows"]
        header, *rows = rows_of_csv(files[f"{stem}.csv"])
        assert header == names
        assert len(rows) == frame.height


def test_no_file_holds_more_than_its_table_names():
    content = edition_content([lesson(1)])
    secret = pl.lit("0499987").alias("site_id")
    lessons = replace(
        content.lessons,
        lessons=content.lessons.lessons.with_columns(secret),
        groups=content.lessons.groups.with_columns(secret),
    )

    files = data_files(replace(content, lessons=lessons))

    assert files == data_files(content)
    assert not any(b"0499987" in content for content in files.values())


def test_a_missing_column_is_a_fault_and_not_an_empty_column():
    content = edition_content([lesson(1)])
    groups = content.lessons.groups.drop("sites")

    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        data_files(replace(content, lessons=replace(content.lessons, groups=groups)))


def test_years_stand_in_one_table_with_the_newest_first():
    files = data_files(edition_content())

    periods = [row[0] for row in rows_of_csv(files["data/pub2_topics.csv"])[1:]]

    assert periods == ["2026-2027"] * 7 + ["2025-2026"] * 7


def test_csv_is_as_rfc_4180_has_it():
    content = data_files(edition_content([lesson(1, title='A "b", c\nd')]))[
        "data/pub1_lessons.csv"
    ]

    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.startswith(b"public_id,revision,")
    assert b'"A ""b"", c\nd"' in content
    assert content.endswith(b"\r\n")


@given(text=TEXTS, items=st.lists(TEXTS.map(lambda item: item.replace(";", ""))))
def test_no_cell_of_a_csv_is_a_formula_and_no_text_is_lost(text, items):
    row = lesson(1, title=text, audience=items)
    table = PUB1_LESSONS
    frame = table.conform(lessons_content([row]).lessons)

    header, cells = rows_of_csv(csv_bytes(table, frame))

    shown = dict(zip(header, cells, strict=True))
    assert not any(map(would_run, cells))
    for name, original in (("title", text), ("audience", ";".join(items))):
        guarded = would_run(original)
        assert shown[name] == (f"'{original}" if guarded else original)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_each_beginning_of_a_formula_gets_an_apostrophe(start):
    content = edition_content([lesson(1, site_label=f"{start}HYPERLINK(1)")])

    header, cells = rows_of_csv(data_files(content)["data/pub1_lessons.csv"])

    assert dict(zip(header, cells, strict=True))["site_label"][:2] == f"'{start}"


def test_negative_numbers_are_numbers_and_not_guarded():
    content = edition_content()
    year = content.assistance[0]
    topics = year.topics.with_columns(pl.lit(-1.5).alias("reach"))

    files = data_files(replace(content, assistance=(replace(year, topics=topics),)))

    assert b",-1.5," in files["data/pub2_topics.csv"]


@pytest.mark.parametrize("edition", ["public", "network"])
def test_json_files_keep_their_published_schema(edition):

    schema = schema_of_releases(load_messages())
    jsonschema.Draft202012Validator.check_schema(schema)

    for path, content in data_files(edition_content(edition=edition)).items():
        if path.endswith(".json"):
            jsonschema.validate(
                json.loads(content),
                schema,
                format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
            )


def test_every_published_json_keeps_the_schema_beside_it(public_files):
    schema = json.loads(public_files["data/schema.json"])
    about = {"data/schema.json", "data/datapackage.json"}
    published = {
        path: json.loads(content)
        for path, content in public_files.items()
        if path.startswith("data/") and path.endswith(".json") and path not in about
    }

    assert {"data/changes.json", "data/errata.json"} < published.keys()
    for document in published.values():
        jsonschema.validate(document, schema)
    for name in ("changes", "errata"):
        document = published[f"data/{name}.json"]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document | {"other": 1}, schema)


@pytest.mark.parametrize("changes", [None, "some"])
def test_a_first_release_keeps_the_schema_too(changes):
    told = None if changes is None else history([]).changes
    document = json.loads(changes_file(told))

    jsonschema.validate(document, schema_of_releases(load_messages()))
    assert (document["previous_release"] is None) == (changes is None)


def test_the_name_of_the_schema_is_that_of_a_shape_and_not_of_a_release():
    messages = load_messages()
    names = {
        schema_of_releases(messages)["$id"],
        json_schema(messages, SITE_TABLES, of="sites")["$id"],
    }

    assert names == {
        "urn:uuid:ff80c0ba-3a7a-5e50-a32c-033839e675ed",
        "urn:uuid:c2bb1042-73b1-5867-b9f3-68e087ace45b",
    }


def test_the_data_package_tells_of_all_ten_summaries(public_files):
    package = json.loads(public_files["data/datapackage.json"])

    assert set(re.findall(r"PUB\d+", package["description"])) == {
        f"PUB{number}" for number in range(1, 11)
    }


def test_the_data_package_describes_every_csv_as_it_is(public_files):
    package = json.loads(public_files["data/datapackage.json"])

    assert package["version"] == RELEASE_ID
    assert package["licenses"] == [
        {
            "name": "CC-BY-4.0",
            "title": "CC BY 4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }
    ]
    assert package["sources"]
    assert len(package["caveats"]) > 3
    assert "invented" in package["description"]
    assert [item["name"] for item in package["resources"]] == [
        table.name for table, _ in tables_of(edition_content())
    ]
    for resource in package["resources"]:
        content = public_files[f"data/{resource['path']}"]
        header, *rows = rows_of_csv(content)
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert all(field["title"] and field["description"] for field in fields)
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        for place, field in enumerate(fields):
            if field.get("constraints", {}).get("required"):
                assert all(row[place] for row in rows), field["name"]
        keys = [header.index(name) for name in resource["schema"]["primaryKey"]]
        assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows)


def test_every_number_with_a_unit_says_which(public_files):
    package = json.loads(public_files["data/datapackage.json"])
    units = {
        field["name"]: field.get("unit")
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
        if field["type"] == ColumnType.NUMBER
    }

    assert units
    assert all(units.values())


def test_without_a_license_none_is_claimed():

    content = edition_content(license_name=None, fictional=False)

    package = data_package(
        content, data_files(content), load_messages(), release_id=RELEASE_ID
    )

    assert "licenses" not in package
    assert "invented" not in package["description"]


def test_one_table_alone_has_numbers_of_students():
    counts = {
        table.name
        for table in TABLES
        for column in table.columns
        if column.unit == "students" and column.type != ColumnType.STRING
    }

    assert counts == {"pub10_participation"}
    assert "One table holds numbers of students" in load_messages().plain(
        "about.privacy_rules.students"
    )
