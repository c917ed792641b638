"""The search page, and what of each page the search knows.

What does not belong here: how words are weighed and how the index is written, which
is in `publication/search`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from itertools import groupby

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.search.files import FOLDER, index_files
from pcbl_pipeline.publication.search.index import Entry

#: Filter → the code list of its codes, where there is one.
FACETS: Mapping[str, str | None] = {
    "kind": None,
    "element": "element_code",
    "policy": "policy_area",
    "stage": "stage_code",
    "state": None,
    "locale": None,
    "audience": "audience",
}
#: Kinds of pages in the order in which they are told, and how high each may stand.
KINDS: Mapping[str, float] = {
    "summary": 1.0,
    "group": 1.0,
    "lesson": 1.0,
    "dataset": 0.5,
    "rule": 0.5,
}
#: Too many to be named one by one; their groups lead to them.
_NOT_LISTED = {"lesson"}
_BY_TEMPLATE = {"lesson.html": "lesson", "group.html": "group"}
_RULES = "contracts/rules/"
_EXTRACT = 180
#: What stands there for finding one's way, or says a table over again.
_SKIPPED = {"nav", "svg", "form", "script"}


@dataclass(frozen=True)
class BrowseList:
    """All pages of one kind, for readers without the script."""

    kind: str
    pages: tuple[Page, ...]


def search_page(
    pages: Sequence[Page], content: EditionContent, labels: Labels, messages: Messages
) -> Page:
    """Return the page that finds the others."""
    return Page(
        path="search.html",
        template="search.html",
        title=messages.plain("search.title"),
        description=messages.plain("search.description"),
        section="search",
        values={
            "folder": f"{FOLDER}/",
            "filters": dict(_filters(pages, content, labels, messages)),
            "browse": _browse_lists(pages),
        },
    )


class SearchIndex:
    """Gathers what the search knows while the pages are rendered."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._entries: list[Entry] = []

    def add(self, page: Page, rendered: bytes) -> None:
        """Take a page up. The search itself and the ways to it are not found."""
        if page.section in {"search", "start"}:
            return
        self._entries.append(self._entry(page, rendered))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield (path, bytes) of the whole index."""
        language = self._messages.plain("language.code")
        yield from index_files(self._entries, list(FACETS), language=language)

    def _entry(self, page: Page, rendered: bytes) -> Entry:
        kind = kind_of(page)
        name = self._messages.plain(f"search.kinds.{kind}")
        text = page.searched or main_text(rendered)
        return Entry(
            path=page.path,
            title=page.title,
            about=f"{name} · {page.about}" if page.about else name,
            extract=_shortened(page.extract or page.finding or page.description),
            text=text,
            facets={**page.facets, "kind": (kind,)},
            rank=KINDS[kind],
        )


def kind_of(page: Page) -> str:
    """Return what kind of page one is."""
    if page.template == "document.html":
        return "rule" if page.path.startswith(_RULES) else "dataset"
    return _BY_TEMPLATE.get(page.template, "summary")


def main_text(rendered: bytes) -> str:
    """Return the text of a page's main part."""
    reader = _MainText()
    reader.feed(rendered.decode())
    return " ".join(" ".join(reader.texts).split())


def _filters(
    pages: Sequence[Page], content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each filter with its choices as (code, label); one choice is no choice."""
    names: Mapping[str, Callable[[str], str]] = {
        "kind": lambda code: messages.plain(f"search.kinds.{code}"),
        "state": lambda code: content.states.get(code, code),
        "locale": labels.place,
    }
    for name, code_list in FACETS.items():
        found = {code for page in pages for code in page.facets.get(name, ())}
        if name == "kind":
            there = {kind_of(page) for page in pages}
            codes = [kind for kind in KINDS if kind in there]
        elif code_list is None:
            codes = sorted(found)
        else:
            codes = labels.in_order(code_list, found)
            names = {**names, name: partial(labels.label, code_list)}
        if len(codes) > 1:
            yield name, [(code, names[name](code)) for code in codes]


def _browse_lists(pages: Sequence[Page]) -> list[BrowseList]:
    order = list(KINDS)
    ordered = sorted(pages, key=lambda page: order.index(kind_of(page)))
    return [
        BrowseList(kind, tuple(found))
        for kind, found in groupby(ordered, key=kind_of)
        if kind not in _NOT_LISTED
    ]


def _shortened(text: str) -> str:
    """Return a text's beginning, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= _EXTRACT:
        return flat
    return f"{flat[:_EXTRACT].rsplit(' ', 1)[0]} …"


class _MainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._in_main = False
        self._skipped = 0

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self._in_main = self._in_main or tag == "main"
        self._skipped += tag in _SKIPPED

    def handle_endtag(self, tag: str) -> None:
        self._in_main = self._in_main and tag != "main"
        self._skipped -= tag in _SKIPPED

    def handle_data(self, data: str) -> None:
        if self._in_main and not self._skipped:
            self.texts.append(data)
