"""From text rows to the columns that a suite judges.

For each field `f` there is `f__text`, as it was read (`NA` and blank are null), and `f`,
its value once its own form is right. Rules about one value's form look at the text; rules
between values look at the value, so that one mistake is one finding. `f__given` tells
whether anything was written, and `f__how` whether it could be read.
"""

from collections.abc import Iterable, Mapping

import great_expectations.expectations as gxe
import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import (
    SCHEMA_VERSION,
    SCHOOL_YEAR,
    Contract,
    ContractField,
    FieldType,
)
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.validation.checks import FieldCheck, form_checks
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.conditions import iso_date, row_check
from pcbl_pipeline.validation.derive import WITHIN_ROW, derive_within_row, look_up
from pcbl_pipeline.validation.groups import derive_from_group
from pcbl_pipeline.validation.previous import derive_from_previous
from pcbl_pipeline.validation.told import Told
from pcbl_pipeline.validation.written import How

ROW_ID = "row_number"
#: "Does not apply", as the datasets' common rules write it; blank is "not provided".
NOT_APPLICABLE = "NA"
_SEPARATOR = ";"
#: What `\s` matches in the pattern of a list; Polars' own white space is less.
_WHITE_SPACE = "".join(chr(i) for i in range(0x3001) if chr(i).isspace())


def text_name(field: str) -> str:
    """Return the name of the column that holds a field's text as it was read."""
    return f"{field}__text"


def given_name(field: str) -> str:
    """Return the name of the column that is blank where a field was left blank.

    A cell that could not be read is blank in the text, and given all the same.
    """
    return f"{field}__given"


def how_name(field: str) -> str:
    """Return the name of the column that says how a cell was read (`How`)."""
    return f"{field}__how"


def sent_name(field: str) -> str:
    """Return the name of the column that holds what the sender wrote.

    It is there for the fields of which some cell was read otherwise than it stands.
    """
    return f"{field}__sent"


def prepare(
    rows: pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
    told: Mapping[str, Told] | None = None,
) -> pl.LazyFrame:
    """Add texts, values and derived columns; stay lazy.

    `rows` are all rows; or a block of them, with what all of them say (`tell_of_all`).

    Shape: one row per row sent, named by `row_number`. `rows` has a text column for
    each field that the file has, its cells stripped; fields it lacks are null. What
    `normalise` added to them is kept.
    """
    prepared = _values(rows, contract, catalogue)
    for column in contract.derived:
        if not circumstances.can_derive(column):
            continue
        if told is not None and column.name in told:
            prepared = told[column.name].tell(prepared)
        else:
            prepared = _derive(prepared, column, contract, catalogue, circumstances)
    return prepared


