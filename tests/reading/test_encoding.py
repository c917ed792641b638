"""Which encoding a text is in, and that all of it is read in that encoding."""

# Letters and marks beyond ASCII are what these tests are about.
# ruff: noqa: RUF001

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.reading import encoding as encoding_module
from pcbl_pipeline.reading.encoding import decode_file
from pcbl_pipeline.reading.letters import CODE_PAGES, choose_code_page, tokens_in
from tests.support.files import codes_of, read_bytes, read_text, rows_of

#: Texts that people in schools write; all invented.
SAMPLES = {
    "French": "L’élève a réussi à l’école – très bien. Où ça? Noël, garçon, œuvre, forêt",
    "Spanish": "El niño aprendió mucho; ¿qué pasó? corazón, José Muñoz, Peña, según el día",
    "German": "Die Schüler können größere Übungen lösen, Straße, Mädchen, „gut“ – sehr",
    "Portuguese": "São João não é avião; educação, coração, mães, lições",
    "Italian": "perché è così, città, più, università, però",
    "Nordic": "Åse går på skolen i Malmö, København, får",
    "capitals": "EDUCACIÓN NIÑO JOSÉ MUÑOZ",
    "one name": "José",
    "English quotes": "It’s the students’ work — “great”, she said. Don’t stop. 2025–2026",
    "one apostrophe": "the site’s plan",
    "single quotes": "‘single’ quotes",
    "closed dashes": "help—and more—of it",
    "trade marks": "i-Ready™ and iPad® ©2025",
    "degrees": "20° warm",
    "and so on": "and so on…",
    "bullet": "• first point",
}


def tokens_of(text, codec):
    return set(tokens_in(text.encode(codec)))


@pytest.mark.parametrize("codec", CODE_PAGES)
@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_code_page_is_told_by_where_letters_stand(text, codec):
    assert choose_code_page(tokens_of(text, codec)) == codec


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp850", "Schüler lösen café José Muñoz"),
        ("cp437", "résumé café José Muñoz"),
        ("cp1250", "Zażółć gęślą jaźń szkoła"),
        ("cp1251", "Привет мир как дела школа"),
        ("koi8_r", "Привет мир как дела школа"),
        ("cp1253", "Καλημέρα κόσμε τι κάνεις"),
        ("shift_jis", "日本語の学校テスト"),
        ("gbk", "中文学校测试数据"),
        ("euc_kr", "한국어 학교"),
    ],
)
def test_other_code_pages_are_not_taken_for_one_of_ours(tmp_path, codec, text):
    content = f"site,note\n1,x\n2,{text}\n".encode(codec)

    result = read_bytes(tmp_path, content)

    assert codes_of(result) == ["F104"]
    assert result.findings[0].details["row"] == "3"


CODECS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
}
WORDS = ["José", "Muñoz", "garçon", "Schüler", "déjà", "plain", "été", "naïve"]


