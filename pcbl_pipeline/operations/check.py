"""Check: the very same judgement at the site's own desk, before anything is sent.

Writes nothing and needs no network definition; rules that need to know what others
sent are left out and named.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.errors import SubmissionUnreadable
from pcbl_pipeline.model.identifiers import is_agency_id, is_site_id, submission_id
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.answer import (
    Answered,
    answer_dataset,
    answer_refused,
    build_receipt,
)
from pcbl_pipeline.operations.check_lists import Tried, look_at_list, try_list
from pcbl_pipeline.operations.deliver_workbook import notes_on_marking
from pcbl_pipeline.operations.examine import (
    DatasetTables,
    JudgedDataset,
    judge_dataset,
    read_submission,
)
from pcbl_pipeline.operations.groups import group_of
from pcbl_pipeline.operations.ingest import (
    BYTES_PER_MB,
    Ingested,
    gather_circumstances,
)
from pcbl_pipeline.operations.listing import join_listings, list_findings
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.progress import compare_with_last
from pcbl_pipeline.operations.receive import file_digest
from pcbl_pipeline.operations.recognise_tables import Mappings
from pcbl_pipeline.operations.release_queue import held_findings, queue_of
from pcbl_pipeline.operations.release_queue_files import QueueLine
from pcbl_pipeline.settings import DEFAULT_SIZE_LIMIT_MB
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.workspace import Workspace

_NOBODY = "check"


def check_file(
    path: Path,
    *,
    catalogue: Catalogue,
    workspace: Workspace | None = None,
    sender_id: str | None = None,
    size_limit_mb: int = DEFAULT_SIZE_LIMIT_MB,
    own: SourceMapping | None = None,
) -> Receipt:
    """Judge a local file and return the receipt that sending it would bring.

    As `check_and_list`, without the list.
    """
    receipt, _ = check_and_list(
        path,
        catalogue=catalogue,
        workspace=workspace,
        sender_id=sender_id,
        size_limit_mb=size_limit_mb,
        own=own,
    )
    return receipt


def check_and_list(
    path: Path,
    *,
    catalogue: Catalogue,
    workspace: Workspace | None = None,
    sender_id: str | None = None,
    size_limit_mb: int = DEFAULT_SIZE_LIMIT_MB,
    own: SourceMapping | None = None,
) -> tuple[Receipt, pl.LazyFrame]:
    """Judge a local file; return its receipt and every single finding.

    As `checked`, without what was read.

    Shape: the list is as `LISTING_SCHEMA`.
    """
    with checked(
        path,
        catalogue=catalogue,
        workspace=workspace,
        sender_id=sender_id,
        size_limit_mb=size_limit_mb,
        own=own,
    ) as found:
        return found.receipt, found.listing


@contextmanager
def checked(
    path: Path,
    *,
    catalogue: Catalogue,
    workspace: Workspace | None = None,
    sender_id: str | None = None,
    size_limit_mb: int = DEFAULT_SIZE_LIMIT_MB,
    own: SourceMapping | None = None,
) -> Iterator[Ingested]:
    """Judge a local file, and hold what was read of it for as long as it is asked.

    With a workspace and a sender, references into the lake are judged too, and the file
    is compared with the last one that came in. `own` is a source mapping to try before
    it is kept.

    Units: `size_limit_mb` in megabytes (10**6 bytes).

    Raises:
        SubmissionUnreadable: If there is no such file.
        UnknownSender: If the sender is not of the workspace's network.
    """
    if not path.is_file():
        raise SubmissionUnreadable(f"There is no file {path}.")
    sender = _sender(workspace, sender_id)
    submission = _submission(path, sender)
    mappings = _mappings(workspace, sender, catalogue, own)
    reading = read_submission(
        path,
        path.name,
        catalogue,
        sender=sender,
        size_limit_bytes=size_limit_mb * BYTES_PER_MB,
        mappings=mappings,
    )
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        if workspace is None or sender is None:
            tried = look_at_list(reading, submission, catalogue)
        else:
            tried = try_list(
                reading, submission, path, Path(folder), workspace, mappings
            )
        yield _answer(tried, submission, catalogue, workspace, sender)


def _answer(
    tried: Tried,
    submission: Submission,
    catalogue: Catalogue,
    workspace: Workspace | None,
    sender: Sender | None,
) -> Ingested:
    reading, lists = tried
    answers: list[tuple[Answered, JudgedDataset | None]] = [
        (answer, None)
        for answer in (
            *(answer_refused(item, catalogue) for item in reading.refused),
            *lists,
        )
    ]
    is_held = False
    for tables in reading.datasets:
        known = _circumstances(workspace, sender, submission, tables)
        judged = judge_dataset(tables, catalogue, known)
        said = held_findings(workspace, judged, submission.sender_id)
        answers.append((answer_dataset(judged, catalogue, said=said), judged))
        is_held = is_held or bool(said)
    parts = [answer.part for answer, _ in answers]
    told = [*reading.findings, *notes_on_marking(submission.size, parts)]
    findings = [group_of(item, catalogue, None) for item in told]
    receipt = build_receipt(
        submission,
        sender_name=sender.name if sender else "not given",
        fictional=workspace.network.fictional if workspace else False,
        findings=findings,
        parts=[
            _compared(workspace, sender, submission, answer.part, judged)
            for answer, judged in answers
        ],
    ).model_copy(update={"check_only": True})
    listings = [answer.listing for answer, _ in answers]
    listing = join_listings([list_findings(findings), *listings])
    queue: list[QueueLine] = []
    if is_held and sender is not None:
        rows = [judged for _, judged in answers if judged is not None]
        queue = queue_of(workspace, sender.sender_id, rows)
    return Ingested(receipt, listing, reading, tuple(queue))


def _compared(
    workspace: Workspace | None,
    sender: Sender | None,
    submission: Submission,
    part: ReceiptPart,
    judged: JudgedDataset | None,
) -> ReceiptPart:
    if workspace is None or sender is None:
        return part
    return compare_with_last(workspace, submission, part, judged, is_received=False)


def _mappings(
    workspace: Workspace | None,
    sender: Sender | None,
    catalogue: Catalogue,
    own: SourceMapping | None,
) -> Mappings:
    if workspace is None or sender is None:
        known = Mappings.shipped(catalogue)
    else:
        known = mappings_of(workspace, sender, to_keep=False)
    if own is None:
        return known
    return replace(known, own=(own, *known.own))


def _sender(workspace: Workspace | None, sender_id: str | None) -> Sender | None:
    if sender_id is None:
        return None
    if workspace is not None:
        return workspace.network.get_sender(sender_id)
    if is_agency_id(sender_id):
        return Sender(
            sender_id=sender_id,
            name=sender_id,
            kind="agency",
            state_fips=sender_id.removeprefix("sea-"),
        )
    if not is_site_id(sender_id):
        raise SubmissionUnreadable(
            f"`{sender_id}` is not a site id. It has 7 digits for a district or 12 for "
            "a school, with all zeros in front, or it is an agency such as sea-04."
        )
    return Sender(
        sender_id=sender_id, name=sender_id, kind="site", state_fips=sender_id[:2]
    )


def _submission(path: Path, sender: Sender | None) -> Submission:
    digest = file_digest(path)
    status = path.stat()
    sender_id = sender.sender_id if sender else _NOBODY
    return Submission(
        submission_id=submission_id(sender_id, digest),
        sender_id=sender_id,
        file_name=path.name,
        sha256=digest,
        size=status.st_size,
        received_at=datetime.fromtimestamp(status.st_mtime, UTC),
        source_object=path.name,
        raw_key="",
    )


def _circumstances(
    workspace: Workspace | None,
    sender: Sender | None,
    submission: Submission,
    tables: DatasetTables,
) -> Circumstances:
    if workspace is not None and sender is not None:
        today = workspace.local_day(workspace.clock())
        return gather_circumstances(workspace, submission, tables, on=today)
    return Circumstances(sender=sender)