def tell_of_all(
    rows: pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> Mapping[str, Told]:
    """Compute those derived columns for which a block of rows needs all others.

    Shape: `rows` as in `prepare`.
    """
    prepared = _values(rows, contract, catalogue)
    told: dict[str, Told] = {}
    for column in contract.derived:
        if not circumstances.can_derive(column):
            continue
        found = _from_others(prepared, column, contract, catalogue, circumstances)
        if found is None:
            prepared = _derive(prepared, column, contract, catalogue, circumstances)
        else:
            told[column.name] = found.settled()
            prepared = told[column.name].tell(prepared)
    return told


def _values(
    rows: pl.LazyFrame, contract: Contract, catalogue: Catalogue
) -> pl.LazyFrame:
    """Add each field's text and value."""
    present = set(rows.collect_schema().names())
    texts = rows.select(
        ROW_ID,
        *[column for name in contract.field_names for column in _texts(name, present)],
    )
    prepared = (
        texts.with_columns(_not_applicable(contract))
        .with_columns(
            pl.col(text_name(name)).replace([NOT_APPLICABLE, ""], None)
            for name in contract.field_names
        )
        .with_columns(
            pl.col(text_name(name)).alias(given_name(name))
            for name in contract.field_names
        )
        .with_columns(
            pl.when(pl.col(how_name(name)) < How.ERROR.value)
            .then(pl.col(text_name(name)))
            .alias(text_name(name))
            for name in contract.field_names
            if sent_name(name) in present
        )
    )
    judged = _judged_between(contract)
    return prepared.with_columns(
        _value(field, catalogue, guarded=field.name in judged).alias(field.name)
        for field in contract.fields
    )


def _texts(name: str, present: set[str]) -> list[pl.Expr]:
    text = pl.col(name) if name in present else pl.lit(None, pl.String)
    named = text.alias(text_name(name))
    if sent_name(name) in present:
        return [named, pl.col(sent_name(name)), pl.col(how_name(name))]
    as_sent = pl.lit(How.AS_SENT.value, pl.UInt8).alias(how_name(name))
    return [named, as_sent]


def split_codes(text: pl.Expr) -> pl.Expr:
    """Split `a; b` into its parts, without white space and empty parts."""
    parts = text.str.split(_SEPARATOR).list.eval(
        pl.element().str.strip_chars(_WHITE_SPACE)
    )
    return parts.list.eval(pl.element().filter(pl.element() != ""))


def _not_applicable(contract: Contract) -> pl.Expr:
    named = [
        pl.when(pl.col(text_name(name)) == NOT_APPLICABLE).then(pl.lit(name))
        for name in contract.field_names
    ]
    return pl.concat_list(named).list.drop_nulls().alias("not_applicable")


def _judged_between(contract: Contract) -> set[str]:
    """Return the fields that some rule compares with something else."""
    # The school year decides which codes and which version were in use.
    names = {*contract.key, contract.owner_field or "", SCHOOL_YEAR, SCHEMA_VERSION}
    for column in contract.derived:
        names |= column.reads | _referring(column)
    for rule in contract.rules:
        names |= {*rule.fields, *rule.names}
    return names


def _referring(column: DerivedColumn) -> set[str]:
    """Return the fields by which a column finds another row, or compares with it."""
    reference = column.reference
    if reference is None:
        return set()
    # An earlier row of the same dataset may stand in the same file.
    own = {reference.column} if column.kind == "latest_earlier" else set()
    return {*reference.same, reference.order or "", *own}


def _value(field: ContractField, catalogue: Catalogue, *, guarded: bool) -> pl.Expr:
    text = pl.col(text_name(field.name))
    if not (guarded or field.is_typed):
        return text
    right = well_formed(form_checks(field, catalogue), text_name(field.name))
    return pl.when(right).then(_parsed(field, text))


def has_right_form(field: ContractField, catalogue: Catalogue, column: str) -> pl.Expr:
    """Tell whether a column's text has the form that a field asks for; null if blank."""
    right = well_formed(form_checks(field, catalogue), column)
    return pl.when(pl.col(column).is_not_null()).then(right)


def well_formed(checks: Iterable[FieldCheck], column: str) -> pl.Expr:
    """Tell where a text column breaks none of a field's checks of form."""
    schema = pl.Schema({column: pl.String()})
    wrong = [
        row_check(_metric(check), {"column": column}, check.kwargs, schema).mask()
        for check in checks
    ]
    return ~pl.any_horizontal([pl.lit(value=False), *wrong])


def _metric(check: FieldCheck) -> str:
    name = "".join(part.capitalize() for part in check.expectation.split("_"))
    metric: str = getattr(gxe, name).map_metric
    return metric


def _parsed(field: ContractField, text: pl.Expr) -> pl.Expr:
    match field.type:
        case FieldType.INTEGER:
            return text.cast(pl.Int64, strict=False)
        case FieldType.DECIMAL:
            return text.cast(pl.Float64, strict=False)
        case FieldType.DATE:
            return iso_date(text)
        case _:
            return text


def _derive(
    rows: pl.LazyFrame,
    column: DerivedColumn,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> pl.LazyFrame:
    told = _from_others(rows, column, contract, catalogue, circumstances)
    if told is not None:
        return told.tell(rows)
    if column.kind in WITHIN_ROW:
        return rows.with_columns(derive_within_row(column, catalogue))
    return rows.with_columns(_derived(column, circumstances).alias(column.name))


def _from_others(
    rows: pl.LazyFrame,
    column: DerivedColumn,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> Told | None:
    """Compute a column that needs other rows; None for all other columns."""
    if column.is_of_group:
        return derive_from_group(rows, column, contract, circumstances, row_id=ROW_ID)
    if column.looks_back:
        return derive_from_previous(rows, column, contract, catalogue, circumstances)
    if column.kind == "unresolved":
        return _find_unresolved(rows, column, contract, circumstances)
    if column.is_lookup:
        return look_up(rows, column, circumstances, ROW_ID)
    return None


def _derived(column: DerivedColumn, circumstances: Circumstances) -> pl.Expr:
    of = pl.col(column.of) if column.of else pl.lit(None)
    match column.kind:
        case "prefix":
            return of.str.slice(0, column.length)
        case "first_given":
            return pl.coalesce(column.columns)
        case "times":
            return of * pl.lit(column.by)
        case "school_year_first_day":
            return _first_day(of.str.slice(0, 4), circumstances)
        case "school_year_last_day":
            return _first_day(of.str.slice(5, 4), circumstances).dt.offset_by("-1d")
        case "received_date":
            return pl.lit(circumstances.received_on, pl.Date)
    raise AssertionError(column.kind)


def _first_day(year: pl.Expr, circumstances: Circumstances) -> pl.Expr:
    month, day = circumstances.school_year_starts
    return pl.date(year.cast(pl.Int32, strict=False), month, day)


def _find_unresolved(
    rows: pl.LazyFrame,
    column: DerivedColumn,
    contract: Contract,
    circumstances: Circumstances,
) -> Told:
    """Find those items of a (list) column that the reference does not know."""
    reference, of = column.reference, column.of
    if reference is None or of is None:
        raise AssertionError(column.name)
    value = pl.col(of)
    if contract.field(of).type is FieldType.CODES:
        value = split_codes(value)
    else:
        value = pl.concat_list(value)
    known = circumstances.known[reference].lazy()
    needed = ["value", *reference.same]
    items = (
        rows.select(ROW_ID, *reference.same, value.alias("value"))
        .explode("value")
        .filter(pl.all_horizontal(pl.col(name).is_not_null() for name in needed))
    )
    unknown = (
        items.join(known, on=needed, how="anti")
        .group_by(ROW_ID)
        .agg(pl.col("value").sort().str.join(_SEPARATOR).alias(column.name))
    )
    return Told(unknown, (ROW_ID,))
