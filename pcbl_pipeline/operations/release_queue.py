"""The release queue: every held sentence of a sender, for the sender to decide on.

It lies in the sender's outbox as a workbook and as CSV, and always says how things stand:
what is released is gone from it. What does not belong here: what a filled sheet does
(`decide`), how the files look (`release_queue_files`), and why a sentence is held
(`disclosure`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import polars as pl

from pcbl_pipeline.blocks import Blocks
from pcbl_pipeline.disclosure.release import HeldSentence, Narratives
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.narrative import Choice
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.release_queue import sentence_key
from pcbl_pipeline.operations.examine import JudgedDataset
from pcbl_pipeline.operations.narratives import narratives_of
from pcbl_pipeline.operations.published_texts import PUBLISHED_TEXTS, PublishedTexts
from pcbl_pipeline.operations.release_queue_files import (
    QUEUE_TITLE,
    QueueLine,
    queue_csv,
    queue_workbook,
    why_held,
)
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.summaries.profiles import names_withheld
from pcbl_pipeline.workspace import Workspace

HELD = "F192"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: As many as a receipt looks through at once; the nightly queue has them all.
_LOOKED_THROUGH = 200
_NO_SITES = dict.fromkeys(
    ("site_id", "school_year", "site_name", "consent_publish_name"), pl.String
)


def queue_of(
    workspace: Workspace | None, sender_id: str, judged: Sequence[JudgedDataset] = ()
) -> list[QueueLine]:
    """Return the sentences of a sender's texts that wait for a decision.

    With judged rows, as things would stand once these have landed; without a workspace
    these rows are all that there is.
    """
    rows, sites, narratives = _known(workspace, sender_id)
    lines: list[QueueLine] = []
    for texts in PUBLISHED_TEXTS.values():
        new = [one for one in judged if one.tables.contract.dataset == texts.dataset]
        sent = [one.accepted.lazy() for one in new if len(one.accepted)]
        if rows is not None:
            kept = rows.scan(texts.dataset).filter(pl.col("sender_id") == sender_id)
            for frame in sent:
                key = new[0].tables.contract.key
                kept = kept.join(frame, on=list(key), how="anti", nulls_equal=True)
            sent.append(kept)
        if sent:
            standing = pl.concat(sent, how="diagonal_relaxed")
            own = standing.with_columns(sender_id=pl.lit(sender_id))
            lines += _lines(texts, own, sites, narratives)
    return lines


def held_findings(
    workspace: Workspace | None, judged: JudgedDataset, sender_id: str
) -> list[FileFinding]:
    """Say how many sentences of these rows wait for their sender, if any does.

    Without a workspace nothing is known of the network's names and of decisions.
    """
    texts = PUBLISHED_TEXTS.get(judged.tables.contract.dataset)
    if texts is None or not len(judged.accepted):
        return []
    some = judged.accepted.lazy().head(_LOOKED_THROUGH)
    sent = some.with_columns(sender_id=pl.lit(sender_id))
    _, sites, narratives = _known(workspace, sender_id)
    lines = _lines(texts, sent, sites, narratives)
    if not lines:
        return []
    rows_touched = {line.row_id for line in lines}
    details = {"times": f"{len(lines):,}", "count": f"{len(rows_touched):,}"}
    return [FileFinding(code=HELD, details=details)]


def _known(
    workspace: Workspace | None, sender_id: str
) -> tuple[LakeRows | None, pl.DataFrame, Narratives]:
    """Return the lake's rows, the profiles (S1), and what clears a sender's texts."""
    if workspace is None:
        return None, pl.DataFrame(schema=_NO_SITES), Narratives()
    rows = LakeRows(workspace.lake, workspace.ledger)
    narratives = narratives_of(workspace, rows, sender_id=sender_id)
    return rows, rows.frame("site_profile"), narratives


def renew_queue(workspace: Workspace, receipt: Receipt) -> None:
    """Write a sender's queue anew if an answer may have changed it."""
    decided = any(part.title == QUEUE_TITLE for part in receipt.parts)
    if decided or receipt.datasets & PUBLISHED_TEXTS.keys():
        renew_queue_of(workspace, receipt.sender_id)


