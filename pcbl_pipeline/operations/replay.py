"""Replay: judge again what waits for something that has come meanwhile.

A technical-assistance event may come before the request that it answers. Its row waits
in quarantine and is freed, under the same submission, once the request is there. Rows
that are held as a whole are freed once the state's office has let them through. And a
sender may confirm what a header or value means after the file that has it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.errors import LedgerInconsistent
from pcbl_pipeline.lake.ledger import Replay
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.confirmed import confirmed_since
from pcbl_pipeline.operations.examine import JudgedDataset, judge_dataset
from pcbl_pipeline.operations.ingest import (
    deliver_answer,
    gather_circumstances,
    ingest_submission,
    size_limit_bytes,
)
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.patch import read_sent
from pcbl_pipeline.operations.receive import submission_of
from pcbl_pipeline.operations.release_queue import renew_queue
from pcbl_pipeline.operations.waive import holding_codes
from pcbl_pipeline.operations.withdrawn import why_judged_again
from pcbl_pipeline.workspace import Workspace

_log = get_logger("replay")


def replay_waiting(
    workspace: Workspace, *, sender_id: str | None = None, dataset: str | None = None
) -> list[Receipt]:
    """Free rows whose references exist by now; return a new receipt per submission.

    Of one sender and of files with one dataset, if they are named.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    freed = []
    for replay in workspace.ledger.begun_replays():
        last = workspace.ledger.find_receipt(replay.sender_id, replay.submission_id)
        if last is None or _is_in(last, sender_id, dataset):
            freed.append(finish_replay(workspace, replay))
    done = {item.submission_id for item in freed}
    confirmed = set(confirmed_since(workspace))
    for last in find_waiting(workspace, sender_id=sender_id, dataset=dataset):
        if last.submission_id in done:
            continue
        # A confirmation is answered also where it frees no row; then it is done with.
        least = 0 if (last.sender_id, last.submission_id) in confirmed else 1
        receipt = _replay(workspace, last, least=least)
        if receipt is not None:
            freed.append(receipt)
    return freed


def find_waiting(
    workspace: Workspace, *, sender_id: str | None = None, dataset: str | None = None
) -> list[Receipt]:
    """Return the last answers to what may be freed by now, those confirmed first.

    Whether anything is freed only judging it again can tell.
    """
    ids = dict.fromkeys((*confirmed_since(workspace), *_waiting(workspace)))
    withdrawn = workspace.withdrawals.ids(sender_id or "")
    found = (workspace.ledger.find_receipt(*i) for i in ids if i[1] not in withdrawn)
    return [last for last in found if last and _is_in(last, sender_id, dataset)]


def _is_in(last: Receipt, sender_id: str | None, dataset: str | None) -> bool:
    held = {part.dataset for part in last.parts}
    return sender_id in {None, last.sender_id} and (dataset is None or dataset in held)


def reference_codes(catalogue: Catalogue) -> set[str]:
    """Return the rules that look into other rows: of another dataset, or earlier."""
    codes = set()
    for contract in catalogue.contracts.values():
        names = {column.name for column in contract.derived if column.reference}
        for rule in contract.rules:
            if names & rule.names:
                codes.add(rule.code)
    return codes


def _waiting(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the submissions with rows whose every reason may be gone by now."""
    references = list(reference_codes(workspace.catalogue))
    holding = list(holding_codes(workspace.catalogue))
    waived = pl.col("sender_id").is_in(_senders_with_waivers(workspace))
    rows = (
        workspace.quarantine.rows()
        .filter(_only(references) | (waived & _only([*references, *holding])))
        .select("sender_id", "submission_id", "received_at")
        .unique()
        .sort("received_at", "submission_id")
        .collect()
    )
    return list(rows.select("sender_id", "submission_id").iter_rows())


def _only(codes: list[str]) -> pl.Expr:
    """Tell whether every reason of a row is one of some rules."""
    return (
        pl.col("reasons")
        .list.eval(pl.element().struct.field("code").is_in(codes))
        .list.all()
    )


def _senders_with_waivers(workspace: Workspace) -> list[str]:
    today = workspace.local_day(workspace.clock())
    return sorted(
        {
            waiver.explanation.sender_id
            for waiver in workspace.waivers.all()
            if waiver.holds_on(today)
        }
    )


def _replay(workspace: Workspace, last: Receipt, *, least: int) -> Receipt | None:
    """Answer a submission anew if at least so many more rows are accepted now."""
    with judged_now(workspace, last) as judged:
        if sum(item.rows.accepted for item in judged) < last.rows.accepted + least:
            return None
    return answer_anew(workspace, last)


def answer_anew(workspace: Workspace, last: Receipt) -> Receipt:
    """Judge a submission again and answer it, whatever comes of it.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    replay = Replay(
        sender_id=last.sender_id,
        submission_id=last.submission_id,
        revision=last.revision + 1,
    )
    workspace.ledger.begin_replay(replay)
    return finish_replay(workspace, replay)


def finish_replay(workspace: Workspace, replay: Replay) -> Receipt:
    """Land and answer a replay that was begun, now or before a crash.

    Raises:
        LedgerInconsistent: If the submission has no receipt at all.
    """
    last = workspace.ledger.find_receipt(replay.sender_id, replay.submission_id)
    if last is None:
        raise LedgerInconsistent(f"{replay.submission_id} has no first receipt.")
    if workspace.withdrawals.find(replay.sender_id, replay.submission_id):
        workspace.ledger.end_replay(replay)
        return last
    with _fetched(workspace, last) as (submission, path):
        ingested = ingest_submission(
            workspace,
            submission,
            path,
            revision=replay.revision,
            said=why_judged_again(workspace, replay.because_of),
        )
        # A landing takes away what the last one brought; here nothing lands any more.
        landed = {tables.contract.dataset for tables in ingested.reading.datasets}
        for dataset in sorted(last.datasets - landed):
            workspace.lake.take_out(submission, dataset, revision=replay.revision)
        standing = workspace.ledger.record(ingested.receipt)
        deliver_answer(workspace, standing, ingested, path)
        renew_queue(workspace, standing)
    workspace.ledger.end_replay(replay)
    _log.info("replayed %s as revision %d", replay.submission_id, replay.revision)
    return standing


@contextmanager
def _fetched(workspace: Workspace, last: Receipt) -> Iterator[tuple[Submission, Path]]:
    """Bring a submission's raw bytes back for as long as they are read."""
    submission = submission_of(last)
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        path = Path(folder) / "submission"
        workspace.store.download(submission.raw_key, path)
        yield submission, path


@contextmanager
def judged_now(workspace: Workspace, last: Receipt) -> Iterator[list[JudgedDataset]]:
    """Judge a submission again as things stand; its rows can be read meanwhile."""
    with _fetched(workspace, last) as (submission, path):
        sender = workspace.network.get_sender(submission.sender_id)
        reading = read_sent(
            workspace,
            submission,
            path,
            size_limit_bytes=size_limit_bytes(workspace),
            mappings=mappings_of(workspace, sender),
        )
        today = workspace.local_day(workspace.clock())
        yield [
            judge_dataset(
                tables,
                workspace.catalogue,
                gather_circumstances(workspace, submission, tables, on=today),
            )
            for tables in reading.datasets
        ]
