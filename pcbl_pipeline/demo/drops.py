"""Drops: every parcel made into bytes, with its time, in the order of dropping.

The seed decides the order within a day and how files are saved whose plan leaves it
open. What does not belong here: writing the files, and their answers.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.demo.corpus import Corpus, load_corpus
from pcbl_pipeline.demo.draft import DraftTable, draft_table
from pcbl_pipeline.demo.parcel import Parcel, Part
from pcbl_pipeline.demo.plan import load_plan
from pcbl_pipeline.demo.render import (
    Delimited,
    Workbook,
    render_delimited,
    render_records,
    render_workbook,
)

_FIRST_DAY = datetime(2026, 11, 10, 14, 0, tzinfo=UTC)
_MINUTES_BETWEEN_DROPS = 3

_DELIMITED = {
    "comma": Delimited(),
    "comma_bom": Delimited(has_bom=True, line_end="\r\n"),
    "semicolon": Delimited(";"),
    "semicolon_bom": Delimited(";", has_bom=True, line_end="\r\n"),
    "quoted": Delimited(quotes_all=True, line_end="\r\n"),
    "tab": Delimited("\t"),
    "ansi": Delimited(";", line_end="\r\n", encoding="cp1252"),
}
_WORKBOOKS = {"typed": Workbook(is_typed=True), "untyped": Workbook()}
#: What a plan may leave to chance; text with tabs has its own endings.
_ANY_CSV = ("comma", "comma_bom", "semicolon", "semicolon_bom", "quoted")
#: A byte from here on begins a letter of several bytes in UTF-8.
_FIRST_OF_LETTER = 0xC0
_ANY_WORKBOOK = ("typed", "untyped")


@dataclass(frozen=True)
class Drop:
    """One parcel, made into a file."""

    parcel: Parcel
    dropped_at: datetime
    tables: tuple[DraftTable, ...]
    content: bytes


def make_drops(seed: int, catalogue: Catalogue) -> list[Drop]:
    """Make every file of the plan, in the order of dropping."""
    corpus = load_corpus()
    made: list[Drop] = []
    contents: dict[tuple[str, str], bytes] = {}
    for parcel, dropped_at in _in_order(seed):
        tables = tuple(_draft(part, parcel, corpus, catalogue) for part in parcel.parts)
        if parcel.copy_of:
            content = contents[parcel.sender, parcel.copy_of]
        else:
            content = _render(parcel, tables, seed)
        contents[parcel.sender, parcel.name] = content
        made.append(Drop(parcel, dropped_at, tables, content))
    return made


def _in_order(seed: int) -> list[tuple[Parcel, datetime]]:
    """Order the parcels by day, within a day by chance, and give each its time."""
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    parcels = list(load_plan())
    chance.shuffle(parcels)
    parcels.sort(key=lambda parcel: parcel.day)
    starts = {day: _FIRST_DAY + timedelta(days=day - 1) for day in range(1, 11)}
    ordered = []
    for parcel in parcels:
        ordered.append((parcel, starts[parcel.day]))
        starts[parcel.day] += timedelta(minutes=_MINUTES_BETWEEN_DROPS)
    return ordered


def _draft(
    part: Part, parcel: Parcel, corpus: Corpus, catalogue: Catalogue
) -> DraftTable:
    table = draft_table(
        part.rows(corpus, parcel.sender),
        catalogue.get(part.selection.dataset),
        sheet=part.sheet,
        titles=part.has_titles,
    )
    if parcel.damage == "header_only":
        table.rows.clear()
    for fault in part.faults:
        fault.apply(table)
    return table


def _render(parcel: Parcel, tables: Sequence[DraftTable], seed: int) -> bytes:
    if parcel.damage == "empty":
        return b""
    form = parcel.form or _any_form(parcel, seed)
    if parcel.is_workbook and parcel.damage != "not_a_workbook":
        return render_workbook(tables, _WORKBOOKS[form], others=parcel.others)
    if not tables:
        return render_records(parcel.others[0].rows, _DELIMITED[form])
    content = render_delimited(tables[0], _DELIMITED[form])
    return _cut_in_a_letter(content) if parcel.damage == "cut" else content


def _cut_in_a_letter(content: bytes) -> bytes:
    """Cut a text as a broken transfer does: behind the first byte of a letter."""
    position = max(i for i, byte in enumerate(content) if byte >= _FIRST_OF_LETTER)
    return content[: position + 1]


def _any_form(parcel: Parcel, seed: int) -> str:
    if parcel.damage == "not_a_workbook":
        return "comma"
    if parcel.name.endswith((".tsv", ".txt")):
        return "tab"
    chance = random.Random(f"{seed} {parcel.sender} {parcel.name}")  # noqa: S311
    return chance.choice(_ANY_WORKBOOK if parcel.is_workbook else _ANY_CSV)