def renew_queue_of(workspace: Workspace, sender_id: str) -> None:
    """Write a sender's queue anew, as things stand."""
    _write(workspace, sender_id, queue_of(workspace, sender_id))


def renew_queues(workspace: Workspace, rows: LakeRows) -> None:
    """Write every sender's queue anew, as things stand."""
    narratives = narratives_of(workspace, rows)
    sites = rows.frame("site_profile")
    waiting: dict[str, list[QueueLine]] = {}
    for texts in PUBLISHED_TEXTS.values():
        sent = rows.scan(texts.dataset)
        senders = sent.select(pl.col("sender_id").unique()).collect()["sender_id"]
        for sender_id in senders.sort():
            own = sent.filter(pl.col("sender_id") == sender_id)
            found = _lines(texts, own, sites, narratives)
            waiting.setdefault(sender_id, []).extend(found)
    for sender_id, lines in waiting.items():
        _write(workspace, sender_id, lines)


def _write(workspace: Workspace, sender_id: str, lines: list[QueueLine]) -> None:
    store = workspace.store
    keys = [layout.release_queue(sender_id, suffix) for suffix in (".csv", ".xlsx")]
    if not lines and store.head(keys[0]) is None:
        return
    content = queue_csv(lines)
    if store.head(keys[0]) is not None and store.get(keys[0]) == content:
        return
    # The list last: it tells that the workbook beside it is as new.
    store.put(keys[1], queue_workbook(lines), content_type=_XLSX)
    store.put(keys[0], content, content_type="text/csv")


def _lines(
    texts: PublishedTexts,
    sent: pl.LazyFrame,
    sites: pl.DataFrame,
    narratives: Narratives,
) -> list[QueueLine]:
    """List what is held of the texts that a release would quote, by row."""
    there = sent.collect_schema().names()
    wanted = (texts.key, texts.state, "sender_id", *texts.fields)
    ready = texts.ready(sent).select(name for name in there if name in wanted)
    unnamed = names_withheld(sites)
    lines = [
        line
        for block in Blocks.of(ready)
        for line in _lines_of(texts, block, unnamed, narratives)
    ]
    return sorted(lines, key=attrgetter("row_id"))


def _lines_of(
    texts: PublishedTexts,
    rows: pl.DataFrame,
    unnamed: Collection[str],
    narratives: Narratives,
) -> Iterator[QueueLine]:
    rewritten = narratives.rewrite_rows(rows, texts.fields)
    for row in rewritten.iter_rows(named=True):
        held = narratives.held(
            {name: row[name] for name in texts.fields if row.get(name)},
            state_fips=row[texts.state][:2],
            unnamed=unnamed,
            sender_id=row["sender_id"],
        )
        yield from (_line(texts, row, item, narratives) for item in _once(held))


def _line(
    texts: PublishedTexts,
    row: Mapping[str, str],
    held: HeldSentence,
    narratives: Narratives,
) -> QueueLine:
    key = sentence_key(row["sender_id"], held.text)
    decision = narratives.decisions.get(key)
    # What was released or rewritten and still waits needs another decision.
    is_withheld = decision is not None and decision.choice is Choice.WITHHOLD
    return QueueLine(
        key=key,
        dataset=texts.dataset,
        row_id=row[texts.key],
        field=held.field,
        sentence=held.text,
        why=why_held(held),
        is_releasable=held.is_releasable,
        decision=Choice.WITHHOLD.value if is_withheld else "",
    )


def _once(held: Iterable[HeldSentence]) -> list[HeldSentence]:
    return list({item.text: item for item in held}.values())
