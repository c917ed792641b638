"""The page with every column of the data files: what it holds, of what kind, by which codes.

What belongs here: the same words as in the data package, for people. What does not:
numbers, and what senders are asked for; that is the data dictionary.
"""

from dataclasses import dataclass

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import tables_of
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import Column, Table

CODEBOOK_PAGE = "codebook.html"
#: Where the code lists are explained, in an edition that has them.
_LISTS = "contracts/data-dictionary/code-lists.md"


@dataclass(frozen=True)
class ColumnLine:
    """One column as the page tells it."""

    name: str
    title: str
    meaning: str
    #: The kind of value, its unit, and whether it may be blank.
    kind: str
    #: The list of its codes, by its name; blank where there is none.
    codes: str


@dataclass(frozen=True)
class TableLine:
    """One table with its columns."""

    name: str
    title: str
    description: str
    key: str
    columns: tuple[ColumnLine, ...]


def codebook_page(content: EditionContent, messages: Messages) -> Page:
    """Return the page with the columns of every table of the edition."""
    tables = [_table(table, content, messages) for table, _ in tables_of(content)]
    return Page(
        path=CODEBOOK_PAGE,
        template="codebook.html",
        title=messages.plain("about.codebook_title"),
        description=messages.plain("about.codebook_lede"),
        section="about",
        answers={
            "": messages.plain(
                "about.codebook_answer",
                tables=len(tables),
                columns=sum(len(table.columns) for table in tables),
            )
        },
        values={"tables": tables, "has_lists": _LISTS in content.documents},
    )


def _table(table: Table, content: EditionContent, messages: Messages) -> TableLine:
    words = f"tables.{table.name}"
    titles = {
        column.name: messages.plain(f"{words}.columns.{column.name}.title")
        for column in table.columns
    }
    return TableLine(
        name=table.name,
        title=messages.plain(f"{words}.title"),
        description=messages.plain(f"{words}.description"),
        key=messages.listed([titles[name] for name in table.key]),
        columns=tuple(
            ColumnLine(
                name=column.name,
                title=titles[column.name],
                meaning=messages.plain(f"{words}.columns.{column.name}.description"),
                kind=_kind(column, messages),
                codes=_codes(column, content),
            )
            for column in table.columns
        ),
    )


def _codes(column: Column, content: EditionContent) -> str:
    name = column.code_list or ""
    return name if name in content.code_lists else ""


def _kind(column: Column, messages: Messages) -> str:
    told = [messages.plain(f"about.codebook_types.{column.type}")]
    if column.unit:
        told.append(messages.plain("about.codebook_unit", unit=column.unit))
    if column.nullable:
        told.append(messages.plain("about.codebook_nullable"))
    return "; ".join(told)
