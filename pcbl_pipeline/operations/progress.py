"""Progress: what changed since the sender's last try for the same rows.

The last try is the one received before; its findings are read where its rows wait, in
quarantine, so that no value is kept a second time. A finding is known by its rule, its
column and the key of its row; where the key itself is wrong, findings are only counted.
What does not belong here: what is wrong now (`groups`), and how it is told.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from pcbl_pipeline.contracts.contract import Contract, FieldType
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.progress import OpenFinding, SinceLast, Try, TryNote
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, Verdict
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.examine import MISSHAPEN, JudgedDataset
from pcbl_pipeline.workspace import Workspace

#: A finding of a row: rule, column, and the row's key where it is known.
_SAME = ["code", "field", "key"]
_OPEN_SCHEMA = pl.Schema(dict.fromkeys(_SAME, pl.String()))
#: Between the parts of a key; no cell holds it.
_BETWEEN = "\x1f"
#: Longer ago is no news.
_TRIES_TOLD = 20
_NOTES_LOOKED_AT = 20
_KEY_TWICE = "K401"


def compare_with_last(
    workspace: Workspace,
    submission: Submission,
    part: ReceiptPart,
    judged: JudgedDataset | None,
    *,
    is_received: bool = True,
) -> ReceiptPart:
    """Add to a part what changed since the last try; the first try is left as it is.

    `is_received` is false for a file that was not sent yet: all that was is earlier.
    """
    if part.dataset is None:
        return part
    notes = workspace.ledger.earlier_tries(
        submission.sender_id,
        part.dataset,
        submission.submission_id,
        submission.received_at if is_received else None,
    )
    last = _find_last(notes, part)
    if last is None or (last.this.to_correct == 0 and part.to_correct == 0):
        return part
    contract = workspace.catalogue.get(part.dataset)
    then = pl.concat([_open_of(last, workspace, contract), _counted(last.about_table)])
    now = pl.concat([_open_now(judged), _counted(_about_table(part))])
    since = _changes(then, now, _keys_now(judged, then))
    told = (last.tries if last.this.to_correct else ())[-_TRIES_TOLD:]
    return part.model_copy(
        update={"since_last": since.model_copy(update={"tries": told})}
    )


def note_tries(workspace: Workspace, receipt: Receipt) -> None:
    """Note each dataset's try, for the next one; doing it again changes nothing."""
    by_dataset: dict[str, list[ReceiptPart]] = {}
    for part in receipt.parts:
        if part.dataset is not None:
            by_dataset.setdefault(part.dataset, []).append(part)
    for dataset, parts in by_dataset.items():
        workspace.ledger.note_try(_note(receipt, dataset, parts))


def _note(receipt: Receipt, dataset: str, parts: list[ReceiptPart]) -> TryNote:
    this = Try(
        submission_id=receipt.submission_id,
        file_name=receipt.file_name,
        received_at=receipt.received_at,
        to_correct=sum(part.to_correct for part in parts),
        rows_waiting=sum(part.rows_waiting for part in parts),
    )
    since = next((part.since_last for part in parts if part.since_last), None)
    covers: dict[str, tuple[str, ...]] = {}
    for part in reversed(parts):
        covers |= part.covers
    return TryNote(
        sender_id=receipt.sender_id,
        dataset=dataset,
        covers=covers,
        tries=(*(since.tries if since else ()), this),
        about_table=tuple(item for part in parts for item in _about_table(part)),
    )


def _find_last(notes: Iterable[TryNote], part: ReceiptPart) -> TryNote | None:
    """Find the last try for the same part of the dataset, such as the same year."""
    for note, _ in zip(notes, range(_NOTES_LOOKED_AT), strict=False):
        shared = note.covers.keys() & part.covers.keys()
        if all(
            not note.covers[name]
            or not part.covers[name]
            or set(note.covers[name]) & set(part.covers[name])
            for name in shared
        ):
            return note
    return None


def _about_table(part: ReceiptPart) -> Iterator[OpenFinding]:
    """Yield what keeps a whole table from being taken."""
    if part.verdict is not Verdict.REFUSED:
        return
    for group in part.findings:
        if group.severity is Severity.ERROR:
            yield OpenFinding(code=group.code, field=group.field, count=group.count)


def _counted(findings: Iterable[OpenFinding]) -> pl.DataFrame:
    rows = [
        (item.code, item.field, None) for item in findings for _ in range(item.count)
    ]
    return pl.DataFrame(rows, schema=_OPEN_SCHEMA, orient="row")


