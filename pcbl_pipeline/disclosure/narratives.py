"""Screening of narratives: the automatic scan before a person's text is published.

A hit keeps the text back; it says what kind of thing was seen and where, never the
text. Recall comes first: a held text can be released by a person, a published one
cannot be taken back. So a capitalised word that nothing explains is a hit (default-deny),
and so are names in lower case and descriptions that fit one person only.

What the scan cannot see, and what a person must read for, is how well it does on the
development set: `docs/narratives.md`. What was decided about a held sentence is in
`disclosure.release`.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from pcbl_pipeline.disclosure.scan.capitals import find_unexplained
from pcbl_pipeline.disclosure.scan.circumstances import find_circumstances
from pcbl_pipeline.disclosure.scan.contacts import find_contacts
from pcbl_pipeline.disclosure.scan.counts import find_small_counts, mentions_students
from pcbl_pipeline.disclosure.scan.counts_in_words import find_counts_in_words
from pcbl_pipeline.disclosure.scan.folding import fold_both_ways
from pcbl_pipeline.disclosure.scan.indirect import find_indirect
from pcbl_pipeline.disclosure.scan.links import find_names_in_links
from pcbl_pipeline.disclosure.scan.people import find_people
from pcbl_pipeline.disclosure.scan.products import PRODUCTS
from pcbl_pipeline.disclosure.scan.redactions import find_redactions
from pcbl_pipeline.disclosure.scan.registry import find_registered
from pcbl_pipeline.disclosure.scan.shares import find_small_shares
from pcbl_pipeline.disclosure.scan.site_names import find_site_names
from pcbl_pipeline.disclosure.scan.small_letters import find_small_names
from pcbl_pipeline.disclosure.scan.spanish import find_in_spanish, plain_spanish
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.disclosure.scan.tokens import words_of
from pcbl_pipeline.model.narrative import Hit, HitKind

#: What a registered name explains; a person's word beside it says otherwise nothing.
_EXPLAINED = frozenset({HitKind.PERSON_NAME, HitKind.UNEXPLAINED_NAME})
#: In a web address digits are no counts and capital letters no names.
_KINDS_IN_LINKS = frozenset({HitKind.EMAIL, HitKind.HANDLE, HitKind.SITE_NAME})


def screen_text(
    text: str,
    *,
    minimum_group_size: int,
    unnamed: Collection[str] = (),
    registry: frozenset[str] = frozenset(),
    field: str = "",
    about_students: bool | None = None,
) -> tuple[Hit, ...]:
    """Scan one text and return every hit in the order of places.

    Units: `minimum_group_size` in students; smaller counts are hits. `about_students`
    says whether the text's row speaks of students; None: as the text itself does.
    `registry` are names of sites, products and providers that explain capital letters.
    """
    hits: set[Hit] = set()
    for folded in fold_both_ways(text):
        speaks = about_students or mentions_students(folded.text)
        found = _spans(
            folded.text,
            minimum_group_size=minimum_group_size,
            unnamed=tuple(unnamed),
            registry=registry | PRODUCTS,
            about_students=speaks,
        )
        hits.update(
            Hit(field, *folded.original_span(span.start, span.end), span.kind)
            for span in found
        )
    return tuple(sorted(hits))


def screen_texts(
    texts: Mapping[str, str],
    *,
    minimum_group_size: int,
    unnamed: Collection[str] = (),
    registry: frozenset[str] = frozenset(),
) -> tuple[Hit, ...]:
    """Scan all texts of one row and return every hit, field by field.

    A number may stand in one field and the word for students in another, so the
    texts are read together in this respect.
    """
    about_students = any(mentions_students(text) for text in texts.values())
    found = (
        screen_text(
            text,
            minimum_group_size=minimum_group_size,
            unnamed=unnamed,
            registry=registry,
            field=field,
            about_students=about_students,
        )
        for field, text in texts.items()
    )
    return tuple(chain.from_iterable(found))


def _spans(
    text: str,
    *,
    minimum_group_size: int,
    unnamed: tuple[str, ...],
    registry: frozenset[str],
    about_students: bool,
) -> Iterator[Span]:
    is_link = text.startswith(("http://", "https://")) and " " not in text
    spans = chain(
        find_contacts(text),
        find_people(text),
        find_small_counts(
            text, minimum_group_size=minimum_group_size, about_students=about_students
        ),
        find_counts_in_words(text, minimum_group_size=minimum_group_size),
        find_small_shares(text, minimum_group_size=minimum_group_size),
        find_site_names(text, unnamed),
    )
    for span in spans:
        may_be_here = not is_link or span.kind in _KINDS_IN_LINKS
        if may_be_here and not _is_registered(span, text, registry):
            yield span
    yield from find_names_in_links(text)
    if not is_link:
        yield from _unnamed_people(text, registry)


def _unnamed_people(text: str, registry: frozenset[str]) -> Iterator[Span]:
    """Yield names without any word for a person beside them, and descriptions."""
    words = words_of(text)
    found = [*find_unexplained(words), *find_small_names(words)]
    plain = plain_spanish(words) if found else frozenset()
    for span in found:
        is_word = text[span.start : span.end].lower() in plain
        if not is_word and not _is_registered(span, text, registry):
            yield span
    yield from find_indirect(text)
    yield from find_circumstances(text)
    yield from find_in_spanish(text)
    yield from find_redactions(text)


def _is_registered(span: Span, text: str, registry: frozenset[str]) -> bool:
    return span.kind in _EXPLAINED and any(
        start <= span.start and span.end <= end
        for start, end in find_registered(text, registry)
    )
