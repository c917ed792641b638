"""Ingest: the whole way of one dropped file, from its bytes to its receipt.

Every step can be lost and redone; the receipt comes last and decides. A second run
finds the receipt and changes nothing.
"""

import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

import polars as pl

from pcbl_pipeline.errors import (
    LedgerInconsistent,
    PipelineError,
    RowsUnaccounted,
    UnforeseenFault,
)
from pcbl_pipeline.lake.lookups import find_told
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.receipt import Receipt, RowCounts
from pcbl_pipeline.model.submission import Arrival, Submission
from pcbl_pipeline.operations.answer import (
    Answered,
    answer_dataset,
    answer_refused,
    build_receipt,
)
from pcbl_pipeline.operations.decide import keep_decisions
from pcbl_pipeline.operations.deliver import deliver, deliver_fault, deliver_repeat
from pcbl_pipeline.operations.deliver_workbook import (
    deliver_workbook,
    notes_on_marking,
)
from pcbl_pipeline.operations.examine import (
    DatasetTables,
    FileReading,
    JudgedDataset,
    judge_dataset,
)
from pcbl_pipeline.operations.explanations import answer_explanations
from pcbl_pipeline.operations.groups import group_of
from pcbl_pipeline.operations.land import land_dataset
from pcbl_pipeline.operations.listing import join_listings, list_findings
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.patch import read_sent
from pcbl_pipeline.operations.progress import compare_with_last
from pcbl_pipeline.operations.receive import get_arrival, receive
from pcbl_pipeline.operations.release_queue import held_findings, renew_queue
from pcbl_pipeline.operations.release_queue_files import QueueLine
from pcbl_pipeline.operations.stood_before import stood_before
from pcbl_pipeline.operations.withdrawn import sent_again
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.workspace import Workspace

BYTES_PER_MB = 1_000_000
_log = get_logger("ingest")


@dataclass(frozen=True)
class Ingested:
    """What became of a submission, before anybody is told.

    Shape: `listing` is the complete list of findings (`LISTING_SCHEMA`).
    """

    receipt: Receipt
    listing: pl.LazyFrame
    #: What was read of the file; its tables are read anew from the file when asked.
    reading: FileReading
    #: At a sender's desk: the release queue that sending the file would bring.
    queue: tuple[QueueLine, ...] = ()


def ingest_arrival(workspace: Workspace, inbox_key: str) -> Receipt:
    """Take one dropped file all the way and answer it.

    Doing it again returns the standing receipt; a file whose bytes came before gets the
    answer that it was already received.

    Raises:
        SubmissionUnreadable: If nothing lies at the key.
        StillBeingWritten: If the file changed meanwhile; the next sweep takes it up.
        PipelineError: If we failed. The site is told so, and the next sweep tries again.
    """
    arrival = get_arrival(workspace, inbox_key)
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        received = receive(workspace, arrival, Path(folder))
        try:
            return _answer(workspace, arrival, received.submission, received.path)
        except Exception as error:
            # Whatever went wrong is ours: say so to the site, and let it be seen.
            workspace.ledger.note_failure(arrival, error)
            deliver_fault(workspace, received.submission)
            if isinstance(error, PipelineError):
                raise
            places = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error).__name__
            _log.error("%s at\n%s", kind, places)
            name = received.submission.submission_id
            raise UnforeseenFault(name, kind) from None


def _answer(
    workspace: Workspace, arrival: Arrival, submission: Submission, path: Path
) -> Receipt:
    standing = workspace.ledger.find_receipt(
        submission.sender_id, submission.submission_id
    )
    if workspace.withdrawals.find(submission.sender_id, submission.submission_id):
        # Nothing of it may come in again; what is told of it is told already.
        if standing is None:
            raise LedgerInconsistent(f"{submission.submission_id} has no receipt.")
        workspace.ledger.mark_answered(arrival, submission.submission_id)
        return standing
    if standing is None:
        ingested = ingest_submission(workspace, submission, path, revision=1)
        standing = workspace.ledger.record(ingested.receipt)
        deliver_answer(workspace, standing, ingested, path)
    elif _made_by(standing, arrival):
        # A crash between the receipt and its delivery: deliver what was decided.
        ingested = ingest_submission(
            workspace,
            submission,
            path,
            revision=1,
            mapping_version=standing.mapping_version,
        )
        deliver_answer(workspace, standing, ingested, path)
    else:
        repeat = _repeat_of(workspace, standing, arrival)
        deliver_repeat(workspace, repeat, arrival)
        standing = repeat
    renew_queue(workspace, standing)
    workspace.ledger.mark_answered(arrival, submission.submission_id)
    _log.info("answered %s: %s", submission.submission_id, standing.status)
    return standing


def ingest_submission(
    workspace: Workspace,
    submission: Submission,
    path: Path,
    *,
    revision: int,
    mapping_version: int | None = None,
    said: Sequence[FileFinding] = (),
) -> Ingested:
    """Read, judge and land a submission; its receipt is not recorded yet.

    It is judged by what its sender confirmed so far, or had at `mapping_version`;
    `said` is what else is to say.

    Raises:
        RowsUnaccounted: If received rows are not accepted + quarantined + refused.
        LakeConflict: If other writers kept coming first.
    """
    sender = workspace.network.get_sender(submission.sender_id)
    mappings = mappings_of(workspace, sender, version=mapping_version)
    reading = read_sent(
        workspace,
        submission,
        path,
        size_limit_bytes=size_limit_bytes(workspace),
        mappings=mappings,
    )
    answers = [
        *_refused(workspace, submission, reading),
        *_explained(workspace, submission, reading),
        *_landed(
            workspace,
            submission,
            reading,
            revision=revision,
            mapping_version=mappings.site.version,
        ),
    ]
    parts = [item.part for item in answers]
    if reading.decided is not None:
        parts.append(keep_decisions(workspace, reading.decided))
    told = [
        *said,
        *sent_again(workspace, submission),
        *reading.findings,
        *notes_on_marking(submission.size, parts),
    ]
    findings = [group_of(item, workspace.catalogue, None) for item in told]
    receipt = build_receipt(
        submission,
        sender_name=sender.name,
        fictional=workspace.network.fictional,
        findings=findings,
        parts=parts,
        revision=revision,
    ).model_copy(update={"mapping_version": mappings.site.version})
    _account_for_rows(receipt.rows, submission)
    listings = [list_findings(findings), *[item.listing for item in answers]]
    return Ingested(receipt, join_listings(listings), reading)


