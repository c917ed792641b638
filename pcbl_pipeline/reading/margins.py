"""The margins: rows between and below a table's rows that are not data.

A header that is repeated on every page, the example of a template, totals, notes and
signatures below the table, and a second table below the first. Rows are left out only
where their shape leaves little doubt, and the sender is told which. What does not
belong here: what stands above the data (`header`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.reading.examples import (
    NO_EXAMPLES,
    Examples,
    find_examples,
    has_mark,
)
from pcbl_pipeline.reading.header import (
    Header,
    HeaderWords,
    Record,
    count_filled,
    count_known,
    looks_like_value,
)
from pcbl_pipeline.reading.headers import header_key
from pcbl_pipeline.reading.tables import ROW_NUMBER

#: Rows at the end of a table among which those below it are looked for.
TAIL_ROWS = 40
#: Rows at its start that show what its data look like.
_HEAD_ROWS = 200

#: A column of a narrower table may well be blank in a row of data.
_NARROW = 3
#: A row of notes fills at most this many cells.
_FEW_CELLS = 2
#: A row of totals leaves at least this share of the columns blank.
_BLANK_IN_TOTALS = 1 / 3
#: Rows right above a repeated header that may name the page.
_ROWS_OF_A_PAGE_HEAD = 3

#: In a table with as many of our columns no row of data has a single cell.
_WIDE = 6
#: With more such rows, the table is sparse by nature.
_MANY_SPARSE = 10_000

#: What is told of a row in one look at all of them.
_NOTICED, _SPARSE, _TOTAL = "noticed", "sparse", "total"

#: Between the rows only these words tell a total; below them, more do.
_TOTALS_BETWEEN = r"(?i)^(?:grand |sub-?)?totals?\b.{0,40}$"
_TOTALS = re.compile(
    r"(?:grand |sub-?)?totals?\b.*|sum\b.*|averages?\b.*|mean\b.*|median\b.*"
    r"|count\b.*|min(?:imum)?\b.*|max(?:imum)?\b.*|all (?:sites|schools|rows)\b.*",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"(?:exported|generated|printed|created|prepared|downloaded|produced|retrieved"
    r"|run|saved|submitted|compiled|last updated|updated|report|run date|source"
    r"|sources|notes?|footnotes?|legend|key|remarks?|comments?|disclaimer|confidential"
    r"|copyright|end of|rows?|records?|number of|total|signed|signature|contact"
    r"|\(?[0-9]+ (?:rows?|records?|lines?)|questions?|data as of|as of|date|page)\b.*|\*{1,3} ?\w.*|© ?\w.*|[-=_]{3,}.*",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = re.compile(
    r"(?:page|seite|sheet)\b.*|.*\b[0-9]+ (?:of|/) [0-9]+", re.IGNORECASE
)


@dataclass(frozen=True)
class Margins:
    """Rows of a table that are not data, by what they are."""

    repeated: tuple[int, ...] = ()
    below: tuple[int, ...] = ()
    #: Where another table begins below this one.
    second: int | None = None
    #: Totals between the rows.
    totals: tuple[int, ...] = ()
    #: Rows of a single cell where all others have many: no data, and yet not left out.
    lone: tuple[int, ...] = ()
    #: Rows of data above the header, which is not where it belongs.
    above: tuple[int, ...] = ()
    #: The example of a template, and what is left of it in rows of data.
    examples: Examples = NO_EXAMPLES

    @property
    def rows(self) -> tuple[int, ...]:
        """All rows to leave out."""
        return self.repeated + self.totals + self.examples.rows + self.below


NO_MARGINS = Margins()


def find_margins(
    rows: pl.LazyFrame, tail: pl.DataFrame, header: Header, known: HeaderWords
) -> Margins:
    """Find the rows that are not data.

    Shape: `rows` as `Grid.rows`; `tail` its last `TAIL_ROWS` rows, without the blank.
    """
    names = [name for name in tail.columns if name != ROW_NUMBER]
    found = _look_through(rows, names, header, known)
    noticed = _records_at(rows, found.filter(_NOTICED)[ROW_NUMBER])
    repeated, second = _find_headers(noticed, header, known)
    examples = find_examples(noticed, known.examples)
    pages = _find_page_heads(rows, repeated, header)
    inside = {*pages, *repeated}
    no_data = {*inside, *examples.rows}
    last = [item for item in _records(tail) if item[0] not in no_data]
    head = _records(rows.head(_HEAD_ROWS).collect(engine="streaming"))
    shown = [item for item in head if item[0] not in examples.rows]
    shapes = _shapes([*shown, *last])
    below = _find_below(last, shapes, header)
    gone = no_data.union(below)
    totals, lone = _find_sparse(found)
    return Margins(
        tuple(sorted(inside)),
        tuple(below),
        second,
        tuple(row for row in totals if row not in gone),
        tuple(row for row in lone if row not in gone.union(totals)),
        tuple(_find_data_above(header, shapes)),
        examples,
    )


def _look_through(
    rows: pl.LazyFrame, names: Sequence[str], header: Header, known: HeaderWords
) -> pl.DataFrame:
    """Find the rows that may be no data, in one pass over all.

    Shape: `ROW_NUMBER`, `noticed` (may be a header or an example), `sparse` (a single
    cell is filled, or it is a total) and `total`; each row has one of the first two.
    """
    repeats = pl.any_horizontal(
        pl.lit(value=False),
        *(
            _equals(names, cells)
            for _, cells in header.parts
            if count_filled(cells) >= _FEW_CELLS
        ),
    )
    noticed = repeats | _may_name_columns(names, known) | has_mark(names)
    sparse = totals = pl.lit(value=False)
    # Of a table that is none of ours nothing is known: its rows may well be sparse.
    if count_known(header.cells, known) >= _WIDE:
        filled = pl.sum_horizontal(pl.col(names).is_not_null())
        totals = pl.coalesce(names).str.contains(_TOTALS_BETWEEN)
        sparse = (filled == 1) | ((filled * 2 <= len(names)) & totals)
    flags = {_NOTICED: noticed, _SPARSE: sparse, _TOTAL: totals}
    looked = rows.select(
        ROW_NUMBER,
        *(flag.fill_null(value=False).alias(name) for name, flag in flags.items()),
    )
    return looked.filter(pl.col(_NOTICED) | pl.col(_SPARSE)).collect(engine="streaming")


def _find_headers(
    found: Sequence[Record], header: Header, known: HeaderWords
) -> tuple[list[int], int | None]:
    """Find the rows that repeat the header, and one that is another table's."""
    parts = [_key(cells) for _, cells in header.parts]
    repeated = [number for number, cells in found if _key(cells) in parts]
    second = (number for number, cells in found if _names_columns(cells, known))
    return repeated, next((n for n in second if n not in repeated), None)


