"""The menu: what there is in an edition, made from its pages.

A section is in the menu when it has a first page; nobody has to add it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.readers import READERS, reader_path
from pcbl_pipeline.publication.pages.render import Page

#: Group → its sections in order. A section that is named nowhere comes last.
GROUPS = {
    "learn": ("lessons", "exchange", "recommendations"),
    "far": ("progress", "outcomes", "experience"),
    "policy": ("barriers", "roadmap"),
    "help": ("assistance", "planning"),
    "release": ("annual", "changes", "about"),
}
#: The sections that stand in the head of a wide page.
FIRST = ("lessons", "progress", "outcomes", "barriers", "assistance")
#: These are led to in another way.
_APART = {"start", "search"}
_LAST = "release"


@dataclass(frozen=True)
class MenuEntry:
    """One section: its first page under a short name."""

    section: str
    path: str
    label: str


@dataclass(frozen=True)
class MenuGroup:
    """Sections that belong together."""

    name: str
    label: str
    entries: tuple[MenuEntry, ...]


@dataclass(frozen=True)
class Menu:
    """The menu of one edition."""

    groups: tuple[MenuGroup, ...]
    start: MenuGroup

    @property
    def all(self) -> tuple[MenuGroup, ...]:
        """Every group, the ways to start before the sections."""
        return (self.start, *self.groups)

    @property
    def entries(self) -> tuple[MenuEntry, ...]:
        """All sections in the menu's order."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def first(self) -> tuple[MenuEntry, ...]:
        """The sections for the head of a wide page."""
        return tuple(entry for entry in self.entries if entry.section in FIRST)


def menu_of(pages: Iterable[Page], messages: Messages) -> Menu:
    """Return the menu of an edition with these pages."""
    entries = {
        page.section: MenuEntry(page.section, page.path, _label(page, messages))
        for page in pages
        if _leads(page)
    }
    named = {section for sections in GROUPS.values() for section in sections}
    others = tuple(section for section in entries if section not in named)
    groups = []
    for name, sections in GROUPS.items():
        whole = (*others, *sections) if name == _LAST else sections
        found = tuple(entries[section] for section in whole if section in entries)
        if found:
            label = messages.plain(f"shell.group_{name}")
            groups.append(MenuGroup(name, label, found))
    return Menu(tuple(groups), _start(messages))


def _start(messages: Messages) -> MenuGroup:
    """Return the start page and those for each kind of reader."""
    # Each is a section of its own here, so that only the page itself is marked.
    entries = [MenuEntry("", "index.html", messages.plain("shell.nav_start"))]
    for reader in READERS:
        who = messages.plain(f"readers.{reader}.who")
        entries.append(MenuEntry("", reader_path(reader), who))
    return MenuGroup("start", messages.plain("shell.group_start"), tuple(entries))


def _leads(page: Page) -> bool:
    first_pages = {f"{page.section}/index.html", f"{page.section}.html"}
    return page.path in first_pages and page.section not in _APART


def _label(page: Page, messages: Messages) -> str:
    key = f"shell.nav_{page.section}"
    return messages.plain(key) if key in messages.texts else page.title
