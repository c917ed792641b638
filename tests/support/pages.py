"""Markdown pages of the checkout, taken apart for the tests of the documentation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.support.sizes import ROOT, tracked_files

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(
    r"(!?)\[((?:[^][]|\[[^]]*\])*)\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)"
)
_LINK_BY_NAME = re.compile(r"^\[[^]]+\]:\s+(\S+)", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)


@dataclass(frozen=True)
class Link:
    """A link or image: where it leads, and what it says."""

    target: str
    text: str
    is_image: bool


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the checkout's root."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """The whole file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without blocks of code."""
        return _FENCE.sub("", self.text)

    @property
    def code(self) -> Iterator[str]:
        """Yield every line of a code block and every code span."""
        for block in _FENCE.finditer(self.text):
            yield from block.group().splitlines()[1:-1]
        yield from _CODE_SPAN.findall(self.prose)

    @property
    def links(self) -> Iterator[Link]:
        """Yield every link and image outside code; an image inside a link counts too."""
        text = _CODE_SPAN.sub("", self.prose)
        for mark, words, target in _LINK.findall(text):
            yield Link(target, words, is_image=mark == "!")
            for inner_words, inner in re.findall(r"!\[([^]]*)\]\(([^)\s]+)\)", words):
                yield Link(inner, inner_words, is_image=True)
        for target in _LINK_BY_NAME.findall(text):
            yield Link(target, target, is_image=False)

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Return level and text of every heading."""
        return [(len(m), words) for m, words in _HEADING.findall(self.prose)]

    @property
    def anchors(self) -> set[str]:
        """Return what a link may name after `#`, as code hosts write it."""
        slugs: list[str] = []
        for _, words in self.headings:
            plain = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            again = slugs.count(plain)
            slugs.append(plain)
            if again:
                slugs.append(f"{plain}-{again}")
        return set(slugs)


def pages() -> list[Page]:
    """Return every Markdown page that belongs to the project."""
    return [Page(path) for path in tracked_files() if path.suffix == ".md"]


def page(name: str) -> Page:
    """Return one page by its path from the checkout's root."""
    return Page(ROOT / name)
