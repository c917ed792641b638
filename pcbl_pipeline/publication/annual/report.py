"""The annual pilot report as a whole: its parts in reading order, and its frame."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pcbl_pipeline.publication.annual.numbers import (
    awards,
    participation,
    participation_finding,
    progress,
    progress_finding,
    quality,
)
from pcbl_pipeline.publication.annual.results import outcomes, outcomes_finding
from pcbl_pipeline.publication.annual.source import ReportSource
from pcbl_pipeline.publication.annual.states import money, states
from pcbl_pipeline.publication.annual.texts import (
    assistance,
    barriers,
    barriers_finding,
    lessons,
    recommendations,
)
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pdf.report import (
    Bullets,
    Fact,
    Report,
    ReportWords,
    Section,
)

#: What each part found, in one sentence.
FINDINGS: tuple[Callable[[ReportSource], str | None], ...] = (
    participation_finding,
    progress_finding,
    outcomes_finding,
    barriers_finding,
    money,
)
Part = Callable[[ReportSource], Iterator[Section]]
PARTS: tuple[Part, ...] = (
    participation,
    lessons,
    progress,
    barriers,
    states,
    assistance,
    outcomes,
    awards,
    recommendations,
    quality,
)


@dataclass(frozen=True)
class AnnualReport:
    """Writes the report of one edition."""

    content: EditionContent
    digest: Digest
    labels: Labels
    messages: Messages

    @property
    def period(self) -> str | None:
        """The school year that is reported; None where nobody took part in any."""
        return self._source.period

    def report(self, *, release_id: str) -> Report:
        """Return the report."""
        say, plain = self._source.say, self._source.plain
        edition = plain(f"shell.edition_{self.content.edition}")
        as_of = self.messages.date(self.content.as_of)
        return Report(
            title=say("title"),
            subtitle=say("subtitle", period=self.period),
            publisher=self.content.network_name,
            language=self.messages.texts["language.code"],
            day=self.content.as_of,
            facts=(
                Fact(say("fact_year"), self.period or ""),
                Fact(say("fact_day"), as_of),
                Fact(say("fact_edition"), edition),
                Fact(say("fact_release"), release_id),
            ),
            sections=self.sections,
            words=ReportWords(
                contents=say("contents"),
                page_of=self.messages.texts["annual.page_of"],
            ),
            banner=plain("shell.fictional") if self.content.fictional else "",
            footer=f"{self.content.network_name} · {release_id} · {as_of}",
        )

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The parts in reading order."""
        parts = (section for part in PARTS for section in part(self._source))
        return (*self._short(), *parts)

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """What the parts found, a sentence each."""
        told = (finding(self._source) for finding in FINDINGS)
        return tuple(text for text in told if text)

    def _short(self) -> Iterator[Section]:
        if self.findings:
            heading = self._source.say("short.heading")
            yield Section(heading, (Bullets(self.findings),))

    @cached_property
    def _source(self) -> ReportSource:
        return ReportSource(self.content, self.digest, self.labels, self.messages)