@pytest.mark.parametrize("codec", CODECS)
@settings(deadline=None, max_examples=25)
@given(
    rows=st.lists(
        st.lists(st.sampled_from(WORDS), min_size=2, max_size=2),
        min_size=1,
        max_size=5,
    ),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_letter_is_read_in_the_encoding_it_was_saved_in(
    tmp_path_factory, codec, rows, line_end
):
    lines = ["nombre,día", *(",".join(cells) for cells in rows)]

    result = read_bytes(
        tmp_path_factory.getbasetemp(), (line_end.join(lines) + line_end).encode(codec)
    )

    (table,) = result.tables
    assert table.headers == ("nombre", "día")
    assert rows_of(table) == [(n, tuple(cells)) for n, cells in enumerate(rows, 2)]
    assert table.read_as[0] == f"Read as {CODECS[codec]} text."


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman"])
def test_letter_far_behind_the_first_block_is_read_alike(tmp_path, codec):
    content = b"a,b\n" + b"1,2\n" * 600_000 + "3,José\n".encode(codec)

    (table,) = read_bytes(tmp_path, content).tables

    assert table.read_as[0] == f"Read as {CODECS[codec]} text."
    assert table.rows.tail(1).collect().row(0) == (600_002, "3", "José")


def test_clean_utf8_is_read_from_the_file_itself(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\né,2\n", encoding="utf-8")

    assert decode_file(path).path == path


@pytest.mark.parametrize("codec", ["cp1252", "utf-16", "utf-8"])
@pytest.mark.parametrize("size", [2, 3, 7])
def test_letters_may_lie_across_the_ends_of_blocks(tmp_path, monkeypatch, codec, size):
    monkeypatch.setattr(encoding_module, "_CHUNK_BYTES", size)
    text = "año,día\nJosé,“x”\0\n" + "\n" * 200

    (table,) = read_bytes(tmp_path, text.encode(codec)).tables

    assert table.headers == ("año", "día")
    assert rows_of(table) == [(2, ("José", "“x”"))]


# ------------------------------------------------------------------- mixed files


def test_few_letters_of_windows_in_a_file_of_utf8_are_read_and_said(tmp_path):
    rows = "a,b\n" + "José,Peña\n" * 10
    content = rows.encode() + "Núñez,x\n".encode("cp1252")

    (table,) = read_bytes(tmp_path, content).tables

    assert rows_of(table)[-1] == (12, ("Núñez", "x"))
    assert table.read_as[0] == (
        "Read as UTF-8 text, with some letters in Windows-1252."
    )
    assert [item.code for item in table.findings] == ["F124"]
    assert table.findings[0].details["times"] == "2"


def test_mark_of_utf8_is_proof_enough(tmp_path):
    content = b"\xef\xbb\xbfa,b\n" + "José,1\n".encode("cp1252")

    (table,) = read_bytes(tmp_path, content).tables

    assert table.headers == ("a", "b")
    assert rows_of(table) == [(2, ("José", "1"))]
    assert [item.code for item in table.findings] == ["F124"]


def test_sign_for_lost_letters_is_told(tmp_path):
    (table,) = read_text(tmp_path, "a,b\nMu\ufffdoz,2\n").tables

    assert [item.code for item in table.findings] == ["F125"]
    assert rows_of(table) == [(2, ("Mu\ufffdoz", "2"))]


# ------------------------------------------------------------ what cannot be read


@pytest.mark.parametrize(
    ("content", "row"),
    [
        pytest.param("a,b\n1,漢".encode()[:-1], "2", id="cut letter at the end"),
        pytest.param("a,b\né,1\n2,é".encode()[:-1], "3", id="cut, and others whole"),
        pytest.param("a,b\n1,2\n".encode("utf-16-le")[:-1], "2", id="half a unit"),
        pytest.param(
            "name,b\n1,".encode("utf-16-le") + b"\x00\xd8\x31\x00",
            "2",
            id="half a pair",
        ),
        pytest.param(
            'a,b\n"x\ny",2\n3,школа'.encode("cp1251"), "3", id="rows, not lines"
        ),
        pytest.param(b'a,b\n1,2\n"\x81,2\n', "3", id="behind an open quote"),
    ],
)
def test_letters_that_cannot_be_read_are_found_by_row(tmp_path, content, row):
    result = read_bytes(tmp_path, content)

    assert codes_of(result) == ["F104"]
    assert result.findings[0].details["row"] == row
    assert result.findings[0].place.row == int(row)
    assert result.tables == ()


# ------------------------------------------------------------------ unseen signs


@pytest.mark.parametrize("unseen", ["\0", "\ufeff"])
def test_signs_that_nobody_sees_are_taken_out(tmp_path, unseen):
    long = "long " * 200
    content = f'a,b\n{unseen}"x, y",1{unseen}0\n3,{long}\n{unseen}'

    (table,) = read_text(tmp_path, content).tables

    assert rows_of(table) == [(2, ("x, y", "10")), (3, ("3", long.strip()))]
    assert "Signs that nobody can see were taken out." in table.read_as


@settings(deadline=None, max_examples=200)
@given(content=st.binary(max_size=80))
def test_any_bytes_become_text(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)

    text = decode_file(path)

    decoded = text.path.read_bytes().decode("utf-8")
    assert text.is_damaged == ("\ufffd" in decoded) or text.has_lost