def _open_of(note: TryNote, workspace: Workspace, contract: Contract) -> pl.DataFrame:
    mine = (pl.col("submission_id") == note.this.submission_id) & (
        pl.col("dataset") == note.dataset
    )
    rows = workspace.quarantine.rows().filter(mine).select("values", "reasons")
    return _open_findings(rows, contract)


def _open_now(judged: JudgedDataset | None) -> pl.DataFrame:
    if judged is None:
        return pl.DataFrame(schema=_OPEN_SCHEMA)
    return _open_findings(judged.quarantined.lazy(), judged.tables.contract)


def _open_findings(rows: pl.LazyFrame, contract: Contract) -> pl.DataFrame:
    """List the errors of rows set aside.

    Shape: `rows` has `values` and `reasons`; the result `code`, `field`, `key`.
    """
    fields = pl.col("reasons").list.eval(pl.element().struct.field("field"))
    codes = pl.col("reasons").list.eval(pl.element().struct.field("code"))
    # A row whose key is wrong is known by another key once that is corrected.
    wrong_key = pl.any_horizontal(fields.list.contains(name) for name in contract.key)
    only_twice = (codes.list.unique() == [_KEY_TWICE]).fill_null(value=False)
    unknown = (wrong_key & ~only_twice) | codes.list.contains(MISSHAPEN)
    return (
        rows.with_columns(pl.when(~unknown).then(_key_in_json(contract)).alias("key"))
        .explode("reasons")
        .select(
            pl.col("reasons").struct.field("code"),
            pl.col("reasons").struct.field("field"),
            pl.col("key").cast(pl.String),
        )
        .collect(engine="streaming")
    )


def _key_in_json(contract: Contract) -> pl.Expr:
    return _joined(
        _plain(pl.col("values").str.json_path_match(f"$.{name}"), contract, name)
        for name in contract.key
    )


def _keys_now(judged: JudgedDataset | None, then: pl.DataFrame) -> pl.DataFrame:
    """Return those keys of earlier findings that a file has again (shape: `key`)."""
    if judged is None:
        return pl.DataFrame(schema={"key": pl.String})
    contract = judged.tables.contract
    taken = judged.accepted.lazy().select(
        _joined(
            _plain(pl.col(name).cast(pl.String), contract, name)
            for name in contract.key
        ).alias("key")
    )
    aside = judged.quarantined.lazy().select(_key_in_json(contract).alias("key"))
    asked = then.lazy().select("key").unique()
    again = pl.concat([taken, aside]).join(asked, on="key", how="semi")
    return again.unique().collect(engine="streaming")


def _plain(text: pl.Expr, contract: Contract, name: str) -> pl.Expr:
    """Write a whole number in one way, as it stands once it is accepted."""
    if contract.field(name).type is not FieldType.INTEGER:
        return text
    return pl.coalesce(text.cast(pl.Int64, strict=False).cast(pl.String), text)


def _joined(parts: Iterable[pl.Expr]) -> pl.Expr:
    return pl.concat_str([part.fill_null("") for part in parts], separator=_BETWEEN)


def _changes(then: pl.DataFrame, now: pl.DataFrame, keys: pl.DataFrame) -> SinceLast:
    both = _tally(then, "then").join(
        _tally(now, "now"), on=_SAME, how="full", nulls_equal=True, coalesce=True
    )
    here = keys.with_columns(pl.lit(value=True).alias("here"))
    told = (
        both.join(here, on="key", how="left")
        .with_columns(
            pl.col("then", "now").fill_null(0),
            (pl.col("here").fill_null(value=False) | pl.col("key").is_null()),
        )
        .with_columns(
            pl.min_horizontal("then", "now").alias("open"),
            (pl.col("then").cast(pl.Int64) - pl.col("now").cast(pl.Int64)).alias(
                "less"
            ),
        )
        .with_columns(pl.col("less").clip(lower_bound=0).alias("gone"))
        .select(
            pl.col("gone").filter(pl.col("here")).sum().alias("fixed"),
            pl.col("gone").filter(~pl.col("here")).sum().alias("left_out"),
            pl.col("open").sum().alias("still_open"),
            (-pl.col("less")).clip(lower_bound=0).sum().alias("new"),
        )
    )
    return SinceLast(**told.row(0, named=True), tries=())


def _tally(findings: pl.DataFrame, name: str) -> pl.DataFrame:
    return findings.group_by(_SAME).agg(pl.len().alias(name))
