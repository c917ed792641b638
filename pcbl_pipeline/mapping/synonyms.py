"""Synonyms: headers and values that a sender confirmed, put to use and told.

What does not belong here: suggesting any. What was not confirmed is never replaced.
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract, ContractField, FieldType
from pcbl_pipeline.mapping.values import crossed, folded
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.model.site_mapping import ConfirmedCode, SiteMapping
from pcbl_pipeline.reading.headers import header_key
from pcbl_pipeline.reading.recognise import Recognition

_SEPARATOR = ";"


def with_confirmed(catalogue: Catalogue, site: SiteMapping) -> Catalogue:
    """Return the catalogue with the confirmed headers among the synonyms."""
    if not site.headers:
        return catalogue
    return catalogue.with_each(lambda contract: _extended(contract, site))


def note_confirmed(
    item: Recognition, catalogue: Catalogue, site: SiteMapping
) -> Recognition:
    """Put confirmed values in place, and say which headers and values they were."""
    if item.contract is None or not site.version:
        return item
    contract = catalogue.get(item.contract.dataset)
    item = replace(item, contract=contract)
    told = tuple(_header_sentences(item, contract, site))
    table = replace(item.table, read_as=(*item.table.read_as, *told))
    item = replace(item, table=table)
    return item if item.refused else _with_codes(item, contract, site)


def _extended(contract: Contract, site: SiteMapping) -> Contract:
    more: dict[str, tuple[str, ...]] = {}
    for entry in site.headers:
        if entry.dataset == contract.dataset:
            more[entry.field] = (*more.get(entry.field, ()), entry.header)
    fields = tuple(
        item.model_copy(update={"synonyms": (*item.synonyms, *more[item.name])})
        if item.name in more
        else item
        for item in contract.fields
    )
    return contract.model_copy(update={"fields": fields}) if more else contract


def _header_sentences(
    item: Recognition, contract: Contract, site: SiteMapping
) -> Iterator[str]:
    for entry in site.headers:
        header = item.headers.get(entry.field)
        if entry.dataset != contract.dataset or header is None:
            continue
        if header_key(header) == header_key(entry.header):
            day = entry.confirmed_on.isoformat()
            yield f"`{header}` was read as `{entry.field}`, as you confirmed on {day}."


def _with_codes(
    item: Recognition, contract: Contract, site: SiteMapping
) -> Recognition:
    """Replace the confirmed values, lazily, after counting them."""
    findings: list[FileFinding] = []
    changes: list[pl.Expr] = []
    for name, column in item.columns.items():
        field = contract.field(name)
        entries = [
            entry
            for entry in site.codes
            if (entry.dataset, entry.field) == (contract.dataset, name)
        ]
        if entries:
            counts = _counts(item, column, field, entries)
            findings += _told(item, field, entries, counts)
            changes.append(_replaced(pl.col(column), field, entries))
    if not findings:
        return item
    table = replace(item.table, rows=item.table.rows.with_columns(changes))
    return replace(item, table=table, findings=(*item.findings, *findings))


def _replaced(
    text: pl.Expr, field: ContractField, entries: list[ConfirmedCode]
) -> pl.Expr:
    crosswalk: dict[str, str | None] = {item.value: item.code for item in entries}
    if field.type is not FieldType.CODES:
        return crossed(text, crosswalk)
    parts = text.str.split(_SEPARATOR).list.eval(
        crossed(pl.element().str.strip_chars(), crosswalk)
    )
    return parts.list.join(_SEPARATOR)


def _counts(
    item: Recognition, column: str, field: ContractField, entries: list[ConfirmedCode]
) -> list[int]:
    """Return in how many cells each confirmed value stands."""
    cells = item.table.rows.select(pl.col(column).alias("value"))
    if field.type is FieldType.CODES:
        split = pl.col("value").str.split(_SEPARATOR)
        cells = cells.select(split).explode("value")
    counted = cells.group_by("value").len().drop_nulls().collect(engine="streaming")
    keyed = counted.with_columns(folded(counted["value"]).alias("value"))
    wanted = folded(pl.Series([entry.value for entry in entries], dtype=pl.String))
    return [
        int(keyed.filter(pl.col("value") == value)["len"].sum()) for value in wanted
    ]


def _told(
    item: Recognition,
    field: ContractField,
    entries: list[ConfirmedCode],
    counts: list[int],
) -> Iterator[FileFinding]:
    header = item.headers[field.name]
    for entry, count in zip(entries, counts, strict=True):
        if count:
            yield FileFinding(
                code="C224",
                place=Place(sheet=item.table.sheet, column=header),
                field=field.name,
                details={
                    "count": f"{count:,}",
                    "value": f"`{entry.value}`" if field.may_quote else "a known value",
                    "code": entry.code if field.may_quote else "its code",
                    "day": entry.confirmed_on.isoformat(),
                },
            )
