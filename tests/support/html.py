"""Reading the published HTML strictly: what a test wants to know of a page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "img", "input", "hr"}


@dataclass
class Element:
    """One element with its attributes, its children and its own text."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list["Element"]:
        """Return the descendants with one of the tags (any, if none is given)."""
        found = []
        for child in self.children:
            if not tags or child.tag in tags:
                found.append(child)
            found += child.all(*tags)
        return found

    def first(self, tag: str) -> "Element":
        """Return the first descendant with a tag."""
        return self.all(tag)[0]

    def get(self, name: str) -> str:
        """Return an attribute, or an empty text."""
        return self.attributes.get(name) or ""

    @property
    def text(self) -> str:
        """All text in the element, with single blanks."""
        inner = " ".join([*self.texts, *(child.text for child in self.children)])
        return " ".join(inner.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute"
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        assert tag == self._open[-1].tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data):
        self._open[-1].texts.append(data)

    def close(self):
        super().close()
        left = [element.tag for element in self._open[1:]]
        assert not left, f"never closed: {left}"


def read_html(content: bytes) -> Element:
    """Read a page, and fail where an element is not closed or wrongly nested."""
    text = content.decode("utf-8")
    assert text.startswith("<!doctype html>\n")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.root
