"""Screening of narratives: the automatic scan before a person's text is published.

A hit keeps the text back; it says what kind of thing was seen and where, never the
text. Recall comes first: a held text can be released by a person, a published one
cannot be taken back.

What the scan cannot see, and what a person must read for, are names without any word
for a person beside them and descriptions that fit one student only. A detector that
holds every unexplained capitalised word (default-deny) will see most of the names; it
needs word lists and a queue in which sites release what is harmless, and it joins
`_spans` like the others.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from pcbl_pipeline.disclosure.scan.contacts import find_contacts
from pcbl_pipeline.disclosure.scan.counts import find_small_counts, mentions_students
from pcbl_pipeline.disclosure.scan.folding import fold_both_ways
from pcbl_pipeline.disclosure.scan.people import find_people
from pcbl_pipeline.disclosure.scan.site_names import find_site_names
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import Hit, HitKind, Screen

#: In a web address digits are no counts and capital letters no names.
KINDS_IN_LINKS = frozenset({HitKind.EMAIL, HitKind.HANDLE, HitKind.SITE_NAME})


def screen_text(
    text: str,
    *,
    minimum_group_size: int,
    unnamed: Collection[str] = (),
    field: str = "",
    about_students: bool | None = None,
) -> tuple[Hit, ...]:
    """Scan one text and return every hit in the order of places.

    Units: `minimum_group_size` in students; smaller counts are hits. `about_students`
    says whether the text's row speaks of students; None: as the text itself does.
    """
    hits: set[Hit] = set()
    for folded in fold_both_ways(text):
        speaks = about_students or mentions_students(folded.text)
        found = _spans(
            folded.text,
            minimum_group_size=minimum_group_size,
            unnamed=tuple(unnamed),
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
            field=field,
            about_students=about_students,
        )
        for field, text in texts.items()
    )
    return tuple(chain.from_iterable(found))


def narrative_screen(minimum_group_sizes: Mapping[str, int]) -> Screen:
    """Return the screen that summaries ask, with each state's minimum group size.

    Shape: state FIPS code → students. A state that is missing gets the largest size,
    so that nothing is shown by an oversight.
    """
    strictest = max(minimum_group_sizes.values(), default=10)

    def screen(
        texts: Mapping[str, str],
        *,
        state_fips: str,
        unnamed: Collection[str] = (),
    ) -> tuple[Hit, ...]:
        size = minimum_group_sizes.get(state_fips, strictest)
        return screen_texts(texts, minimum_group_size=size, unnamed=unnamed)

    return screen


def _spans(
    text: str,
    *,
    minimum_group_size: int,
    unnamed: tuple[str, ...],
    about_students: bool,
) -> Iterator[Span]:
    spans = chain(
        find_contacts(text),
        find_people(text),
        find_small_counts(
            text, minimum_group_size=minimum_group_size, about_students=about_students
        ),
        find_site_names(text, unnamed),
    )
    is_link = text.startswith(("http://", "https://")) and " " not in text
    return (span for span in spans if not is_link or span.kind in KINDS_IN_LINKS)
