"""Polluted files: clean tables of the datasets, each spoilt in one named way.

A pollution takes a clean table and gives the bytes that somebody would send, with
what reading must make of them: the clean table again, or one finding. All content is
invented. The pollutions by kind are in `pollutions`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract, FieldType

#: The datasets whose tables are polluted.
DATASETS = ("lesson_learned", "ta_request", "ta_event", "site_profile")
ROWS = 6

#: Texts with all that makes reading hard, also in the old code pages.
_TEXTS = (
    "José said it\u2019s a good start, and Ms. Peña agreed",
    'They call it the "second look" \u2013 every week, in every school',
    "First line\nSecond line, indented",
    "Plain words",
    "Niños y familias: ¿qué pasó?",
    "Small groups; short talks; long walks",
)


@dataclass(frozen=True)
class Clean:
    """A table as it was before it was spoilt."""

    contract: Contract
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> list[list[str]]:
        """Header and rows, anew each time."""
        return [list(self.headers), *map(list, self.rows)]


@dataclass(frozen=True)
class Polluted:
    """A file as it is sent, and what reading must make of it."""

    content: bytes
    #: The rows that must come back.
    rows: tuple[tuple[str, ...], ...]
    #: The one error that must be found instead, or next to the other rows.
    code: str | None = None
    row: int | None = None
    #: Warnings that go with a table that is read.
    warnings: tuple[str, ...] = ()
    #: Words that the receipt must say about it.
    said: tuple[str, ...] = ()


Pollution = Callable[[Clean], Polluted]


def clean_table(dataset: str, catalogue: Catalogue) -> Clean:
    """Make a small table of a dataset from its contract's examples."""
    contract = catalogue.get(dataset)
    rows = tuple(
        tuple(_cell(contract, name, number) for name in contract.field_names)
        for number in range(ROWS)
    )
    return Clean(contract, contract.field_names, rows)


def _cell(contract: Contract, name: str, number: int) -> str:
    item = contract.field(name)
    if name in contract.key and item.type is FieldType.TEXT:
        return f"{item.example[:-1]}{number + 1}"
    is_free_text = item.type is FieldType.TEXT and not item.pattern
    if item.type is FieldType.NARRATIVE or (is_free_text and name not in contract.key):
        return _TEXTS[number % len(_TEXTS)]
    return item.example


def write(
    lines: Iterable[Sequence[str]],
    delimiter: str = ",",
    *,
    quote: str = '"',
    escape: str | None = None,
    quote_all: bool = False,
) -> list[str]:
    """Write records; each without its line end."""
    special = {delimiter, quote, "\n", "\r", '"'}
    doubled = (escape or quote) + quote
    return [
        delimiter.join(
            quote + cell.replace(quote, doubled) + quote
            if quote_all or special & set(cell)
            else cell
            for cell in cells
        )
        for cells in lines
    ]


def text_of(records: Sequence[str], end: str = "\n") -> str:
    """Put records together, each with its line end."""
    return "".join(record + end for record in records)


def read_back(clean: Clean, text: str, encoding: str = "utf-8") -> Polluted:
    """Return a file that must be read back to the clean table."""
    return Polluted(text.encode(encoding), clean.rows)


def found(
    clean: Clean, text: str, code: str, row: int | None = None, *, lost: int = -1
) -> Polluted:
    """Return a file with one finding; `lost` is the row of the table it costs."""
    rows = tuple(cells for i, cells in enumerate(clean.rows) if i != lost)
    return Polluted(text.encode(), rows, code, row)


def with_rows(clean: Clean, rows: Iterable[Sequence[str]]) -> Clean:
    """Return the table with other rows."""
    return replace(clean, rows=tuple(tuple(cells) for cells in rows))


def with_cell(clean: Clean, row: int, column: int, text: str) -> Clean:
    """Return the table with one other cell."""
    rows = [list(cells) for cells in clean.rows]
    rows[row][column] = text
    return with_rows(clean, rows)