def _equals(names: Sequence[str], cells: Sequence[str | None]) -> pl.Expr:
    padded = [*cells, *[None] * len(names)]
    return pl.all_horizontal(
        pl.col(name).eq_missing(pl.lit(cell, pl.String))
        for name, cell in zip(names, padded, strict=False)
    )


def _key(cells: Sequence[str | None]) -> tuple[str | None, ...]:
    """Return the cells up to the last one that is not blank."""
    end = max((i for i, cell in enumerate(cells, 1) if cell is not None), default=0)
    return tuple(cells[:end])


def _may_name_columns(names: Sequence[str], known: HeaderWords) -> pl.Expr:
    """Say quickly whether a row's first two cells are known words."""
    if len(names) < _NARROW or not known.headers:
        return pl.lit(value=False)
    return pl.all_horizontal(
        pl.col(name)
        .str.to_lowercase()
        .str.replace_all("_", "", literal=True)
        .str.replace_all(" ", "", literal=True)
        .is_in(sorted(known.headers))
        for name in names[:2]
    )


def _names_columns(cells: Sequence[str | None], known: HeaderWords) -> bool:
    filled = [cell for cell in cells if cell is not None]
    words = sum(header_key(cell) in known.headers for cell in filled)
    return words >= _NARROW and words * 3 >= len(filled) * 2


def _find_data_above(header: Header, shapes: Mapping[int, set[str]]) -> Iterator[int]:
    """Yield the rows above the header that look like those below it.

    Without rows below, they need as many cells as a row of data, and values in them.
    """
    width = count_filled([cell or None for cell in header.cells])
    for number, cells in header.above:
        told = [
            (position, shape)
            for position, cell in enumerate(cells)
            if cell is not None and (shape := _shape(cell))
        ]
        alike = sum(shape in shapes.get(position, set()) for position, shape in told)
        values = sum(looks_like_value(cell) for cell in cells if cell is not None)
        is_alike = alike * 2 > len(told) if shapes else values >= _FEW_CELLS
        is_numbering = list(cells) == [str(i) for i in range(1, len(cells) + 1)]
        is_wide = width >= _NARROW and count_filled(cells) * 2 >= width
        if told and is_wide and is_alike and not is_numbering:
            yield number


