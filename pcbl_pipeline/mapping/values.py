"""Values: what a mapping can do to one text, as Polars expressions.

What cannot be understood is left as it is, so that it is judged, and named, as the
sender wrote it. What does not belong here: which columns are meant.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from pcbl_pipeline.validation.written import WholeColumn
from pcbl_pipeline.validation.written_dates import read_date, with_full_year

#: Key of a crosswalk for every value that it does not name.
ANY_OTHER = "*"
#: What a day looks like once it was read.
ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
#: An earlier year is one of two digits that was read with four.
_FIRST_YEAR = 1900
#: Of a school year, where an export has no other word on it than its dates.
_FIRST_MONTH = 7
_GRADE_WORDS = {
    "k": "KG",
    "kg": "KG",
    "kindergarten": "KG",
    "tk": "TK",
    "transitional kindergarten": "TK",
    "pk": "PK",
    "prek": "PK",
    "pre k": "PK",
    "pre-k": "PK",
    "pre-kindergarten": "PK",
    "prekindergarten": "PK",
    "preschool": "PR",
    "ps": "PR",
    "infant": "IT",
    "toddler": "IT",
    "ungraded": "UG",
    "ug": "UG",
    "postsecondary": "PS",
    **{
        word: f"{number:02d}"
        for number, word in enumerate(
            [
                "first",
                "second",
                "third",
                "fourth",
                "fifth",
                "sixth",
                "seventh",
                "eighth",
                "ninth",
                "tenth",
                "eleventh",
                "twelfth",
            ],
            1,
        )
    },
    "freshman": "09",
    "sophomore": "10",
    "junior": "11",
    "senior": "12",
}


def to_date(text: pl.Expr, formats: Sequence[str]) -> pl.Expr:
    """Write a date, or the day of a time, as YYYY-MM-DD.

    The mapping's own forms go first, then those of all files. The month is taken to
    stand before the day unless a day of the column shows that it does not.
    """
    return text.map_batches(partial(_dates, formats=formats), return_dtype=pl.String)


def _dates(texts: pl.Series, formats: Sequence[str]) -> pl.Series:
    """Read a whole column, each different text once; leave what is no date."""
    different = texts.drop_nulls().unique()
    # A time follows a date after a `T` or a space.
    day = pl.col("day").str.replace(r"[T ]+\d{1,2}:\d{2}.*$", "")
    stated = [
        pl.col("day").str.to_date(form, strict=False, exact=True)
        for form in dict.fromkeys(formats)
    ]
    likely = [pl.when(item.dt.year() >= _FIRST_YEAR).then(item) for item in stated]
    otherwise = read_date(pl.col("full"), WholeColumn()).str.to_date(
        "%Y-%m-%d", strict=False
    )
    read = [item.dt.to_string("%Y-%m-%d") for item in (*likely, otherwise)]
    days = (
        different.to_frame("day")
        .lazy()
        .with_columns(day)
        .with_columns(full=with_full_year(pl.col("day"), WholeColumn()))
        .select(pl.coalesce(*read, pl.lit(different)))
        .collect()
        .to_series()
    )
    return texts.replace_strict(different, days, default=None, return_dtype=pl.String)


def to_school_year(text: pl.Expr) -> pl.Expr:
    """Write a school year as YYYY-YYYY: of `2023-24`, `Fall 2021-2022`, `SY23-24`."""
    found = text.str.extract_groups(
        r"(?:^|[^0-9])(?P<first>20\d\d|\d\d) ?[-/\x{2013}] ?(?:20)?(?P<last>\d\d)(?:[^0-9]|$)"
    )
    first = found.struct.field("first").str.slice(-2).cast(pl.Int32, strict=False)
    last = found.struct.field("last").cast(pl.Int32, strict=False)
    written = pl.format("20{}-20{}", _two(first), _two(last))
    return pl.when((last - first) == 1).then(written).otherwise(text)


def to_school_year_ending(text: pl.Expr) -> pl.Expr:
    """Return the school year that ends in a year: 2023-2024 of `2024`."""
    last = text.str.extract(r"^(20\d\d)(?:\.0)?$").cast(pl.Int32, strict=False)
    return pl.coalesce(pl.format("{}-{}", last - 1, last), text)


def to_school_year_of(text: pl.Expr) -> pl.Expr:
    """Return the school year of a day; school years begin in July."""
    day = text.str.to_date("%Y-%m-%d", strict=False)
    first = day.dt.year() - (day.dt.month() < _FIRST_MONTH).cast(pl.Int32)
    year = pl.when(first >= _FIRST_YEAR).then(pl.format("{}-{}", first, first + 1))
    return pl.coalesce(year, text)


def to_grade(text: pl.Expr) -> pl.Expr:
    """Write a grade as its CEDS code: of `K`, `3`, `Grade 3`, `3rd Grade`, `Third`."""
    word = (
        text.str.to_lowercase()
        .str.replace_all(r"\b(grade|gr)\b\.?", "")
        .str.replace_all(r"(\d)(st|nd|rd|th)\b", "${1}")
        .str.strip_chars()
    )
    number = word.str.extract(r"^0*(\d{1,2})$").cast(pl.Int32, strict=False)
    in_school = number.is_between(1, 13)
    named = word.replace_strict(_GRADE_WORDS, default=None, return_dtype=pl.String)
    zero = pl.when(number == 0).then(pl.lit("KG"))
    return pl.coalesce(pl.when(in_school).then(_two(number)), zero, named, text)


def to_number(text: pl.Expr) -> pl.Expr:
    """Write a number with digits and a point: of `1,250`, `83%`, ` 74 `."""
    plain = text.str.replace_all(r"[,%\s]", "")
    return pl.when(plain.str.contains(r"^[-+]?\d*\.?\d+$")).then(plain).otherwise(text)


def to_slug(text: pl.Expr) -> pl.Expr:
    """Write a name as small letters, digits and dashes, for use in a code."""
    return (
        text.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all(r"['\x{2019}]", "")
        .str.replace_all(r"[^a-z0-9]+", "-")
        .str.strip_chars("-")
    )


def to_band(text: pl.Expr, bands: Sequence[tuple[float, str]]) -> pl.Expr:
    """Return the value of the highest band that a number reaches."""
    number = to_number(text).cast(pl.Float64, strict=False)
    reached = [
        pl.when(number >= start).then(pl.lit(value))
        for start, value in sorted(bands, reverse=True)
    ]
    return pl.coalesce(*reached, text)


def crossed(text: pl.Expr, crosswalk: Mapping[str, str | None]) -> pl.Expr:
    """Replace values by codes, up to case and spaces.

    What is not in the crosswalk is left as it is, unless the crosswalk says with `*`
    what every other value becomes.
    """
    named = {value: code for value, code in crosswalk.items() if value != ANY_OTHER}
    keys = folded(pl.Series(list(named), dtype=pl.String)).to_list()
    codes = dict(zip(keys, named.values(), strict=True))
    found = _folded(text).replace_strict(
        list(codes),
        pl.Series(list(codes.values()), dtype=pl.String),
        default=None,
        return_dtype=pl.String,
    )
    other = text
    if ANY_OTHER in crosswalk:
        other = pl.when(text.is_not_null()).then(
            pl.lit(crosswalk[ANY_OTHER], pl.String)
        )
    return pl.when(_folded(text).is_in(list(codes))).then(found).otherwise(other)


def folded(texts: pl.Series) -> pl.Series:
    """Return the texts without what `crossed` does not look at."""
    return texts.to_frame("text").select(_folded(pl.col("text"))).to_series()


def part_of(text: pl.Expr, separator: str, number: int) -> pl.Expr:
    """Return one part of a text, the first is 1 and the last is -1."""
    position = number - 1 if number > 0 else number
    part = text.str.split(separator).list.get(position, null_on_oob=True)
    return blank_to_null(part.str.strip_chars())


def blank_to_null(text: pl.Expr) -> pl.Expr:
    """Return null where nothing is left of a text."""
    return pl.when(text != "").then(text)


def _folded(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def _two(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.zfill(2)
