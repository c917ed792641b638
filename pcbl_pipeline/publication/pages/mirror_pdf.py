"""The mirror report on paper: the same parts as the page, from the same words."""

from collections.abc import Iterator, Sequence

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.mirror_rates import GroupTable, RatesView
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
#: Tables of groups.
_TABLES = 4
#: Part → its columns: key of the heading, share of the width, whether it is a number.
_LISTS: dict[str, tuple[tuple[str, int, bool], ...]] = {
    "index": (
        *(("index_window", 3, False), ("index_own", 2, True)),
        *(("index_network", 5, False), ("index_place", 3, False)),
    ),
    "requests": (
        *(("request", 3, False), ("since", 3, False), ("waiting", 2, True)),
        *(("urgency", 2, False), ("needed_by", 3, False), ("shared", 3, False)),
    ),
    "barriers": (
        *(("barrier", 3, False), ("level", 3, False), ("status", 2, False)),
        *(("since", 3, False), ("waiting", 2, True)),
    ),
    "alike": (
        *(("alike_own", 4, False), ("alike_other", 4, False), ("alike_by", 3, False)),
        *(("alike_share", 2, True), ("alike_decision", 2, False)),
    ),
    "learning": (
        *(("award", 5, False), ("kind", 3, False), ("element", 5, False)),
        *(("year", 3, False), ("hours", 2, True), ("started", 2, True)),
        ("completed", 3, True),
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
        # What is short stands with the head on the first page; the chart comes after.
        yield self._section("index", self._list("index", self._view.index_rows))
        yield self._section("stages", *self._stages())
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
        if view.moves:
            yield Bullets(tuple(view.moves[:_STEPS]))
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

    def _list(self, part: str, rows: Sequence[tuple[str, ...]]) -> Block:
        if not rows:
            return Paragraph(self._say(f"{part}_none"))
        return ReportTable(
            self._say(f"{part}_caption"),
            tuple(
                TableColumn(self._say(head), numeric=numeric, weight=weight)
                for head, weight, numeric in _LISTS[part]
            ),
            tuple(tuple(row) for row in rows),
        )

    def _rates(self, part: str, rates: RatesView) -> Iterator[Block]:
        if not rates:
            yield Paragraph(self._say(f"{part}_none"))
            return
        if rates.everyone:
            heads = ("measure", "own", "earlier", "network")
            yield ReportTable(
                self._say(f"{part}_caption"),
                tuple(
                    TableColumn(self._say(head), numeric=head == "own", weight=2)
                    for head in heads
                ),
                tuple(
                    (row.label, f"{row.own} ({row.counts})", row.before, row.network)
                    for row in rates.everyone[:_RATES]
                ),
            )
        for table in rates.groups[:_TABLES]:
            yield self._groups(table)
        if rates.is_cut or len(rates.groups) > _TABLES or len(rates.everyone) > _RATES:
            yield Paragraph(self._say("more_rows"), "note")

    def _groups(self, table: GroupTable) -> Block:
        """Return own rates with the network's; the counts are on the page."""
        network, none = self._say("network"), self._t.plain("shell.none")
        return ReportTable(
            self._say("groups_caption", measures=self._t.listed(table.labels)),
            (
                TableColumn(self._say("group"), weight=3),
                *(
                    column
                    for label in table.labels
                    for column in (
                        TableColumn(label, numeric=True, weight=2),
                        TableColumn(network, weight=2),
                    )
                ),
            ),
            tuple(
                (
                    group,
                    *(
                        text
                        for cell in cells
                        for text in ((cell.own, cell.network) if cell else (none, none))
                    ),
                )
                for group, cells in table.rows[:_RATES]
            ),
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
