"""The pages for one kind of reader: their questions, each led to its answer.

A question is asked where the edition has a page that answers it. What does not
belong here: an answer; the pages give it, each at its place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.render import Page

#: Reader → question → where its answer may stand, the best place first.
READERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "site": {
        "others": ("lessons/index.html#digest",),
        "ourselves": ("progress/index.html",),
        "peers": ("exchange/index.html", "about.html#contact"),
        "speed": ("assistance/index.html#demand",),
        "leaders": ("recommendations/index.html#district-leader",),
    },
    "district": {
        "alike": ("lessons/index.html#places",),
        "long": ("progress/index.html#index",),
        "cost": ("assistance/index.html#totals",),
        "leaders": ("recommendations/index.html#district-leader",),
        "ask": ("about.html#contact",),
    },
    "provider": {
        "open": ("planning/index.html", "assistance/index.html#unmet"),
        "unanswered": ("assistance/index.html#unmet",),
        "stalls": ("progress/index.html#now",),
        "obstacles": ("barriers/index.html",),
        "works": ("lessons/index.html#digest",),
    },
    "state": {
        "far": ("progress/index.html#index",),
        "rules": ("barriers/index.html#asked",),
        "states": ("roadmap/index.html",),
        "help": ("assistance/index.html#totals",),
        "change": ("recommendations/index.html#state-agency",),
    },
    "policy": {
        "results": ("annual/index.html", "outcomes/index.html", "progress/index.html"),
        "obstacles": ("barriers/index.html",),
        "states": ("roadmap/index.html",),
        "money": ("roadmap/index.html#supports", "assistance/index.html#totals"),
        "change": (
            "recommendations/index.html",
            "annual/index.html",
            "lessons/index.html#digest",
        ),
    },
    "research": {
        "data": ("about.html#data",),
        "columns": ("codebook.html",),
        "method": ("about.html#methods",),
        "protection": ("about.html#privacy",),
        "changes": ("changes.html",),
    },
    "public": {
        "what": ("about.html#terms",),
        "better": ("outcomes/index.html", "progress/index.html"),
        "mine": ("outcomes/index.html#groups",),
        "feel": ("experience/index.html",),
        "privacy": ("about.html#privacy",),
    },
}


@dataclass(frozen=True)
class Answer:
    """A reader's question, the page that answers it, and its answer in a sentence."""

    question: str
    address: str
    page: Page

    @property
    def sentence(self) -> str:
        """What the page answers."""
        return self.page.answer(self.address.partition("#")[2])


def reader_path(reader: str) -> str:
    """Return where a reader's page is, from the edition's root."""
    return f"start/{reader}.html"


def reader_pages(pages: Sequence[Page], messages: Messages) -> Iterator[Page]:
    """Yield one page for each kind of reader, leading to some other pages."""
    for reader in READERS:
        yield Page(
            path=reader_path(reader),
            template="reader.html",
            title=messages.plain(f"readers.{reader}.title"),
            description=messages.plain(f"readers.{reader}.what"),
            section="start",
            values={
                "reader": reader,
                "answers": _answers(reader, pages, messages),
                "others": [other for other in READERS if other != reader],
            },
        )


def _answers(reader: str, pages: Sequence[Page], messages: Messages) -> list[Answer]:
    there = {page.path: page for page in pages}
    found = []
    for question, places in READERS[reader].items():
        for place in places:
            if (page := there.get(place.partition("#")[0])) is not None:
                words = messages.plain(f"readers.{reader}.questions.{question}")
                found.append(Answer(words, _address(page, place), page))
                break
    return found


def _address(page: Page, place: str) -> str:
    """Return a place of a page, or the page where it answers nothing there."""
    path, _, anchor = place.partition("#")
    return place if anchor in page.answers else path
