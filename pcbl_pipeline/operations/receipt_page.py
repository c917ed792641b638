"""The receipt as one self-contained HTML page: opens offline, prints well.

What does not belong here: deciding anything; every number comes from the receipt.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.receipt import Receipt, Status, Verdict

_PAGES = Path(__file__).parent / "pages"

#: What a status means to the sender, and what to do next.
STATUS_WORDS: dict[Status, tuple[str, str]] = {
    Status.RECEIVED: ("Received", "We have your file and will answer soon."),
    Status.ACCEPTED: (
        "Accepted",
        "All rows were taken. You do not need to do anything.",
    ),
    Status.ACCEPTED_WITH_QUARANTINE: (
        "Accepted in part",
        (
            "The good rows were taken. The others are set aside and are not lost. Correct "
            "them as shown below and send the file again."
        ),
    ),
    Status.HELD: (
        "Held",
        (
            "We could read your file, but every row has something to correct. All rows are "
            "set aside and are not lost. Correct them as shown below and send the file again."
        ),
    ),
    Status.REFUSED: (
        "Not taken",
        (
            "We could not take this file. Nothing was changed. Do what is shown below and "
            "send it again."
        ),
    ),
    Status.SUPERSEDED: (
        "Replaced by a newer file",
        (
            "The rows are fine, but you had already sent a newer file for the same data, "
            "so the newer one counts. You do not need to do anything."
        ),
    ),
    Status.WITHDRAWN: ("Withdrawn", "This file was taken back. Its rows do not count."),
    Status.FAILED: (
        "Our fault",
        (
            "Something on our side went wrong. Your file is safe and nothing is lost. We "
            "try again by ourselves. You do not need to do anything."
        ),
    ),
}
VERDICT_WORDS = {
    Verdict.ACCEPTED: "All rows taken",
    Verdict.ACCEPTED_WITH_QUARANTINE: "Some rows set aside",
    Verdict.HELD: "All rows set aside",
    Verdict.REFUSED: "Not taken",
}
SEVERITY_WORDS = {
    Severity.ERROR: "Must be corrected",
    Severity.WARNING: "Should be looked at",
    Severity.INFO: "For your information",
}


def render_receipt(receipt: Receipt) -> bytes:
    """Render a receipt; the same receipt gives the same bytes."""
    title, advice = STATUS_WORDS[receipt.status]
    if receipt.repeat:
        title, advice = (
            "Already received",
            "We already had this very file. Nothing was changed.",
        )
    page = _environment().get_template("receipt.html")
    html = page.render(
        receipt=receipt,
        title=title,
        advice=advice,
        verdicts=VERDICT_WORDS,
        severities=SEVERITY_WORDS,
        to_correct=sum(
            f.count for f in receipt.all_findings if f.severity is Severity.ERROR
        ),
    )
    return html.encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
