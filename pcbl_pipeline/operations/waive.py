"""Waive: a site explains what stands out, its state's office lets it through.

A waiver is about the numbers of one finding. It stands until its last day, and no
longer than the numbers do. What does not belong here: judging (`validation`).
"""

from collections.abc import Iterable, Mapping
from datetime import date

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.errors import WaiverImpossible
from pcbl_pipeline.lake.waivers import waiver_id
from pcbl_pipeline.model.finding import FindingGroup, Severity
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.waiver import Concern, Decision, Explanation, Numbers, Waiver
from pcbl_pipeline.operations.deliver_decision import deliver_decision
from pcbl_pipeline.workspace import Workspace

#: Rules whose error holds a whole dataset, and so may be waived though it is an error.
HOLDING_FAMILY = "E"


def explain(
    workspace: Workspace, sender_id: str, submission_id: str, code: str, text: str
) -> list[Waiver]:
    """Put a site's explanation of a rule's findings before its state's office.

    One waiver for each column and scope in which the submission broke the rule.

    Raises:
        WaiverImpossible: If the submission has no such finding, or one that only a
            correction can settle.
    """
    receipt = workspace.ledger.find_receipt(sender_id, submission_id)
    if receipt is None:
        raise WaiverImpossible(f"There is no submission {submission_id}.")
    groups = [item for item in receipt.all_findings if item.code == code]
    if not groups:
        raise WaiverImpossible(f"The receipt of {submission_id} has no finding {code}.")
    return [
        workspace.waivers.explain(explanation_of(workspace, receipt, group, text))
        for group in groups
    ]


def explanation_of(
    workspace: Workspace,
    receipt: Receipt,
    group: FindingGroup,
    text: str,
    *,
    sent_in: str | None = None,
) -> Explanation:
    """Put a site's words on one finding together, not yet kept.

    Raises:
        WaiverImpossible: If only a correction can settle the finding.
    """
    if not can_be_waived(group):
        raise WaiverImpossible(
            f"{group.code} has to be corrected. Only warnings and findings about a "
            "whole submission can be let through."
        )
    return Explanation(
        sender_id=receipt.sender_id,
        submission_id=receipt.submission_id,
        concern=_concern(group),
        numbers=_numbers(group),
        message=group.message,
        text=text.strip(),
        explained_at=workspace.clock(),
        sent_in=sent_in,
    )


def waiver_of(sender_id: str, group: FindingGroup) -> str:
    """Return the id that a waiver of a finding with its numbers has, or would have."""
    return waiver_id(sender_id, _concern(group), _numbers(group))


def accept(
    workspace: Workspace, waiver_id: str, *, until: date, by: str, remark: str = ""
) -> Waiver:
    """Accept an explanation up to and including a day.

    Raises:
        WaiverImpossible: If there is no such waiver, or the day is over.
    """
    if until < workspace.local_day(workspace.clock()):
        raise WaiverImpossible(f"{until} is over; choose a day to come with --until.")
    return _decide(workspace, waiver_id, by, remark, until=until)


def decline(workspace: Workspace, waiver_id: str, *, by: str, remark: str) -> Waiver:
    """Decline an explanation; what it is about must be corrected.

    Raises:
        WaiverImpossible: If there is no such waiver.
    """
    return _decide(workspace, waiver_id, by, remark, until=None)


def apply_waivers(
    groups: Iterable[FindingGroup], waived: Mapping[Concern, Waiver]
) -> list[FindingGroup]:
    """Mark the findings that were let through, and those that no longer are."""
    return [_marked(group, waived) for group in groups]


def can_be_waived(group: FindingGroup) -> bool:
    """Tell whether an explanation can settle a finding."""
    if group.dataset is None or group.severity is Severity.INFO:
        return False
    return group.severity is Severity.WARNING or group.code[0] == HOLDING_FAMILY


def holding_codes(catalogue: Catalogue) -> set[str]:
    """Return the rules that hold the rows of a whole dataset."""
    return {
        rule.code
        for rule in catalogue.rules.values()
        if rule.code[0] == HOLDING_FAMILY and rule.severity is Severity.ERROR
    }


def _marked(group: FindingGroup, waived: Mapping[Concern, Waiver]) -> FindingGroup:
    if not can_be_waived(group):
        return group
    waiver = waived.get(_concern(group))
    if waiver is None or waiver.decision is None:
        return group
    if waiver.explanation.numbers != _numbers(group):
        note = "Your state's pilot office let this through before. The numbers changed."
        return group.model_copy(update={"note": note})
    note = (
        f"Your state's pilot office let this through until {waiver.decision.until}. "
        f"You wrote: {waiver.explanation.text}"
    )
    return group.model_copy(update={"note": note, "severity": Severity.INFO})


def _concern(group: FindingGroup) -> Concern:
    return Concern(
        dataset=group.dataset or "",
        code=group.code,
        field=group.field,
        scope=group.scope,
    )


def _numbers(group: FindingGroup) -> Numbers:
    return Numbers(group.numbers or group.digest or str(group.count))


def _decide(
    workspace: Workspace, waiver_id: str, by: str, remark: str, *, until: date | None
) -> Waiver:
    decision = Decision(
        accepted=until is not None,
        until=until,
        decided_by=by,
        decided_at=workspace.clock(),
        remark=remark,
    )
    waiver = workspace.waivers.decide(waiver_id, decision)
    deliver_decision(workspace, waiver)
    return waiver
