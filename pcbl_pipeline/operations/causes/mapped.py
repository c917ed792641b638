"""C228 to C231: rows of an export that are wrong because of the mapping.

The cells are what the tool writes, so the advice is about the mapping, not the file.
What does not belong here: files in our own columns.
"""

from collections.abc import Iterator

import polars as pl

from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.mapping.identifiers import header_words, named_by
from pcbl_pipeline.operations.causes.evidence import Claim, Evidence
from pcbl_pipeline.operations.examine import MISSHAPEN, SHEET_OFFSET

_KEY_TWICE = "K401"
_NO_DATE = "R306"
#: So many words and forms are named; a scale has few.
_NAMED = 12
#: A longer text is no word of a scale.
_LONGEST_WORD = 30
_DAY_WORDS = {"date", "day", "assessed", "completed", "updated", "tested", "on", "time"}


def find_words_without_code(evidence: Evidence) -> Iterator[Claim]:
    """Claim the cells of a scale or list with words that the mapping does not know."""
    for field, cells in _misformed(evidence):
        if not (_is_scale(field) or field.code_list):
            continue
        texts = evidence.texts(cells, field.name)[field.name]
        said = f"{len(texts):,} cells"
        if _is_scale(field) or field.may_quote:
            said = _counted(texts)
        details = {"words": said, "mapping": _mapping(evidence)}
        details["column"] = _headers(evidence, cells, field.name)
        yield Claim(cells, cells, details)


def find_unclear_days(evidence: Evidence) -> Iterator[Claim]:
    """Claim the days that are written in a form of which no reading is certain."""
    for field, cells in _misformed(evidence):
        if field.type is not FieldType.DATE:
            continue
        texts = evidence.texts(cells, field.name)[field.name]
        forms = texts.str.replace_all("[0-9]", "0").str.replace_all(r"\p{L}", "a")
        details = {"form": _counted(forms)}
        details["column"] = _headers(evidence, cells, field.name)
        yield Claim(cells, cells, details)


def find_unmade(evidence: Evidence) -> Iterator[Claim]:
    """Claim what is wrong because the mapping makes nothing for a field."""
    if not _mapping(evidence):
        return
    made = {
        name
        for item in evidence.judged.tables.recognitions
        for name in item.field_rows.collect_schema().names()
    }
    is_told = (pl.col("severity") == "error") & (pl.col("code") != MISSHAPEN)
    errors = evidence.found.filter(is_told)
    for name in evidence.judged.tables.contract.field_names:
        cells = errors.filter(pl.col("field") == name)
        if name in made or cells.is_empty():
            continue
        places = cells.select("row_number", "field").unique(maintain_order=True)
        details = {"field": name, "count": f"{len(places):,}"}
        details["hint"] = _candidates(evidence, name)
        yield Claim(places, places, details)


def find_several_results(evidence: Evidence) -> Iterator[Claim]:
    """Claim keys that stand twice, as a learner has several results in one skill."""
    if not _mapping(evidence):
        return
    twice = evidence.found.filter(pl.col("code") == _KEY_TWICE)
    undated = evidence.found.filter(pl.col("code") == _NO_DATE)
    cells = twice.join(undated, on="row_number", how="anti", maintain_order="left")
    places = cells.select("row_number", "field").unique(maintain_order=True)
    if len(places):
        yield Claim(places, places, {"mapping": _mapping(evidence)})


def _mapping(evidence: Evidence) -> str:
    """Return the label of the mapping that made the rows; "" where none did."""
    return evidence.judged.tables.recognitions[0].mapping or ""


def _headers(evidence: Evidence, cells: pl.DataFrame, name: str) -> str:
    """Name the columns that cells stand in; each that became rows is a table."""
    tables = evidence.judged.tables.recognitions
    numbers = (cells["row_number"] // SHEET_OFFSET).unique().sort()
    named = dict.fromkeys(tables[number].headers.get(name, name) for number in numbers)
    return "` or `".join(named)


def _misformed(evidence: Evidence) -> Iterator[tuple[ContractField, pl.DataFrame]]:
    if not _mapping(evidence):
        return
    wrong = evidence.misformed
    for name in evidence.judged.tables.contract.field_names:
        cells = wrong.filter(pl.col("field") == name).sort("row_number")
        if len(cells):
            yield evidence.contract_field(name), cells


def _is_scale(field: ContractField) -> bool:
    """Tell whether a field is a step of a scale, whose words name nobody."""
    bounded = field.minimum is not None and field.maximum is not None
    return field.type is FieldType.INTEGER and bounded


def _counted(texts: pl.Series) -> str:
    """List different texts with how often each stands there, the most frequent first."""
    short = texts.drop_nulls().filter(
        texts.drop_nulls().str.len_chars() <= _LONGEST_WORD
    )
    counts = short.value_counts().sort(["count", texts.name], descending=[True, False])
    told = [f"`{text}` ({count:,})" for text, count in counts.head(_NAMED).iter_rows()]
    rest = texts.drop_nulls().n_unique() - len(told)
    return ", ".join(told) + (f" and {rest:,} more" if rest else "")


def _candidates(evidence: Evidence, name: str) -> str:
    """Name the columns that may hold a day, where a day is asked for."""
    if evidence.contract_field(name).type is not FieldType.DATE:
        return ""
    headers = evidence.judged.tables.recognitions[0].table.headers
    likely = [
        f"`{header}`"
        for header in headers
        if _DAY_WORDS & set(header_words(header)) and named_by(header) is None
    ]
    return f" It may be {' or '.join(likely[:4])}." if likely else ""
