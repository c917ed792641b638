"""The report's part on the states: what they decided, and what they gave."""

from collections.abc import Iterator

from pcbl_pipeline.publication.annual.source import ReportSource
from pcbl_pipeline.publication.pdf.report import Paragraph, Section


def states(source: ReportSource) -> Iterator[Section]:
    """Yield what states decided, and the supports that are in effect."""
    view = source.roadmap
    if view is None:
        return
    blocks = [Paragraph(view.finding, "finding")]
    if view.money is None:
        yield Section(source.say("states.heading"), tuple(blocks))
        return
    table = source.table(
        "states",
        ("support", "states", "actions", "amount", "known"),
        [
            (
                row["support_category_label"],
                source.number(row["states"]),
                source.number(row["actions"]),
                source.none
                if row["amount_usd"] is None
                else source.plain(
                    "assistance.usd", amount=source.number(row["amount_usd"])
                ),
                source.share(row["amount_coverage"]),
            )
            for row in view.supports
        ],
    )
    yield Section(source.say("states.heading"), (*blocks, Paragraph(view.money), table))


def money(source: ReportSource) -> str | None:
    """Return what the states' supports cost; None where none is in effect."""
    view = source.roadmap
    return view.money if view else None