def _find_sparse(found: pl.DataFrame) -> tuple[list[int], list[int]]:
    """Tell totals between the rows from other rows of which a single cell is filled."""
    sparse = found.filter(_SPARSE)
    if len(sparse) > _MANY_SPARSE:
        return [], []
    totals = sparse.filter(_TOTAL)[ROW_NUMBER].to_list()
    return totals, sparse.filter(~pl.col(_TOTAL))[ROW_NUMBER].to_list()


def _find_page_heads(
    rows: pl.LazyFrame, repeated: Sequence[int], header: Header
) -> list[int]:
    """Find titles and page numbers that stand right above a repeated header."""
    if not repeated:
        return []
    wanted = {n - i for n in repeated for i in range(1, _ROWS_OF_A_PAGE_HEAD + 1)}
    found = dict(_records_at(rows, pl.Series(sorted(wanted))))
    titles = {_key(cells) for _, cells in header.above}
    return [
        number
        for number, cells in found.items()
        if _key(cells) in titles or _is_page_number(cells)
    ]


def _is_page_number(cells: Sequence[str | None]) -> bool:
    texts = [cell for cell in cells if cell is not None]
    return len(texts) == 1 and _PAGE.fullmatch(texts[0]) is not None


def _find_below(
    last: Sequence[Record], shapes: Mapping[int, set[str]], header: Header
) -> list[int]:
    """Find the rows below the table among its last rows.

    Each row from there on must look like no data. Where a blank row sets them apart
    that is enough; elsewhere each begins with a word for totals or for notes.
    """
    width = count_filled([cell or None for cell in header.cells])
    start = len(last)
    is_below = True
    for position in range(len(last) - 1, -1, -1):
        number, cells = last[position]
        has_word = _is_totals(cells, width) or _is_note(cells, width)
        if not has_word and not (
            _is_sparse(cells, width) and _is_strange(cells, shapes)
        ):
            break
        is_apart = position > 0 and number > last[position - 1][0] + 1
        is_below = is_apart or (is_below and has_word)
        if is_below:
            start = position
    return [number for number, _ in last[start:]]


def _is_totals(cells: Sequence[str | None], width: int) -> bool:
    """Tell a row of totals: a word for it comes first, and many cells are blank."""
    blank = width - count_filled(cells)
    first = next((cell for cell in cells if cell is not None), "")
    return (
        width >= _NARROW
        and blank >= width * _BLANK_IN_TOTALS
        and _TOTALS.fullmatch(first) is not None
    )


def _is_note(cells: Sequence[str | None], width: int) -> bool:
    first = next((cell for cell in cells if cell is not None), "")
    return _is_sparse(cells, width) and _NOTES.fullmatch(first) is not None


def _is_sparse(cells: Sequence[str | None], width: int) -> bool:
    return width >= _NARROW and count_filled(cells) <= min(_FEW_CELLS, width // 2)


def _is_strange(cells: Sequence[str | None], shapes: Mapping[int, set[str]]) -> bool:
    """Tell whether no cell looks like what its column holds."""
    return not any(
        _shape(cell) in shapes.get(position, set()) - {""}
        for position, cell in enumerate(cells)
        if cell is not None
    )


def _shapes(records: Sequence[Record]) -> dict[int, set[str]]:
    shapes: dict[int, set[str]] = {}
    for _, cells in records:
        if count_filled(cells) > _FEW_CELLS:
            for position, cell in enumerate(cells):
                if cell is not None:
                    shapes.setdefault(position, set()).add(_shape(cell))
    return shapes


def _shape(text: str) -> str:
    """Reduce a text to how it is built: an id of seven digits is like another.

    Words alone look like any other words, so that they say nothing.
    """
    shape = re.sub(r"\d", "9", re.sub(r"[^\W\d]+", "a", text))
    return shape if "9" in shape or " " not in shape else ""


def _records_at(rows: pl.LazyFrame, numbers: pl.Series) -> list[Record]:
    """Return some rows by their numbers; none costs nothing."""
    if numbers.is_empty():
        return []
    wanted = rows.filter(pl.col(ROW_NUMBER).is_in(numbers.to_list()))
    return _records(wanted.collect(engine="streaming"))


def _records(frame: pl.DataFrame) -> list[Record]:
    return [(row[0], list(row[1:])) for row in frame.iter_rows()]
