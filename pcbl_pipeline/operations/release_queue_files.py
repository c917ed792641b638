"""How the release queue looks: a workbook with choices to pick, and the same as CSV.

The same lines give the same bytes. What does not belong here: which sentences wait.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import xlsxwriter

from pcbl_pipeline.disclosure.release import HeldSentence
from pcbl_pipeline.model.narrative import Choice, HitKind
from pcbl_pipeline.operations.listing import inert_column

QUEUE_TITLE = "Release queue"
#: Shape of the queue: one line per held sentence; a site fills in the last two.
QUEUE_COLUMNS = (
    *("line", "dataset", "id", "field", "sentence", "why", "may"),
    *("decision", "rewrite"),
)
#: What a sheet must have when it comes back.
QUEUE_NEEDED = frozenset({"line", "sentence", "decision", "rewrite"})
_WIDTHS = (18, 18, 18, 16, 60, 40, 26, 14, 60)
_CREATED = datetime(2020, 7, 1, tzinfo=UTC)
_LINE_DIGITS = 16
_MAY = {
    True: "release, rewrite, withhold",
    False: "rewrite, withhold",
}
_WHY = {
    HitKind.EMAIL: "it has an e-mail address",
    HitKind.PHONE: "it has a phone number",
    HitKind.LONG_NUMBER: "it has an id or a long number",
    HitKind.BIRTH_DATE: "it has a date that may be a birth date",
    HitKind.HANDLE: "it has the name of an account",
    HitKind.ADDRESS: "it has a street address",
    HitKind.PERSON_NAME: "it may name a person",
    HitKind.UNEXPLAINED_NAME: "it has a word that may be a name",
    HitKind.SMALL_COUNT: "it counts a group of students that is too small to show",
    HitKind.SITE_NAME: "it names a site that did not agree to be named",
    HitKind.INDIRECT: "it may describe one person only",
    HitKind.REDACTED: "something was taken out of it when it came in",
    HitKind.WITHHELD: "you decided to withhold it",
}


@dataclass(frozen=True)
class QueueLine:
    """One held sentence of a sender's own text."""

    key: str
    dataset: str
    #: What its sender knows the row by, such as a lesson's id.
    row_id: str
    field: str
    sentence: str
    why: str
    is_releasable: bool
    #: What the site decided before, where that keeps the sentence here.
    decision: str = ""

    @property
    def line(self) -> str:
        """What names the sentence in the sheet."""
        return self.key[:_LINE_DIGITS]

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of its row (`QUEUE_COLUMNS`)."""
        return (
            *(self.line, self.dataset, self.row_id, self.field),
            *(self.sentence, self.why),
            *(_MAY[self.is_releasable], self.decision, ""),
        )


def why_held(held: HeldSentence) -> str:
    """Say in plain words why a sentence waits."""
    reasons = list(dict.fromkeys(_WHY[kind] for kind in held.kinds))
    text = " and ".join(reasons)
    return f"{text[0].upper()}{text[1:]}."


def queue_csv(lines: Iterable[QueueLine]) -> bytes:
    """Write the queue as CSV in which no cell runs as a formula."""
    cells = [line.cells for line in lines]
    frame = pl.DataFrame(
        cells, schema=dict.fromkeys(QUEUE_COLUMNS, pl.String), orient="row"
    )
    safe = frame.with_columns(inert_column(name) for name in QUEUE_COLUMNS)
    return safe.write_csv(include_bom=True).encode()


def queue_workbook(lines: Sequence[QueueLine]) -> bytes:
    """Write the queue as a workbook in which a decision is picked from a list."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": QUEUE_TITLE, "created": _CREATED})
        sheet = book.add_worksheet("release_queue")
        head = book.add_format(
            {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF"}
        )
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        fill_in = book.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": "#FFF2CC", "border": 1}
        )
        for place, (name, width) in enumerate(zip(QUEUE_COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, name, head)
        to_fill = len(QUEUE_COLUMNS) - 2
        for number, line in enumerate(lines, 1):
            for place, text in enumerate(line.cells):
                style = fill_in if place >= to_fill else plain
                sheet.write_string(number, place, text, style)
            choices = [choice.value for choice in Choice]
            sheet.data_validation(
                number,
                to_fill,
                number,
                to_fill,
                {
                    "validate": "list",
                    "source": choices if line.is_releasable else choices[1:],
                },
            )
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()
