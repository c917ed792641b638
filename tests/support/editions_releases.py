"""Invented histories of releases for the tests of pages and feeds."""

from datetime import date

from pcbl_pipeline.publication.edition import (
    Change,
    Changes,
    History,
    PublishedErratum,
)

ERRATUM = PublishedErratum(
    number=1,
    text="Costs of two events were counted twice.",
    tables=("pub2_topics",),
    release_id="2026.10.1",
    day=date(2026, 11, 2),
)


def history(lessons):
    """Return a history in which the first lesson is new and one was taken back."""
    changes = Changes(
        previous="2026.10.1",
        previous_as_of=date(2026, 10, 20),
        tables=(Change("pub1_lessons", 1, 1, 1), Change("pub1_groups", 0, 0, 0)),
        new_lessons=tuple(lessons[:1]),
        revised_lessons=tuple(lessons[1:2]),
        withdrawn_lessons=1,
    )
    past = (("2026.10.1", date(2026, 10, 20)),)
    return History(changes, (ERRATUM,), past)


def long_history(lessons):
    """Return a history that has more than a page tells, and no change of a table."""
    names = tuple(f"L{number:05d}" for number in range(1, lessons + 1))
    changes = Changes("2026.10.1", date(2026, 10, 20), (), names, names, 2)
    return History(changes, (), ())
