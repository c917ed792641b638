"""Letters that were saved twice are put right, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.reading.encoding import decode_file
from tests.support.files import read_table, rows_of

SAVED_TWICE = "Jos\u00c3\u00a9 said it\u00e2\u20ac\u2122s good"


def read_back(path, text):
    path.write_text(text, encoding="utf-8")
    decoded = decode_file(path)
    return decoded.path.read_text("utf-8"), decoded.was_twice


def test_letters_that_were_saved_twice_are_put_right_and_the_receipt_says_so(tmp_path):
    table = read_table(tmp_path, f"a,b\n1,{SAVED_TWICE}\n")

    assert rows_of(table) == [(2, ("1", "José said it\u2019s good"))]
    assert any("twice" in said for said in table.read_as)


@pytest.mark.parametrize(
    "text",
    [
        "MEN\u00dc\u2013Karte",
        "the CAF\u00c9\u201d sign",
        "IRM\u00c3 \u00c2ngela",
        "na\u00efve \u2019tis",
        f"{SAVED_TWICE}\nand once: é",
        "\u00c3 alone",
        "S\u00c3\u00b3 \u5b66\u6821",
    ],
)
def test_letters_that_may_be_meant_stay_as_they_are(tmp_path, text):
    assert read_back(tmp_path / "a.csv", text) == (text, False)


@given(st.text(st.characters(max_codepoint=0x17F, exclude_categories=["C"])))
def test_a_text_saved_twice_is_the_text_again_or_stays_as_it_is(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "twice.csv"
    twice = text.encode().decode("latin-1")

    assert read_back(path, twice) in {(text, True), (twice, False)}
