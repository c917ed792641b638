"""Redact rows: narratives lose what identifies by its form before they are kept.

Rules judge a text as it was sent; what lands or is set aside is the redacted one. The
raw bytes stay as received. What does not belong here: what is looked for (`disclosure`).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from pcbl_pipeline.blocks import Blocks
from pcbl_pipeline.contracts.contract import Contract, FieldType, Privacy
from pcbl_pipeline.disclosure.redact import MAY_HOLD, Redacted, redact
from pcbl_pipeline.model.narrative import HitKind

#: Redacts the texts of one field.
_Way = Callable[[str], Redacted]


@dataclass(frozen=True)
class Redaction:
    """What was taken out of one field, of one kind, and in which judged rows."""

    field: str
    kind: HitKind
    count: int
    row_numbers: tuple[int, ...]


@dataclass(frozen=True)
class RedactedRows:
    """Judged rows with their narratives redacted, and what was taken out of them."""

    accepted: Blocks
    quarantined: Blocks
    redactions: tuple[Redaction, ...] = ()


def redact_rows(
    accepted: Blocks,
    quarantined: Blocks,
    contract: Contract,
    *,
    received_on: date | None,
) -> RedactedRows:
    """Redact the narratives of judged rows.

    Shape: both as in a `Judgement`, and so is the result.
    """
    ways = {
        # Public texts are about laws and programmes, whose days belong to them.
        name: partial(
            redact,
            received_on=received_on,
            bare_dates=contract.field(name).privacy is not Privacy.PUBLIC,
        )
        for name in narratives_of(contract)
    }
    if not ways:
        return RedactedRows(accepted, quarantined)
    accepted, found = _by_block(accepted, partial(_redact_columns, ways=ways))
    quarantined, more = _by_block(quarantined, partial(_redact_values, ways=ways))
    return RedactedRows(accepted, quarantined, _together([*found, *more]))


def _by_block(
    rows: Blocks,
    redact_frame: Callable[[pl.DataFrame], tuple[pl.DataFrame, list[Redaction]]],
) -> tuple[Blocks, list[Redaction]]:
    redacted, found = Blocks(), []
    for frame in rows:
        changed, counted = redact_frame(frame)
        redacted.add(changed)
        found += counted
    return redacted, found


def narratives_of(contract: Contract) -> list[str]:
    """Return the fields that hold free text written by people."""
    return [f.name for f in contract.fields if f.type is FieldType.NARRATIVE]


def _redact_columns(
    rows: pl.DataFrame, ways: Mapping[str, _Way]
) -> tuple[pl.DataFrame, list[Redaction]]:
    found: list[Redaction] = []
    for name, way in ways.items():
        new = _redacted_texts(rows[name], way)
        if not new:
            continue
        texts = {old: redacted.text for old, redacted in new.items()}
        hit = rows.filter(pl.col(name).is_in(list(new)))
        pairs = zip(hit["row_number"], hit[name], strict=True)
        found += _counted(name, [(row, new[text]) for row, text in pairs])
        rows = rows.with_columns(pl.col(name).replace(texts))
    return rows, found


def _redacted_texts(texts: pl.Series, way: _Way) -> dict[str, Redacted]:
    """Redact each text once; most have nothing that a pattern could fit."""
    suspect = texts.drop_nulls().unique()
    suspect = suspect.filter(suspect.str.contains(MAY_HOLD))
    pairs = ((text, way(text)) for text in suspect)
    return {text: redacted for text, redacted in pairs if redacted.kinds}


def _redact_values(
    rows: pl.DataFrame, ways: Mapping[str, _Way]
) -> tuple[pl.DataFrame, list[Redaction]]:
    """Redact rows that were set aside, whose values are one JSON text."""
    narratives = pl.Struct(dict.fromkeys(ways, pl.String))
    texts = rows.select("row_number", pl.col("values").str.json_decode(narratives))
    redacted, found = _redact_columns(texts.unnest("values"), ways)
    hit = {row for item in found for row in item.row_numbers}
    if not hit:
        return rows, []
    new = {row.pop("row_number"): row for row in redacted.iter_rows(named=True)}
    values = [
        _with_texts(values, new[row]) if row in hit else values
        for row, values in rows.select("row_number", "values").iter_rows()
    ]
    return rows.with_columns(pl.Series("values", values, pl.String)), found


def _with_texts(values: str, texts: Mapping[str, str | None]) -> str:
    told = {name: text for name, text in texts.items() if text is not None}
    changed = json.loads(values) | told
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":"))


def _counted(name: str, found: Iterable[tuple[int, Redacted]]) -> Iterator[Redaction]:
    by_kind: dict[HitKind, list[int]] = {}
    for row, redacted in found:
        for kind in redacted.kinds:
            by_kind.setdefault(kind, []).append(row)
    for kind, rows in by_kind.items():
        yield Redaction(name, kind, len(rows), tuple(rows))


def _together(found: Iterable[Redaction]) -> tuple[Redaction, ...]:
    """Put what was found in accepted rows and in others together, field by field."""
    by_key: dict[tuple[str, HitKind], list[Redaction]] = {}
    for item in found:
        by_key.setdefault((item.field, item.kind), []).append(item)
    return tuple(
        Redaction(
            name,
            kind,
            sum(item.count for item in items),
            tuple(row for item in items for row in item.row_numbers),
        )
        for (name, kind), items in sorted(by_key.items())
    )
