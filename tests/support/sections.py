"""Sections of the pages without their content: what the ways to them need."""

from collections.abc import Iterator

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.menu import GROUPS
from pcbl_pipeline.publication.pages.render import Page

#: These are there without any section.
BASE = ("lessons", "assistance", "about")


#: Codes by which a search can find sections; two of each, so that there is a choice.
_FACETS = (
    {"locale": ("1",), "stage": ("1",), "policy": ("PA1",)},
    {"locale": ("4",), "stage": ("3",), "policy": ("PA3",)},
)


def stub(section: str, finding: str = "") -> Page:
    """Return the first page of a section that says nothing."""
    return Page(
        path="changes.html" if section == "changes" else f"{section}/index.html",
        template="document.html",
        title=f"Title of {section}",
        description=f"What {section} tells.",
        section=section,
        values={"body": ""},
        finding=finding,
        facets=_FACETS[len(section) % 2],
    )


def every_section(*_: EditionContent | Labels | Messages) -> Iterator[Page]:
    """Yield a first page for every section that the menu knows."""
    for sections in GROUPS.values():
        yield from (stub(section) for section in sections if section not in BASE)
