"""Lists of ours that came back, at a sender's desk: what dropping one would do.

Beside the workspace a list is tried whole; without it only its form can be judged, as
the file that it is about is not there. Nothing is written but into a folder of the
moment. What does not belong here: what a list does (`patch`, `explanations`).
"""

from pathlib import Path

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.receipt import ReceiptPart, RowCounts, Verdict
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.answer import Answered
from pcbl_pipeline.operations.examine import FileReading
from pcbl_pipeline.operations.explanations import (
    answer_blank,
    answer_explanations,
    filled_lines,
    with_explanations,
)
from pcbl_pipeline.operations.groups import group_of
from pcbl_pipeline.operations.listing import list_findings
from pcbl_pipeline.operations.patch import (
    accepted_lines,
    patch_in,
    read_sent,
    refused_patch,
)
from pcbl_pipeline.operations.recognise_tables import Mappings
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.workspace import Workspace

#: The rule that says that a list was not tried.
NOT_TRIED = "F186"
_SUGGESTIONS, _EXPLANATIONS = "a list of suggestions", "a list of explanations"

Tried = tuple[FileReading, list[Answered]]


def try_list(
    reading: FileReading,
    submission: Submission,
    path: Path,
    folder: Path,
    workspace: Workspace,
    mappings: Mappings,
) -> Tried:
    """Try a list against what its sender sent; any other reading comes back as it is.

    What is needed for it is put into `folder` and must stay there.
    """
    if patch_in(reading) is not None:
        # It would be dropped now, whenever it was written.
        now = submission.model_copy(update={"received_at": workspace.clock()})
        read = read_sent(
            workspace,
            now,
            path,
            size_limit_bytes=submission.size + 1,
            mappings=mappings,
            folder=folder,
        )
        return read, []
    found = with_explanations(reading)
    if found.explanations is None:
        return found, []
    answered = answer_explanations(
        workspace, submission, found.explanations, keep=False
    )
    return found, [answered]


def look_at_list(
    reading: FileReading, submission: Submission, catalogue: Catalogue
) -> Tried:
    """Say what a list holds; any other reading comes back as it is."""
    patch = patch_in(reading)
    if patch is not None:
        count = accepted_lines(patch)
        if not count:
            return refused_patch(patch, "F175", submission), []
        answered = _not_tried(patch, _SUGGESTIONS, count, catalogue)
        return FileReading(findings=(), refused=(), datasets=()), [answered]
    found = with_explanations(reading)
    item = found.explanations
    if item is None:
        return found, []
    count = filled_lines(item)
    if not count:
        return found, [answer_blank(item, catalogue)]
    return found, [_not_tried(item, _EXPLANATIONS, count, catalogue)]


def _not_tried(
    item: Recognition, kind: str, count: int, catalogue: Catalogue
) -> Answered:
    details = {"file": item.table.where, "kind": kind, "times": f"{count:,}"}
    group = group_of(FileFinding(code=NOT_TRIED, details=details), catalogue, None)
    part = ReceiptPart(
        title=kind.removeprefix("a ").capitalize(),
        sheet=item.table.sheet,
        read_as=item.table.read_as,
        verdict=Verdict.ACCEPTED,
        rows=RowCounts(received=count, accepted=count),
        findings=(group,),
    )
    return Answered(part, list_findings([group]))
