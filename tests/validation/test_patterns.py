"""Patterns and dates mean in Polars what they mean in Python, to the last character."""

import re
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.validation.checks import form_checks
from pcbl_pipeline.validation.conditions import iso_date
from pcbl_pipeline.validation.patterns import NoSuchPattern, to_rust, without_groups
from tests.support.rows import seeded, wide

CATALOGUE = load_catalogue()
OF_CONTRACTS = sorted(
    {
        check.kwargs["regex"]
        for contract in CATALOGUE.contracts.values()
        for field in contract.fields
        for check in form_checks(field, CATALOGUE)
        if "regex" in check.kwargs
    }
)
TRANSLATED = (
    *("a$|^b$", "(a|b)$", "$", "()$", "^$", r"^\s*$", "a|$", r"\$", r"\\$", r"(\s)$"),
    *(
        r"\d+\s\S",
        r"[^\s;]+",
        r"[\S]x",
        r"[^\d]",
        r"[\D]",
        r"\D",
        r"\Aab\Z",
        "(?:a|b)*$",
    ),
    *("[]a]", "[^]a]", r"[\]]", r"[a\-z]", "[$]", r"[\\]", "[é-ö]", "é", r"\u00e9"),
    *(
        r"\x41",
        r"[\x41-\x43]",
        r"\x1c",
        r"\.",
        r"\-",
        r"\ a",
        "a.b",
        "a{2,}?b",
        "|a",
        "",
    ),
    *("x{1,600}", "(?P<n>a)b", "]", r"\t\n\r\f\v"),
)
WITHOUT_A_CERTAIN_TRANSLATION = (
    *("(a$|b)c", "(a$)*", "a$b", r"\bx", r"\Bx", r"\w", r"[\w]", r"[\b]", "(?i)a"),
    *("x{,3}", "a++", "a{2}+", "(?=a)", "(?!a)", "(?<=a)b", r"(a)\1", "(?>a)", "a{"),
    *("[[a]", "[a&&b]", "[a--b]", "[a~~b]", r"\<a", r"\N{DIGIT ONE}", "(?#x)a", "}"),
    *("(?P<n>a)(?P=n)", "x{1,600}{1,600}", "é{9999}{9999}", "(", "[a", r"\z"),
)
CHARACTERS = (
    "ab cAxX59\n\r\t\v\f\x1c\x1f\x85\xa0\u200b\u2003éö\u0663²;-.$]}[&~\\<\u0301"
)


@pytest.fixture(scope="module")
def texts():
    draw = seeded("short texts of characters on which engines differ")
    short = [
        "".join(draw.choices(CHARACTERS, k=draw.randint(0, 4))) for _ in range(3000)
    ]
    return [*short, *(text + end for text in short[:200] for end in ("\n", "\n\n"))]


@pytest.mark.parametrize("pattern", [*TRANSLATED, *OF_CONTRACTS])
@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
def test_a_pattern_matches_in_polars_what_it_matches_in_python(pattern, texts):
    in_polars = pl.Series(texts, dtype=pl.String).str.contains(to_rust(pattern))

    in_python = [re.search(pattern, text) is not None for text in texts]
    assert in_polars.to_list() == in_python


@pytest.mark.parametrize("pattern", WITHOUT_A_CERTAIN_TRANSLATION)
def test_a_pattern_without_a_certain_translation_is_refused(pattern):
    with pytest.raises(NoSuchPattern):
        to_rust(pattern)


@pytest.mark.parametrize("pattern", OF_CONTRACTS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_near_misses_of_a_contracts_pattern_are_told_apart_alike(pattern, data):
    right = data.draw(st.from_regex(pattern))
    cut = data.draw(st.integers(0, len(right)))
    inserted = data.draw(
        st.sampled_from(["", "0", ";", " ", "\n", "\xa0", "\x1c", "é"])
    )
    texts = [
        right,
        right[:cut] + inserted + right[cut:],
        right[:cut] + right[cut + 1 :],
    ]

    in_polars = pl.Series(texts, dtype=pl.String).str.contains(to_rust(pattern))

    assert in_polars.to_list() == [bool(re.search(pattern, text)) for text in texts]


digit = st.sampled_from([*"0123456789", "\u0660", "\u0665", "\u0967", wide("7"), "²"])
part = st.text(digit, max_size=3) | st.sampled_from(
    [" 5", "5 ", "+5", "-5", "05", "12"]
)
near_dates = st.builds(
    "{}-{}-{}{}".format,
    st.text(digit, min_size=3, max_size=5) | st.sampled_from(["2026", "2024", "0000"]),
    part,
    part,
    st.sampled_from(["", "", "", "\n", " ", "T00:00", "Z"]),
)
dates = st.dates().map(lambda day: day.isoformat())


@settings(max_examples=20, deadline=None)
@given(st.lists(near_dates | dates | st.text(CHARACTERS), min_size=30, max_size=60))
def test_a_date_is_read_exactly_as_strptime_reads_it(texts):
    frame = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)})

    read = frame.select(iso_date(pl.col("text"))).to_series().to_list()

    assert read == [by_strptime(text) for text in texts]


def by_strptime(text):
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2026-1-3", "2026-01-03"),
        ("2026-01- 3", "2026-01-03"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        (f"{wide('2026')}-03-09", "2026-03-09"),
        ("2026-03-1\u0665", "2026-03-15"),
        ("2026-02-30", None),
        ("2023-02-29", None),
        ("1900-02-29", None),
        ("0000-01-01", None),
        ("20260-01-01", None),
        ("2026-03-0\u0665", None),
        (f"2026-{wide('1')}0-05", None),
        ("2026-03-09\n", None),
        ("", None),
    ],
)
def test_the_corners_of_reading_dates(written, day):
    read = pl.DataFrame({"text": [written]}).select(iso_date(pl.col("text"))).item()

    assert (read and read.isoformat()) == day
    assert read == by_strptime(written)


@pytest.mark.parametrize("pattern", [*TRANSLATED, *OF_CONTRACTS])
@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
def test_a_pattern_without_its_groups_matches_the_same(pattern, texts):
    bare = without_groups(pattern)

    assert re.compile(bare).groups == 0
    some = texts[::10]
    assert [bool(re.search(bare, t)) for t in some] == [
        bool(re.search(pattern, t)) for t in some
    ]
