"""Withdrawn: what senders are told in receipts of submissions that were taken back.

What does not belong here: taking them back (`withdraw`).
"""

from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.identifiers import sender_of, submission_id
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.model.withdrawal import Withdrawal
from pcbl_pipeline.workspace import Workspace

#: The rules that say so.
SENT_AGAIN, JUDGED_AGAIN = "F189", "F188"


def sent_again(workspace: Workspace, submission: Submission) -> list[FileFinding]:
    """Say that these very bytes were withdrawn before and count as a new file now."""
    before, nth = None, 1
    name = submission_id(submission.sender_id, submission.sha256)
    while name != submission.submission_id:
        before = workspace.withdrawals.find(submission.sender_id, name) or before
        nth += 1
        name = submission_id(submission.sender_id, submission.sha256, nth=nth)
    return [] if before is None else [_told(workspace, SENT_AGAIN, before)]


def why_judged_again(
    workspace: Workspace, withdrawn_id: str | None
) -> list[FileFinding]:
    """Say that a file was judged again because another one was withdrawn."""
    if withdrawn_id is None:
        return []
    found = workspace.withdrawals.find(sender_of(withdrawn_id), withdrawn_id)
    return [] if found is None else [_told(workspace, JUDGED_AGAIN, found)]


def _told(workspace: Workspace, code: str, withdrawal: Withdrawal) -> FileFinding:
    # Without the name of the file: it may be another sender's, or be erased.
    days = {
        "received": workspace.local_day(withdrawal.received_at).isoformat(),
        "withdrawn": workspace.local_day(withdrawal.withdrawn_at).isoformat(),
    }
    return FileFinding(code=code, details=days)
