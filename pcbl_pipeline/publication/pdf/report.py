"""A report as it is printed: texts, numbers, tables and charts in reading order.

Everything is final text in the language of the report: numbers are already rounded
and written as that language writes them. Nothing here is markup, and no text is ever
run as a program.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from pcbl_pipeline.publication.svg import on_paper

#: The typeface of the templates.
FONT = "Libertinus Serif"


@dataclass(frozen=True)
class Fact:
    """One line of what the report is about, for instance the school year."""

    label: str
    value: str


@dataclass(frozen=True)
class KeyFigure:
    """One large number with the words that say what it counts."""

    value: str
    label: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `kind` is `text`, `finding` (stands out) or `note` (small)."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; `numbered` where their order says something."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Quote:
    """A text as somebody else wrote it, and where it comes from."""

    text: str
    source: str
    #: Where it stands whole, from the edition's root; a print does not need it.
    path: str = ""
    #: By what a reader of the print finds it; a page has the link.
    mark: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Key figures side by side."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class TableColumn:
    """A column's heading. Numbers stand at the right; `weight` shares out the width."""

    title: str
    numeric: bool = False
    weight: int = 1


@dataclass(frozen=True)
class ReportTable:
    """A table; its head is repeated on every page that it runs over.

    Shape: every row has one text per column.
    """

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class ReportChart:
    """A chart as an SVG of our pages, with its finding and its text alternative."""

    svg: str
    finding: str
    alternative: str
    #: What it is called on a page; a print has the finding above it.
    title: str = ""


Block = Paragraph | Bullets | Quote | KeyFigures | ReportTable | ReportChart


@dataclass(frozen=True)
class Section:
    """A part of the report under its heading; `level` 2 is within the one before."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True)
class ReportWords:
    """The words of the frame around a report."""

    contents: str
    #: With `{page}` and `{pages}` in it.
    page_of: str


@dataclass(frozen=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    #: Who publishes it, for instance the network.
    publisher: str
    #: The language of all texts as BCP 47 has it, for instance `en`.
    language: str
    #: The day up to which the data count; also the date of the document.
    day: date
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    words: ReportWords
    #: What must be said before all else, for instance that the network is invented.
    banner: str = ""
    #: What stands at the foot of every page, for instance the release.
    footer: str = ""

    def as_data(self, *, printed: bool = True) -> dict[str, Any]:
        """Return the report as plain values for a template.

        Charts of a page that is not `printed` keep the colours of its style sheet.
        """
        plain = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in {"sections", "facts", "words", "day"}
        }
        return {
            **plain,
            "day": [self.day.year, self.day.month, self.day.day],
            "facts": [asdict(fact) for fact in self.facts],
            "words": asdict(self.words),
            "sections": [_section(section, printed) for section in self.sections],
        }


#: How templates know the blocks apart.
_KINDS: Mapping[type[Block], str] = {
    Paragraph: "paragraph",
    Bullets: "bullets",
    Quote: "quote",
    KeyFigures: "figures",
    ReportTable: "table",
    ReportChart: "chart",
}


def _section(section: Section, printed: bool) -> dict[str, Any]:  # noqa: FBT001
    return {
        "title": section.title,
        "level": section.level,
        "blocks": [_block(block, printed) for block in section.blocks],
    }


def _block(block: Block, printed: bool) -> dict[str, Any]:  # noqa: FBT001
    values = {"block": _KINDS[type(block)], **asdict(block)}
    if isinstance(block, ReportChart) and printed:
        values["svg"] = on_paper(block.svg, font=FONT)
    return values
