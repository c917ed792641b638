"""The release queue: every held sentence of a site, for its site to decide on.

It lies in the site's outbox as a workbook and as CSV, and always says how things stand:
what is released is gone from it. What does not belong here: what a filled sheet does
(`decide`), how the files look (`release_queue_files`), and why a sentence is held
(`disclosure`).
"""

from collections.abc import Iterable, Iterator

import polars as pl

from pcbl_pipeline.disclosure.release import HeldSentence, Narratives
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.narrative import Choice
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.release_queue import sentence_key
from pcbl_pipeline.operations.examine import JudgedDataset
from pcbl_pipeline.operations.narratives import narratives_of
from pcbl_pipeline.operations.release_queue_files import (
    QUEUE_TITLE,
    QueueLine,
    queue_csv,
    queue_workbook,
    why_held,
)
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.summaries.profiles import names_withheld
from pcbl_pipeline.summaries.sharing import SCREENED_FIELDS, SHARE_LEVELS
from pcbl_pipeline.workspace import Workspace

LESSONS = "lesson_learned"
HELD = "F192"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: As many as a receipt looks through at once; the nightly queue has them all.
_LOOKED_THROUGH = 200
_NO_SITES = dict.fromkeys(
    ("site_id", "school_year", "site_name", "consent_publish_name"), pl.String
)


def queue_of(workspace: Workspace, sender_id: str) -> list[QueueLine]:
    """Return the sentences of a sender's lessons that wait for a decision."""
    rows = LakeRows(workspace.lake, workspace.ledger)
    narratives = narratives_of(workspace, rows, sender_id=sender_id)
    own = rows.frame(LESSONS).filter(pl.col("sender_id") == sender_id)
    return list(_lines(own, rows.frame("site_profile"), narratives))


def held_findings(
    workspace: Workspace | None, judged: JudgedDataset, sender_id: str
) -> list[FileFinding]:
    """Say how many sentences of these lessons wait for their site, if any does.

    Without a workspace nothing is known of the network's names and of decisions.
    """
    if judged.tables.contract.dataset != LESSONS or not len(judged.accepted):
        return []
    some = judged.accepted.lazy().head(_LOOKED_THROUGH)
    sent = some.with_columns(sender_id=pl.lit(sender_id)).collect()
    sites, narratives = pl.DataFrame(schema=_NO_SITES), Narratives()
    if workspace is not None:
        rows = LakeRows(workspace.lake, workspace.ledger)
        sites = rows.frame("site_profile")
        narratives = narratives_of(workspace, rows, sender_id=sender_id)
    lines = list(_lines(sent, sites, narratives))
    if not lines:
        return []
    lesson_ids = {line.lesson_id for line in lines}
    details = {"times": f"{len(lines):,}", "count": f"{len(lesson_ids):,}"}
    return [FileFinding(code=HELD, details=details)]


def renew_queue(workspace: Workspace, receipt: Receipt) -> None:
    """Write a sender's queue anew if an answer may have changed it."""
    touched = {part.dataset for part in receipt.parts}
    decided = any(part.title == QUEUE_TITLE for part in receipt.parts)
    if LESSONS in touched or decided:
        renew_queue_of(workspace, receipt.sender_id)


def renew_queue_of(workspace: Workspace, sender_id: str) -> None:
    """Write a sender's queue anew, as things stand."""
    _write(workspace, sender_id, queue_of(workspace, sender_id))


def renew_queues(workspace: Workspace, rows: LakeRows) -> None:
    """Write every site's queue anew, as things stand."""
    narratives = narratives_of(workspace, rows)
    sites = rows.frame("site_profile")
    lessons = rows.frame(LESSONS)
    for (sender_id,), own in lessons.sort("sender_id").group_by(
        "sender_id", maintain_order=True
    ):
        _write(workspace, str(sender_id), list(_lines(own, sites, narratives)))


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
    lessons: pl.DataFrame, sites: pl.DataFrame, narratives: Narratives
) -> Iterator[QueueLine]:
    """Yield what is held of the newest texts that a site wants to share."""
    newest = lessons.sort("lesson_id", "revision").unique(
        "lesson_id", keep="last", maintain_order=True
    )
    shared = pl.col("share_level").is_in(SHARE_LEVELS["network"])
    ready = newest.filter(shared & (pl.col("reviewed_no_pii") == "Y"))
    ready = narratives.rewrite_rows(ready, SCREENED_FIELDS)
    unnamed = names_withheld(sites)
    for row in ready.iter_rows(named=True):
        sender_id = row["sender_id"]
        held = narratives.held(
            {name: row[name] for name in SCREENED_FIELDS if row.get(name)},
            state_fips=row["site_id"][:2],
            unnamed=unnamed,
            sender_id=sender_id,
        )
        yield from (
            _line(row["lesson_id"], sender_id, item, narratives) for item in _once(held)
        )


def _line(
    lesson_id: str, sender_id: str, held: HeldSentence, narratives: Narratives
) -> QueueLine:
    key = sentence_key(sender_id, held.text)
    decision = narratives.decisions.get(key)
    # What was released or rewritten and still waits needs another decision.
    is_withheld = decision is not None and decision.choice is Choice.WITHHOLD
    return QueueLine(
        key=key,
        lesson_id=lesson_id,
        field=held.field,
        sentence=held.text,
        why=why_held(held),
        is_releasable=held.is_releasable,
        decision=Choice.WITHHOLD.value if is_withheld else "",
    )


def _once(held: Iterable[HeldSentence]) -> list[HeldSentence]:
    return list({item.text: item for item in held}.values())
