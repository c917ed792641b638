"""The mirror report on paper: the same parts as the page, from the same words."""

from collections.abc import Iterator, Sequence

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.mirror_rates import RateRow
from pcbl_pipeline.publication.pages.mirror_views import MirrorView
from pcbl_pipeline.publication.pdf.report import (
    Block,
    Bullets,
    Fact,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Report,
    ReportChart,
    ReportTable,
    ReportWords,
    Section,
    TableColumn,
)
from pcbl_pipeline.publication.site_edition import SiteContent

#: Steps that paper has room for; the page has more.
_STEPS = 12
_RATES = 40
#: Part → keys of its columns' headings, and which of them are numbers.
_LISTS = {
    "index": (("index_window", "index_own", "index_network", "index_place"), {1}),
    "requests": (
        ("request", "since", "waiting", "urgency", "needed_by", "shared"),
        {2},
    ),
    "barriers": (("barrier", "level", "status", "since", "waiting"), {4}),
    "alike": (
        *(("alike_own", "alike_other", "alike_by", "alike_share", "alike_decision"),),
        {3},
    ),
    "learning": (
        *(("award", "kind", "element", "year", "hours", "started", "completed"),),
        {4, 5, 6},
    ),
}


def mirror_report(
    content: SiteContent, view: MirrorView, messages: Messages, *, release_id: str
) -> Report:
    """Return a site's mirror report as it is printed."""
    return MirrorPaper(content, view, messages).report(release_id)


class MirrorPaper:
    """Puts a mirror report onto paper."""

    def __init__(
        self, content: SiteContent, view: MirrorView, messages: Messages
    ) -> None:
        self._content = content
        self._view = view
        self._t = messages

    def report(self, release_id: str) -> Report:
        """Return the whole report."""
        content = self._content
        release = self._t.plain("shell.release", release=release_id)
        day = self._t.date(content.as_of)
        return Report(
            title=self._say("heading", site=content.site_name),
            subtitle=self._t.plain("shell.edition_site"),
            publisher=content.network_name,
            language=self._t.texts["language.code"],
            day=content.as_of,
            facts=(
                Fact(self._t.plain("about.release_as_of"), day),
                Fact(self._t.plain("about.release_id"), release_id),
            ),
            sections=tuple(self._sections()),
            words=ReportWords(
                contents=self._t.plain("annual.contents"),
                page_of=self._t.texts["annual.page_of"],
            ),
            banner=self._t.plain("shell.fictional") if content.fictional else "",
            footer=f"{release} · {self._t.plain('shell.edition_site')}",
        )

    def _sections(self) -> Iterator[Section]:
        yield self._section("figures", self._figures())
        yield self._section("stages", *self._stages())
        yield self._section("index", self._list("index", self._view.index_rows))
        yield self._section("outcomes", *self._rates("outcomes", self._view.outcomes))
        yield self._section(
            "experience", *self._rates("experience", self._view.experience)
        )
        yield self._section("requests", self._list("requests", self._view.requests))
        yield self._section("barriers", self._list("barriers", self._view.barriers))
        yield self._section("lessons", *self._lessons())
        yield self._section("alike", self._list("alike", self._alike()))
        yield self._section("learning", self._list("learning", self._view.learning))

    def _section(self, part: str, *blocks: Block) -> Section:
        return Section(self._say(f"{part}_heading"), blocks)

    def _figures(self) -> Block:
        return KeyFigures(
            tuple(KeyFigure(value, words) for value, words in self._view.figures)
        )

    def _stages(self) -> Iterator[Block]:
        view = self._view.stages
        yield Paragraph(view.finding, "finding")
        if not view.windows:
            return
        yield ReportChart(view.chart, view.chart_finding, view.chart_description)
        windows = (view.window_label(window) for window in view.windows)
        none = self._t.plain("shell.none")
        yield ReportTable(
            self._say("stages_caption"),
            (
                TableColumn(self._say("element"), weight=3),
                *(TableColumn(label, numeric=True) for label in windows),
                TableColumn(self._say("stages_network"), weight=2),
            ),
            tuple(
                (
                    f"{row.label} ({self._say('priority')})"
                    if row.is_priority
                    else row.label,
                    *(none if stage is None else str(stage) for stage in row.stages),
                    row.network,
                )
                for row in view.elements
            ),
            note=self._say("stages_key"),
        )
        if view.moves:
            yield Bullets(tuple(view.moves[:_STEPS]))

    def _list(self, part: str, rows: Sequence[tuple[str, ...]]) -> Block:
        if not rows:
            return Paragraph(self._say(f"{part}_none"))
        heads, numeric = _LISTS[part]
        return ReportTable(
            self._say(f"{part}_caption"),
            tuple(
                TableColumn(
                    self._say(head), numeric=place in numeric, weight=2 - (place > 0)
                )
                for place, head in enumerate(heads)
            ),
            tuple(tuple(row) for row in rows),
        )

    def _rates(self, part: str, rows: Sequence[RateRow]) -> Iterator[Block]:
        if not rows:
            yield Paragraph(self._say(f"{part}_none"))
            return
        heads = ("measure", "group", "own", "earlier", "network")
        yield ReportTable(
            self._say(f"{part}_caption"),
            tuple(
                TableColumn(self._say(head), numeric=head == "own", weight=2)
                for head in heads
            ),
            tuple(
                (
                    row.label,
                    row.group,
                    f"{row.own} ({row.counts})",
                    row.before,
                    row.network,
                )
                for row in rows[:_RATES]
            ),
            note=self._say("more_rows", rows=_RATES) if len(rows) > _RATES else "",
        )

    def _alike(self) -> list[tuple[str, ...]]:
        return [
            (pair.title, pair.other_title, pair.by, pair.share, pair.decision)
            for pair in self._view.alike
        ]

    def _lessons(self) -> Iterator[Block]:
        if not self._view.lessons:
            yield Paragraph(self._say("lessons_none"))
        for basis, lessons in self._view.lessons:
            yield Paragraph(basis, "finding")
            yield Bullets(
                tuple(
                    f"{lesson.title} ({lesson.by}, {lesson.kind}). {lesson.reason}"
                    for lesson in lessons
                ),
                numbered=True,
            )

    def _say(self, key: str, **values: object) -> str:
        return self._t.plain(f"mirror.{key}", **values)
