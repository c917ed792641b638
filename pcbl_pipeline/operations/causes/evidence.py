"""Evidence: the findings that nothing explains yet, and the cells that they are about.

What does not belong here: what any of it is taken to mean.
"""

from dataclasses import dataclass, field

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.operations.examine import JudgedDataset, text_rows
from pcbl_pipeline.validation.prepare import NOT_APPLICABLE, has_right_form

#: Rules that say that a text is not what its column asks for, whatever else is there.
FORM_CODES = (
    *("C205", "R301", "R304", "R305", "R306", "R307", "R308", "R310", "R312", "R313"),
)
BLANK = "R303"
#: With fewer cells than this, a likeness may be chance.
FEW_CELLS = 3
#: The share of cells that must agree before we name one cause for them.
MOST = 0.8
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


@dataclass(frozen=True)
class Evidence:
    """What a search for causes may look at.

    Shape: `found` are occurrences (`OCCURRENCE_SCHEMA`) that no cause explains yet.
    """

    judged: JudgedDataset
    catalogue: Catalogue
    found: pl.DataFrame

    @property
    def misformed(self) -> pl.DataFrame:
        """The cells with a text that their column does not take.

        Shape: `row_number`, `field`; each cell once.
        """
        wrong = pl.col("code").is_in(FORM_CODES) & (pl.col("severity") == "error")
        return self.found.filter(wrong).select("row_number", "field").unique()

    @property
    def blank(self) -> pl.DataFrame:
        """The cells that must be filled in and are blank (shape as `misformed`)."""
        blank = pl.col("code") == BLANK
        return self.found.filter(blank).select("row_number", "field").unique()

    def texts(self, rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
        """Return what stands in some fields of some rows; blank and `NA` are null.

        Shape: `row_number` and one text column per field that was sent.
        """
        sent = text_rows(self.judged.tables)
        names = [name for name in sent.collect_schema().names() if name in fields]
        return (
            sent.select("row_number", *names)
            .join(
                rows.lazy().select("row_number").unique(), on="row_number", how="semi"
            )
            .with_columns(pl.col(names).replace([NOT_APPLICABLE, ""], None))
            .collect()
        )

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
