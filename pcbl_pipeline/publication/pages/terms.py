"""The reader's own term for the model: the words to choose from, and their place.

Each page stands in the network's usual term; a reader's choice replaces it in the
browser. What does not belong here: which state uses which term (the contracts).
"""

from dataclasses import dataclass

from markupsafe import Markup

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages

_TERM_LIST = "term_code"
_OTHER = "other"


@dataclass(frozen=True)
class TermChoice:
    """One choice: what it is called in the list, and the words that pages then show."""

    value: str
    label: str
    wording: str


@dataclass(frozen=True)
class TermChoices:
    """All choices of one edition."""

    states: tuple[TermChoice, ...]
    others: tuple[TermChoice, ...]


def term_choices(content: EditionContent) -> TermChoices:
    """Return the words of the network's states, and every other term in use."""
    states = tuple(
        TermChoice(f"{fips}-{number}", f"{content.states[fips]}: {wording}", wording)
        for fips, wordings in sorted(content.state_terms.items())
        if fips in content.states
        for number, wording in enumerate(wordings, start=1)
    )
    listed = content.code_lists.get(_TERM_LIST)
    codes = listed.codes if listed else ()
    others = tuple(
        TermChoice(item.code, item.label, item.label[:1].lower() + item.label[1:])
        for item in codes
        if item.code != _OTHER
        and (item.valid_to is None or item.valid_to >= content.as_of)
    )
    return TermChoices(states, others)


def own_term(messages: Messages) -> Markup:
    """Return the usual term, marked so that a reader's choice can replace it."""
    return Markup("<span data-term>{}</span>").format(messages("terms.usual"))
