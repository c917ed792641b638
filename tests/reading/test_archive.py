"""A ZIP archive is its files, each as if it had been sent by itself; never a trap."""

import gc
import stat
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.reading import archive
from tests.support.files import codes_of, read_bytes, rows_of, write_workbook


def zipped(
    *members: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, inside in members:
            file.writestr(zipfile.ZipInfo(name), inside, method)
    return content.getvalue()


def read(folder, content, name="drop.zip"):
    return read_bytes(folder, content, name)


@pytest.fixture
def workbook(tmp_path) -> bytes:
    path = tmp_path / "book.xlsx"
    write_workbook(path, {"Fall": [["a"], ["3"]], "Empty": []})
    return path.read_bytes()


# ------------------------------------------------------------------------ reading


def test_every_file_is_a_table_that_knows_its_place(tmp_path, workbook):
    content = zipped(
        ("fall/rows.csv", "a,b\n1,2\n"),
        ("book.xlsx", workbook),
        ("more.json", '[{"a": "0499901"}]'),
        ("semi.txt", "a;b\n1;2\n,;x\n"),
    )

    result = read(tmp_path, content)

    assert [(t.sheet, t.where, t.file_name) for t in result.tables] == [
        ("fall/rows.csv", "fall/rows.csv in drop.zip", "drop.zip"),
        ("book.xlsx: Fall", "book.xlsx: Fall in drop.zip", "drop.zip"),
        ("more.json", "more.json in drop.zip", "drop.zip"),
        ("semi.txt", "semi.txt in drop.zip", "drop.zip"),
    ]
    assert rows_of(result.tables[0]) == [(2, ("1", "2"))]
    assert rows_of(result.tables[2]) == [(1, ("0499901",))]
    assert codes_of(result) == ["F111"]
    assert result.findings[0].place.sheet == "book.xlsx: Empty"


def test_tables_can_be_read_as_long_as_they_are_kept_and_no_longer(tmp_path):
    result = read(tmp_path, zipped(("a.csv", "a,b\n1,2\n")))
    folder = Path(result.tables[0].scratch.folder)
    (table,) = result.tables
    del result
    gc.collect()

    assert rows_of(table) == [(2, ("1", "2"))]
    del table
    gc.collect()
    assert not folder.exists()


def test_what_is_wrong_with_one_file_names_it_and_leaves_the_others(tmp_path):
    content = zipped(
        ("good.csv", "a,b\n1,2\n"),
        ("empty.csv", ""),
        ("fake.xlsx", "just text"),
        ("broken.json", '[{"a": 1'),
        ("notes.pdf", "%PDF-1.7"),
    )

    result = read(tmp_path, content)

    assert [table.sheet for table in result.tables] == ["good.csv"]
    assert [(f.code, f.place.sheet) for f in result.findings] == [
        ("F101", "empty.csv"),
        ("F103", "fake.xlsx"),
        ("F132", "broken.json"),
        ("F138", "notes.pdf"),
    ]
    assert result.findings[1].details["file"] == "fake.xlsx"
    assert result.findings[3].details["member"] == "notes.pdf"


def test_what_programs_leave_in_archives_is_passed_over(tmp_path):
    content = zipped(
        ("__MACOSX/._a.csv", "x"),
        (".DS_Store", "x"),
        ("folder/", ""),
        ("folder/~$a.xlsx", "x"),
        ("Thumbs.db", "x"),
        ("folder/a.csv", "a,b\n1,2\n"),
    )

    result = read(tmp_path, content)

    assert [table.sheet for table in result.tables] == ["folder/a.csv"]
    assert result.findings == ()


@pytest.mark.parametrize(
    "members", [[], [("a.pdf", "%PDF"), ("b.docx", "x")], [(".DS_Store", "x")]]
)
def test_archive_without_any_table(tmp_path, members):
    assert codes_of(read(tmp_path, zipped(*members))) == ["F139"]


def test_two_files_of_one_name_are_both_read(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("a.csv", "a,b\n1,2\n"), ("a.csv", "a,b\n3,4\n"))

    result = read(tmp_path, content)

    assert [(t.sheet, rows_of(t)) for t in result.tables] == [
        ("a.csv", [(2, ("1", "2"))]),
        ("2 of a.csv", [(2, ("3", "4"))]),
    ]


# ------------------------------------------------------------------------- traps


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/a.csv", "etc/cron.d/a.csv"),
        ("/etc/a.csv", "etc/a.csv"),
        ("C:\\Users\\a.csv", "Users/a.csv"),
        ("..\\..\\a.csv", "a.csv"),
        ("a\u202evsc.\x1b[31m.csv", "avsc.[31m.csv"),
        (f"{'x' * 300}.csv", f"{'x' * 146}.csv"),
    ],
)
def test_name_never_becomes_a_path(tmp_path, name, shown):
    before = set(tmp_path.iterdir())

    (table,) = read(tmp_path, zipped((name, "a,b\n1,2\n"))).tables

    assert table.sheet == shown
    assert {path.name for path in set(tmp_path.iterdir()) - before} == {"dropped"}
    assert [path.name for path in table.scratch.folder.iterdir()] == ["0"]