def _refused(
    workspace: Workspace, submission: Submission, reading: FileReading
) -> Iterator[Answered]:
    for item in reading.refused:
        answered = answer_refused(item, workspace.catalogue)
        yield _compared(workspace, submission, answered, None)


def _explained(
    workspace: Workspace, submission: Submission, reading: FileReading
) -> Iterator[Answered]:
    if reading.explanations is not None:
        yield answer_explanations(
            workspace, submission, reading.explanations, keep=True
        )


def _landed(
    workspace: Workspace,
    submission: Submission,
    reading: FileReading,
    *,
    revision: int,
    mapping_version: int,
) -> Iterator[Answered]:
    """Judge and land each dataset, and answer for each version that judged rows."""
    for _, versions in groupby(reading.datasets, lambda t: t.contract.dataset):
        judged = [
            _judge(workspace, submission, tables, revision=revision)
            for tables in versions
        ]
        landing = land_dataset(
            workspace,
            submission,
            judged,
            revision=revision,
            mapping_version=mapping_version,
        )
        for one in judged:
            answered = answer_dataset(
                one,
                workspace.catalogue,
                superseded=landing.superseded_of(one.tables.contract.version),
                said=held_findings(workspace, one, submission.sender_id),
            )
            yield _compared(workspace, submission, answered, one)


def _compared(
    workspace: Workspace,
    submission: Submission,
    answered: Answered,
    judged: JudgedDataset | None,
) -> Answered:
    """Say what changed since the last try."""
    part = compare_with_last(workspace, submission, answered.part, judged)
    return replace(answered, part=part)


def deliver_answer(
    workspace: Workspace, standing: Receipt, ingested: Ingested, path: Path
) -> None:
    """Write the whole answer to a submission that was ingested into the outbox."""
    listing = ingested.listing
    beside = deliver_workbook(workspace, standing, listing, path, ingested.reading)
    deliver(workspace, standing, listing, beside)


def size_limit_bytes(workspace: Workspace) -> int:
    """Return the size at which a file is refused."""
    return workspace.settings.file_size_limit_mb * BYTES_PER_MB


def _judge(
    workspace: Workspace,
    submission: Submission,
    tables: DatasetTables,
    *,
    revision: int,
) -> JudgedDataset:
    # One file may hold rows of two versions; each is compared by itself.
    dataset = f"{tables.contract.dataset}-{tables.contract.version}"
    # A first answer is the same whenever it is computed; a later one is of today.
    now = submission.received_at if revision == 1 else workspace.clock()
    day = workspace.local_day(now)
    circumstances = replace(
        gather_circumstances(workspace, submission, tables, on=day),
        measured=workspace.ledger.find_measures(submission, dataset, revision=revision),
    )
    judged = judge_dataset(tables, workspace.catalogue, circumstances)
    measures = judged.compared.measures
    if not measures.is_empty():
        workspace.ledger.keep_measures(submission, dataset, measures, revision=revision)
    return judged


def gather_circumstances(
    workspace: Workspace, submission: Submission, tables: DatasetTables, *, on: date
) -> Circumstances:
    """Collect what a contract's rules need to know beyond the rows.

    Waivers are those in force on a day.
    """
    contract = tables.contract
    references = [
        column.reference
        for column in contract.derived
        if column.reference and not column.is_lookup
    ]
    sender = workspace.network.get_sender(submission.sender_id)
    return Circumstances(
        sender=sender,
        received_on=workspace.local_day(submission.received_at),
        school_year_starts=workspace.network.calendar.starts,
        known={item: workspace.lake.known_values(item) for item in references},
        before=stood_before(workspace, submission, tables),
        waived=workspace.waivers.in_force(submission.sender_id, on),
        history=workspace.lake.history(contract, sender),
        looked_up={
            column.name: find_told(
                workspace.lake, column, sender_id=submission.sender_id
            )
            for column in contract.derived
            if column.is_lookup
        },
    )


def _account_for_rows(rows: RowCounts, submission: Submission) -> None:
    if not rows.add_up:
        raise RowsUnaccounted(f"{submission.submission_id}: {rows.model_dump()}")


def _made_by(receipt: Receipt, arrival: Arrival) -> bool:
    return (receipt.source_object, receipt.received_at) == (
        arrival.key,
        arrival.received_at,
    )


def _repeat_of(workspace: Workspace, standing: Receipt, arrival: Arrival) -> Receipt:
    """Return the answer to a file whose very bytes were answered before."""
    day = workspace.local_day(standing.received_at).isoformat()
    details = {"received": day, "file": standing.file_name}
    again = group_of(
        FileFinding(code="F190", details=details), workspace.catalogue, None
    )
    return standing.model_copy(
        update={
            "repeat": True,
            "file_name": arrival.file_name,
            "received_at": arrival.received_at,
            "source_object": arrival.key,
            "rows": RowCounts(),
            "findings": (again,),
            "parts": (),
        }
    )
