"""The page of the annual pilot report; its PDF has the same parts."""

from collections.abc import Iterator

from pcbl_pipeline.publication.annual.report import AnnualReport
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.pdf import printer

PDF = "annual/report.pdf"


def annual_pages(annual: AnnualReport, messages: Messages) -> Iterator[Page]:
    """Yield the page of the report, if there is a school year to report on."""
    if annual.period is None:
        return
    report = annual.report(release_id="")
    yield Page(
        path="annual/index.html",
        template="annual.html",
        title=messages.plain("annual.title"),
        description=messages.plain("annual.description"),
        section="annual",
        answers={"": " ".join(annual.findings[:3])},
        values={"report": report.as_data(printed=False), "pdf": PDF},
    )


def annual_pdf(annual: AnnualReport, *, release_id: str) -> Iterator[tuple[str, bytes]]:
    """Yield the report as a PDF, if there is a school year to report on."""
    if annual.period is not None:
        yield PDF, printer.report_pdf("annual", annual.report(release_id=release_id))
