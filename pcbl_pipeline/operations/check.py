"""Check: the very same judgement at the site's own desk, before anything is sent.

Writes nothing and needs no network definition; rules that need to know what others
sent are left out and named.
"""

from datetime import UTC, datetime
from pathlib import Path

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.errors import SubmissionUnreadable
from pcbl_pipeline.model.identifiers import is_agency_id, is_site_id, submission_id
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.answer import (
    answer_dataset,
    answer_refused,
    build_receipt,
    group_of,
)
from pcbl_pipeline.operations.deliver_workbook import notes_on_marking
from pcbl_pipeline.operations.examine import judge_dataset, read_submission
from pcbl_pipeline.operations.ingest import BYTES_PER_MB, gather_circumstances
from pcbl_pipeline.operations.receive import file_digest
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
) -> Receipt:
    """Judge a local file and return the receipt that sending it would bring.

    With a workspace and a sender, references into the lake are judged too.

    Units: `size_limit_mb` in megabytes (10**6 bytes).

    Raises:
        SubmissionUnreadable: If there is no such file.
        UnknownSender: If the sender is not of the workspace's network.
    """
    if not path.is_file():
        raise SubmissionUnreadable(f"There is no file {path}.")
    sender = _sender(workspace, sender_id)
    submission = _submission(path, sender)
    reading = read_submission(
        path,
        path.name,
        catalogue,
        sender=sender,
        size_limit_bytes=size_limit_mb * BYTES_PER_MB,
    )
    parts = [answer_refused(item, catalogue).part for item in reading.refused]
    for tables in reading.datasets:
        known = _circumstances(workspace, sender, submission, tables.contract)
        judged = judge_dataset(tables, catalogue, known)
        parts.append(answer_dataset(judged, catalogue).part)
    said = [*reading.findings, *notes_on_marking(submission.size, parts)]
    return build_receipt(
        submission,
        sender_name=sender.name if sender else "not given",
        fictional=workspace.network.fictional if workspace else False,
        findings=[group_of(item, catalogue, None) for item in said],
        parts=parts,
    )


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
    contract: Contract,
) -> Circumstances:
    if workspace is not None and sender is not None:
        return gather_circumstances(workspace, submission, contract)
    return Circumstances(sender=sender)
