"""Apply: from a table that is another product's export to the rows of a dataset.

An export may be wide: each column that becomes rows makes a table of its own, which
shares the places of the one that was sent. What does not belong here: finding the
mapping, and judging what it made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from pcbl_pipeline.contracts.contract import Contract, Presence
from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.mapping.columns import Columns, Groups, groups_of, used_columns
from pcbl_pipeline.mapping.expressions import Maker, kept_where
from pcbl_pipeline.mapping.keys import Keyring
from pcbl_pipeline.mapping.refusals import Refusals
from pcbl_pipeline.mapping.values import ISO_DAY
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.tables import ROW_NUMBER, TextTable

#: A receipt names as many as a person would read.
_SKILLS_NAMED = 8
_GROUP = "mapped_group"
_ORDER = "mapped_order"
_AT, _COUNT, _FIRST = "mapped_at", "mapped_count", "mapped_first"


@dataclass(frozen=True, eq=False)
class _Export:
    """One table with the mapping that fits it."""

    table: TextTable
    contract: Contract
    source: SourceMapping
    columns: Columns
    groups: tuple[Groups, ...]
    maker: Maker


@dataclass(frozen=True)
class _Losses:
    """Results that make no record of their own."""

    not_measured: int
    older: int


def apply_source(
    table: TextTable,
    contract: Contract,
    source: SourceMapping,
    *,
    sender: Mapping[str, str | None],
    keyring: Keyring,
) -> tuple[Recognition, ...]:
    """Turn an export into recognised tables, or into one that says what it lacks.

    Shape: `mapped` of each has `row_number` as the sender sees it and one text column
    per field that the mapping makes. A misshapen row is there without any value.
    """
    columns = Columns.of(table)
    export = _Export(
        table,
        contract,
        source,
        columns,
        tuple(groups_of(source, table.headers)),
        Maker(source, columns, sender, keyring),
    )
    wrong = Refusals(table, contract, source, columns, export.groups).find()
    if wrong:
        return (_refused(export, tuple(wrong)),)
    records, losses = _newest(export, _measured(export, _records(export)))
    records = _without_blank_columns(records)
    found = _recognitions(export, records)
    return (replace(found[0], findings=_told(export, records, losses)), *found[1:])


def _records(export: _Export) -> pl.LazyFrame:
    """Return a record for each row and each column that becomes rows."""
    source, table = export.source, export.table
    rows = table.rows
    if table.misshapen:
        # Its cells cannot be told apart, so a name might stand where a level belongs.
        rows = rows.filter(~pl.col(ROW_NUMBER).is_in(list(table.misshapen)))
    if len(export.groups) > 1:
        # Read once, not once for each column that becomes rows.
        used = sorted(used_columns(source, export.columns, export.groups))
        rows = rows.select(ROW_NUMBER, *used).collect(engine="streaming").lazy()
    whens = {name: item.when for name, item in source.fields.items() if item.when}
    return pl.concat(
        rows.select(
            ROW_NUMBER,
            pl.lit(number, pl.Int32).alias(_GROUP),
            *_values(export, group),
        ).with_columns(kept_where(name, when) for name, when in whens.items())
        for number, group in enumerate(export.groups)
    )


def _values(export: _Export, group: Groups) -> list[pl.Expr]:
    source, maker = export.source, export.maker
    made = [
        maker.value(value, group).alias(name) for name, value in source.fields.items()
    ]
    if source.newest_per_key is not None:
        made.append(maker.value(source.newest_per_key.newest_by, group).alias(_ORDER))
    return made


def _measured(export: _Export, records: pl.LazyFrame) -> tuple[pl.DataFrame, int]:
    """Compute the records and leave out what was not measured; count the latter."""
    together = records.collect(engine="streaming")
    fields = export.source.not_measured_if_blank
    if not fields:
        return together, 0
    kept = together.filter(pl.all_horizontal(pl.col(fields).is_not_null()))
    return kept, len(together) - len(kept)


def _newest(
    export: _Export, measured: tuple[pl.DataFrame, int]
) -> tuple[pl.DataFrame, _Losses]:
    """Keep the newest result of each key; those with half a key are kept for judging."""
    records, not_measured = measured
    rule = export.source.newest_per_key
    if rule is None:
        return records, _Losses(not_measured, 0)
    key = [name for name in export.contract.key if name in records.columns]
    whole = pl.all_horizontal(pl.col(key).is_not_null())
    ordered = records.sort(_ORDER, ROW_NUMBER, nulls_last=False)
    # A result whose day cannot be read is neither newer nor older than another.
    is_placed = pl.lit(value=True)
    if rule.newest_by.is_day:
        order = pl.col(_ORDER)
        is_placed = order.is_null() | order.str.contains(ISO_DAY)
    is_complete = whole & is_placed
    complete = ordered.filter(is_complete)
    found = complete.with_row_index(_AT).group_by(_telling(complete, key))
    newest = found.agg(
        pl.col(_AT).last(),
        pl.len().cast(pl.String).alias(_COUNT),
        pl.col(_ORDER).min().alias(_FIRST),
    )
    named = {_COUNT: rule.count_as, _FIRST: rule.first_as}
    kept = complete[newest[_AT]].with_columns(
        newest[column].alias(name) for column, name in named.items() if name
    )
    aside = ordered.filter(~is_complete)
    if rule.first_as:
        aside = aside.with_columns(pl.col(_ORDER).alias(rule.first_as))
    kept = pl.concat([kept, aside], how="diagonal").drop(_ORDER)
    older = len(records) - len(kept)
    return kept.sort(ROW_NUMBER, _GROUP), _Losses(not_measured, older)


def _telling(records: pl.DataFrame, key: list[str]) -> list[str]:
    """Return the columns of a key in which records differ; grouping by few is fast."""
    return [name for name in key if records[name].n_unique() > 1] or key[:1]


def _without_blank_columns(records: pl.DataFrame) -> pl.DataFrame:
    """Leave out the fields for which the export holds nothing at all."""
    blank = [name for name in records.columns if records[name].null_count()]
    blank = [name for name in blank if records[name].null_count() == len(records)]
    return records.drop(blank)


def _recognitions(export: _Export, records: pl.DataFrame) -> list[Recognition]:
    """Return a recognised table for each column that becomes rows."""
    table = export.table
    parts = {
        number: part.drop(_GROUP)
        for (number,), part in records.partition_by(
            _GROUP, as_dict=True, maintain_order=True
        ).items()
    }
    empty = records.clear().drop(_GROUP)
    found = []
    for number, group in enumerate(export.groups):
        part = parts.get(number, empty)
        misshapen = table.misshapen if number == 0 else {}
        if misshapen:
            numbers = pl.DataFrame(
                {ROW_NUMBER: list(misshapen)}, {ROW_NUMBER: pl.Int64}
            )
            part = pl.concat([part, numbers], how="diagonal").sort(ROW_NUMBER)
        if part.is_empty() and number:
            continue
        found.append(_recognised(export, group, part, misshapen))
    return found


def _recognised(
    export: _Export, group: Groups, part: pl.DataFrame, misshapen: Mapping[int, int]
) -> Recognition:
    source = export.source
    places = {
        name: column
        for name, value in source.fields.items()
        if (column := export.columns.first(value, group)) is not None
    }
    rule = source.newest_per_key
    if rule is not None and rule.first_as:
        column = export.columns.first(rule.newest_by, group)
        places |= {rule.first_as: column} if column else {}
    return Recognition(
        table=replace(
            export.table,
            row_count=len(part),
            misshapen=misshapen,
            read_as=(*export.table.read_as, *_read_as(source)),
        ),
        contract=export.contract,
        columns=places,
        headers={n: export.columns.headers[c] for n, c in places.items()},
        findings=(),
        refused=False,
        mapped=part.lazy(),
        mapping=source.label,
    )


def _refused(export: _Export, findings: tuple[FileFinding, ...]) -> Recognition:
    table = replace(
        export.table, read_as=(*export.table.read_as, *_read_as(export.source))
    )
    return Recognition(
        table=table,
        contract=export.contract,
        columns={},
        headers={},
        findings=findings,
        refused=True,
        mapping=export.source.label,
    )


def _read_as(source: SourceMapping) -> tuple[str, ...]:
    named = f"Read as {source.title} by mapping {source.label}."
    return (named, *source.assumes)


def _skills(groups: Sequence[Groups]) -> str:
    """Say which columns became rows; their headers name no person."""
    named = [" ".join(filter(None, group.named.values())) for group in groups]
    if len(named) == 1:
        return ""
    more = (
        f" and {len(named) - _SKILLS_NAMED} more" if len(named) > _SKILLS_NAMED else ""
    )
    listed = ", ".join(named[:_SKILLS_NAMED])
    return f" Each row may hold {len(named)} skills: {listed}{more}."


def _told(
    export: _Export, records: pl.DataFrame, losses: _Losses
) -> tuple[FileFinding, ...]:
    """Say how many records the rows became, and which results made none."""
    place = Place(sheet=export.table.sheet)
    details = {
        "where": export.table.where,
        "mapping": export.source.label,
        "title": export.source.title,
        "rows": f"{export.table.row_count:,}",
        "records": f"{len(records):,}",
        "skills": _skills(export.groups),
    }
    told = [FileFinding(code="C220", place=place, details=details)]
    for code, count in (("C221", losses.older), ("C222", losses.not_measured)):
        if count:
            more = {**details, "count": f"{count:,}"}
            told.append(FileFinding(code=code, place=place, details=more))
    untold = [
        field.name
        for field in export.contract.fields
        if field.presence is Presence.RECOMMENDED and field.name not in records.columns
    ]
    if untold and len(records):
        more = {**details, "columns": "`" + "`, `".join(untold) + "`"}
        told.append(FileFinding(code="C227", place=place, details=more))
    return tuple(told)
