"""Deliver what was decided on an explanation, where the site that wrote it looks.

One short text next to the receipt that it is about; a later decision takes its place.
What does not belong here: deciding (`waive`).
"""

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.waiver import Decision, Waiver
from pcbl_pipeline.workspace import Workspace

_TEXT = "text/plain; charset=utf-8"

ACCEPTED = (
    "Your state's pilot office let this through until {until}. You need not correct it. "
    "If the numbers change, we ask you again. Rows that wait for this are taken in "
    "our next run."
)
DECLINED = (
    "Your state's pilot office did not let this through. Correct it in your file, and "
    "send the whole file again."
)
LINES = {
    "about": "What it is about",
    "rule": "Rule",
    "yours": "What you wrote",
    "office": "What the office says",
    "by": "Decided by",
}


def deliver_decision(workspace: Workspace, waiver: Waiver) -> None:
    """Write the decision into the outbox; writing it again changes nothing.

    It lies in the answer to the file that was explained, and in that to the list in
    which the explanation came, if it came in one.
    """
    if waiver.decision is None:
        return
    about, decision = waiver.explanation, waiver.decision
    content = _words(waiver, decision, workspace).encode()
    for submission_id in dict.fromkeys((about.submission_id, about.sent_in)):
        if submission_id is not None:
            name = decision_file(waiver)
            key = layout.answer(about.sender_id, submission_id, name)
            workspace.store.put(key, content, content_type=_TEXT)


def decision_file(waiver: Waiver) -> str:
    """Return the name under which a decision lies in an answer."""
    return f"decision-{waiver.waiver_id}.txt"


def _words(waiver: Waiver, decision: Decision, workspace: Workspace) -> str:
    about = waiver.explanation
    told = ACCEPTED.format(until=decision.until) if decision.accepted else DECLINED
    day = workspace.local_day(decision.decided_at)
    said = {
        "about": about.message,
        "rule": about.concern.code,
        "yours": about.text,
        "office": decision.remark,
        "by": f"{decision.decided_by}, {day}",
    }
    lines = [f"{LINES[name]}: {text}" for name, text in said.items() if text]
    return "\n\n".join([told, *lines]) + "\n"
