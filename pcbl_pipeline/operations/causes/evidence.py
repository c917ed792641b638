"""Evidence: the findings that nothing explains yet, and the cells that they are about.

What does not belong here: what any of it is taken to mean.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.operations.examine import JudgedDataset, text_rows
from pcbl_pipeline.validation.prepare import NOT_APPLICABLE, has_right_form
from pcbl_pipeline.validation.verdict import OCCURRENCE_SCHEMA

#: Rules that say that a text is not what its column asks for, whatever else is there.
FORM_CODES = (
    *("C205", "R301", "R304", "R305", "R306", "R307", "R308", "R310", "R312", "R313"),
)
BLANK = "R303"
#: With fewer cells than this, a likeness may be chance.
FEW_CELLS = 3
#: How a cell's field is named, as in the findings.
FIELD = OCCURRENCE_SCHEMA["field"]
#: The share of cells that must agree before we name one cause for them.
MOST = 0.8
#: Rows that are looked at where all rows would show the same.
_SAMPLE_ROWS = 1_000
_STRICT = {
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.DATE,
    FieldType.SCHOOL_YEAR,
    FieldType.URI,
}


@dataclass(frozen=True)
class Claim:
    """What one root cause says about some rows.

    Shape: `places` has `row_number` and `field`, one row per place to look at; `cells`
    has `row_number` and `field` of what follows from it.
    """

    places: pl.DataFrame
    cells: pl.DataFrame
    details: dict[str, str] = field(default_factory=dict)


class CellTexts:
    """What stands in the rows as sent; blank and `NA` are null. Read once, if at all."""

    def __init__(self, judged: JudgedDataset) -> None:
        """Take whose rows they are."""
        self._judged = judged

    @cached_property
    def misformed(self) -> pl.DataFrame:
        """The rows with a misformed cell, and the fields in which there is one.

        Shape: `row_number` and one text column per such field that was sent.
        """
        cells = _misformed(self._judged.occurrences)
        names = cells["field"].unique().to_list()
        rows = cells.lazy().select("row_number").unique()
        texts = self._of(names)
        kept = texts.join(rows, on="row_number", how="semi", maintain_order="left")
        return kept.collect(engine="streaming")

    @cached_property
    def first(self) -> pl.DataFrame:
        """The first rows, whole (shape as `misformed`)."""
        names = self._judged.tables.contract.field_names
        return self._of(names).head(_SAMPLE_ROWS).collect()

    def _of(self, wanted: Collection[str]) -> pl.LazyFrame:
        sent = text_rows(self._judged.tables)
        names = [name for name in sent.collect_schema().names() if name in wanted]
        return sent.select(
            "row_number", pl.col(names).replace([NOT_APPLICABLE, ""], None)
        )


@dataclass(frozen=True)
class Evidence:
    """What a search for causes may look at.

    Shape: `found` are occurrences (`OCCURRENCE_SCHEMA`) that no cause explains yet.
    """

    judged: JudgedDataset
    catalogue: Catalogue
    found: pl.DataFrame
    cells: CellTexts

    @cached_property
    def misformed(self) -> pl.DataFrame:
        """The cells with a text that their column does not take.

        Shape: `row_number`, `field`; each cell once.
        """
        known = self.cells.misformed.columns
        return _misformed(self.found).filter(pl.col("field").is_in(known))

    @property
    def blank(self) -> pl.DataFrame:
        """The cells that must be filled in and are blank (shape as `misformed`)."""
        blank = pl.col("code") == BLANK
        return self.found.filter(blank).select("row_number", "field").unique()

    def texts(self, cells: pl.DataFrame, name: str) -> pl.DataFrame:
        """Return the texts of misformed cells of one field.

        Shape: `cells` as `misformed`; the result has `row_number` and the field.
        """
        mine = cells.filter(pl.col("field") == name)
        texts = self.cells.misformed.select("row_number", name)
        return texts.join(mine, on="row_number", how="semi", maintain_order="left")

    def contract_field(self, name: str) -> ContractField:
        """Return a field of the dataset's contract."""
        return self.judged.tables.contract.field(name)

    def is_strict(self, name: str) -> bool:
        """Tell whether a field takes so few texts that fitting it says something."""
        item = self.contract_field(name)
        return item.type in _STRICT or bool(item.pattern or item.code_list)

    def fits(self, text: str, name: str) -> pl.Expr:
        """Tell whether the text in one column is what a field asks for."""
        return has_right_form(self.contract_field(name), self.catalogue, text)


def _misformed(found: pl.DataFrame) -> pl.DataFrame:
    wrong = pl.col("code").is_in(FORM_CODES) & (pl.col("severity") == "error")
    return found.filter(wrong).select("row_number", "field").unique()
