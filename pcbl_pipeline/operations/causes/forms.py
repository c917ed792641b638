"""F161 and F162: a column that was written, or saved, in one form that is not ours.

Nearly always a program did it to the whole column, and one setting undoes it. What does
not belong here: single slips, and values that are close to a right one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.operations.causes.evidence import (
    FEW_CELLS,
    FIELD,
    MOST,
    Claim,
    Evidence,
)
from pcbl_pipeline.operations.examine import headers_of


@dataclass(frozen=True)
class Form:
    """A way of writing that people and programs use for one type of value."""

    pattern: str
    #: "The values are written as …".
    words: str
    #: How to change the column as a whole.
    way: str


_AS_DATE = (
    "In Excel, mark the whole column and press Ctrl+1. Choose Custom and type "
    "yyyy-mm-dd. Then save the file and send it again."
)
_BOTH_YEARS = (
    "Write both years in full with a dash, such as 2025-2026. Type it once and fill it "
    "down the column."
)

#: Forms whose meaning is certain are read (`validation.written`) and never come here.
#: The first form that fits most of the wrong cells of a column is its form.
FORMS: dict[FieldType, tuple[Form, ...]] = {
    FieldType.DATE: (
        Form(
            r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( .*)?$",
            "dates with slashes, such as 3/9/2026",
            _AS_DATE,
        ),
        Form(
            r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}( .*)?$",
            "dates with slashes and a short year, such as 3/9/26",
            _AS_DATE,
        ),
        Form(
            r"^[0-9]{1,2}\.[0-9]{1,2}\.([0-9]{4}|[0-9]{2})$",
            "dates with points, such as 9.3.2026",
            _AS_DATE,
        ),
        Form(
            r"^[0-9]{5}(\.[0-9]+)?$",
            "day counts of a spreadsheet, such as 46090",
            _AS_DATE,
        ),
        Form(
            r"(?i)^([a-z]+,? )?([0-9]{1,2}[ .-]+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*$",
            "dates with the month as a word, such as March 9, 2026",
            _AS_DATE,
        ),
    ),
    FieldType.SCHOOL_YEAR: (
        Form(r"^[0-9]{2}[-/][0-9]{2}$", "short years, such as 25-26", _BOTH_YEARS),
        Form(r"^[0-9]{4}$", "one year, such as 2026", _BOTH_YEARS),
    ),
}  # fmt: skip


def find_other_forms(evidence: Evidence) -> Iterator[Claim]:
    """Claim the columns whose wrong cells are nearly all written in one known form."""
    for name, wrong in _by_field(evidence):
        forms = FORMS.get(evidence.contract_field(name).type, ())
        texts = evidence.texts(wrong, name)
        for form in forms:
            hit = texts.filter(pl.col(name).str.contains(form.pattern))
            if len(hit) >= max(FEW_CELLS, MOST * len(texts)):
                cells = hit.select("row_number", pl.lit(name, FIELD).alias("field"))
                yield Claim(cells, cells, {"form": form.words, "way": form.way})
                break


def find_lost_zeros(evidence: Evidence) -> Iterator[Claim]:
    """Claim the columns whose wrong ids are right with zeros in front.

    One claim for all columns: one program took them all away.
    """
    columns = []
    for name, wrong in _by_field(evidence):
        if not evidence.is_strict(name) or _is_number(evidence, name):
            continue
        texts = evidence.texts(wrong, name)
        # Two states' codes and two digits of grades and dates are as far as it goes.
        padded = texts.with_columns(
            one=pl.concat_str(pl.lit("0"), name), two=pl.concat_str(pl.lit("00"), name)
        )
        right = evidence.fits("one", name) | evidence.fits("two", name)
        hit = padded.filter(pl.col(name).str.contains("^[1-9]") & right)
        if len(hit) >= max(1, MOST * len(texts)):
            columns.append(hit.select("row_number", pl.lit(name, FIELD).alias("field")))
    if sum(map(len, columns)) < FEW_CELLS:
        return
    cells = pl.concat(columns)
    headers = headers_of(evidence.judged.tables)
    named = [headers[item["field"][0]] for item in columns]
    yield Claim(cells, cells, {"columns": " and ".join(f"`{n}`" for n in named)})


def _is_number(evidence: Evidence, name: str) -> bool:
    kinds = {FieldType.INTEGER, FieldType.DECIMAL, FieldType.DATE}
    return evidence.contract_field(name).type in kinds


def _by_field(evidence: Evidence) -> Iterator[tuple[str, pl.DataFrame]]:
    misformed = evidence.misformed
    for name in evidence.judged.tables.contract.field_names:
        wrong = misformed.filter(pl.col("field") == name)
        if len(wrong):
            yield name, wrong