def test_link_is_not_followed(tmp_path):
    link = zipfile.ZipInfo("rows.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(link, "/etc/passwd")
        file.writestr("a.csv", "a,b\n1,2\n")

    result = read(tmp_path, content.getvalue())

    assert [table.sheet for table in result.tables] == ["a.csv"]
    assert [(f.code, f.place.sheet) for f in result.findings] == [("F138", "rows.csv")]


def test_locked_file_is_said_to_be_locked(tmp_path):
    content = bytearray(zipped(("a.csv", "a,b\n1,2\n")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1

    assert codes_of(read(tmp_path, bytes(content))) == ["F140"]


def test_archive_in_an_archive_is_not_opened(tmp_path):
    inner = zipped(("a.csv", "a,b\n1,2\n"))

    result = read(tmp_path, zipped(("inner.zip", inner), ("b.csv", "a,b\n1,2\n")))

    assert [table.sheet for table in result.tables] == ["b.csv"]
    assert [(f.code, f.place.sheet) for f in result.findings] == [("F141", "inner.zip")]


def test_archive_under_another_name_in_an_archive_is_not_opened_either(tmp_path):
    inner = zipped(("a.csv", "a,b\n1,2\n"))

    assert codes_of(read(tmp_path, zipped(("a.xlsx", inner)))) == ["F103"]


def test_file_that_grows_a_thousandfold_is_not_unpacked(tmp_path):
    content = zipped(("a.csv", bytes(30_000_000)))

    (finding,) = read(tmp_path, content).findings

    assert len(content) < 50_000
    assert (finding.code, finding.details["reason"]) == (
        "F115",
        "`a.csv` unpacks to over 250 times its size",
    )


def test_many_files_that_grow_together_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_EXPANDED_BYTES", 50_000_000)
    content = zipped(*[(f"{i}.csv", bytes(6_000_000)) for i in range(10)])

    (finding,) = read(tmp_path, content).findings

    assert len(content) < 100_000
    assert (finding.code, finding.details["reason"]) == ("F115", "it unpacks to 60 MB")


def test_files_that_share_their_bytes_are_not_unpacked(tmp_path):
    """A kernel of compressed bytes that every entry points to, as in the worst bombs."""
    content = bytearray(zipped(("0.csv", "a,b\n1,2\n" * 5000)))
    start = content.index(b"PK\x01\x02")
    entry = bytes(content[start : content.index(b"PK\x05\x06")])
    kernel = bytes(content[:start])
    entries = b"".join(
        entry.replace(b"0.csv", b"%d.csv" % (i % 10)) for i in range(200)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 200, 200, len(entries), start, 0)

    (finding,) = read(tmp_path, kernel + entries + end).findings

    assert (finding.code, finding.details["reason"]) in [
        ("F115", "its files lie upon each other"),
        # Newer versions of Python find it themselves.
        ("F103", None),
    ]


def test_too_many_files(tmp_path):
    content = zipped(*[(f"{i}.csv", "") for i in range(archive.MAX_MEMBERS + 1)])

    (finding,) = read(tmp_path, content).findings

    assert (finding.code, finding.details["reason"]) == ("F115", "it holds 1,001 files")


def test_table_of_contents_that_would_fill_the_memory_is_not_read(tmp_path):
    content = zipped(*[(f"{'x' * 200}{i}.csv", "") for i in range(9000)], method=0)

    (finding,) = read(tmp_path, content).findings

    assert finding.code == "F103"
    assert finding.details["inside"] == "a ZIP archive of too many files"


def test_damaged_member_is_named(tmp_path):
    content = zipped(("a.csv", "a,b\n1,2\n"), ("b.csv", "a,b\n3,4\n"), method=0)
    content = content.replace(b"1,2", b"1,9")

    result = read(tmp_path, content)

    assert [table.sheet for table in result.tables] == ["b.csv"]
    assert [(f.code, f.place.sheet) for f in result.findings] == [("F103", "a.csv")]


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_damaged_archive_never_raises(tmp_path_factory, data):
    whole = zipped(("a.csv", "a,b\n1,2\n" * 20), ("b.json", '[{"a": 1}]'))
    content = bytearray(whole[: data.draw(st.integers(4, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(3, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )

    result = read(tmp_path_factory.getbasetemp(), bytes(content))

    assert result.tables or result.findings
