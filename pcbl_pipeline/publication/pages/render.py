"""From a page's values to its bytes: one template environment for all pages.

Everything is escaped unless it is markup that we made ourselves. A name that a
template does not get is an error, never an empty space.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.keys import permalink
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.terms import own_term, term_choices

ASSETS = Path(__file__).parent / "assets"
#: No inline script or style, no frame, no form target, nothing from elsewhere.
#: `file:` is for pages that are opened from a folder.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self' file:",
        "script-src 'self' file:",
        "img-src 'self' data: file:",
        "base-uri 'none'",
        "form-action 'none'",
    )
)


@dataclass(frozen=True)
class Page:
    """One page to be rendered: where it goes, by which template, with what."""

    path: str
    template: str
    title: str
    description: str
    #: Which entry of the main navigation it belongs to.
    section: str
    values: Mapping[str, Any]
    #: Whether it has a list that can be narrowed down.
    filtered: bool = False
    #: What it shows, in one sentence; told on the start pages.
    finding: str = ""
    #: Anchor → what the page answers there, in one or two sentences; told under the
    #: questions of readers.
    answers: Mapping[str, str] = field(default_factory=dict)
    #: What a search knows of it: filter → codes, what it is about, the sentences
    #: under its title, and its text. Left blank, these are taken from the page.
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    about: str = ""
    extract: str = ""
    searched: str = ""

    def answer(self, anchor: str) -> str:
        """Return what the page answers at an anchor, else what it shows or is."""
        return self.answers.get(anchor) or self.finding or self.description


class PageWriter:
    """Renders the pages of one edition in one release."""

    def __init__(
        self,
        content: EditionContent,
        messages: Messages,
        *,
        release_id: str,
        menu: object,
    ) -> None:
        """Prepare what all pages share; `menu` is a `Menu` of the edition."""
        self._messages = messages
        self._edition, self._release_id = content.edition, release_id
        self._shell = {
            "menu": menu,
            "t": messages,
            "number": messages.number,
            "edition": content.edition,
            "network_name": content.network_name,
            "fictional": content.fictional,
            "as_of": content.as_of,
            "release_id": release_id,
            "content_policy": CONTENT_POLICY,
            "day": self._day,
            "terms_of_readers": term_choices(content),
            "own_term": own_term(messages),
            "contact_email": content.contact_email,
        }

    def render(self, page: Page) -> bytes:
        """Return a page's bytes."""
        template = _environment().get_template(page.template)
        text = template.render(
            **self._shell,
            page=page,
            root="../" * page.path.count("/"),
            own_name=page.path.rpartition("/")[2],
            permalink=self._permalink(page.path),
            **page.values,
        )
        return text.encode()

    def _permalink(self, path: str) -> str:
        return permalink(self._release_id, self._edition, path)

    def _day(self, value: date) -> Markup:
        return day_markup(self._messages, value)


def day_markup(messages: Messages, value: date) -> Markup:
    """Return a day in words, which programs can read too."""
    words = messages.date(value)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), words)


def door_page(
    messages: Messages, *, edition_name: str, release_id: str, to: str
) -> bytes:
    """Return the small page that leads to the current release of an edition."""
    return standalone_page(
        "door.html", messages, edition_name=edition_name, release_id=release_id, to=to
    )


def standalone_page(template: str, messages: Messages, **values: object) -> bytes:
    """Return a page that has a frame of its own, or none."""
    shell = {"t": messages, "number": messages.number, "content_policy": CONTENT_POLICY}
    return _environment().get_template(template).render(**shell, **values).encode()


def closed_door_page(messages: Messages, *, edition_name: str) -> bytes:
    """Return the page at an edition's door while no release of it is current."""
    return standalone_page("closed_door.html", messages, edition_name=edition_name)


def tombstone_page(messages: Messages, **values: object) -> bytes:
    """Return what stands where a page of a withdrawn release was."""
    return standalone_page("tombstone.html", messages, **values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
