"""The page on releases: what changed since the last, what was wrong, which there are."""

from collections.abc import Iterator

from pcbl_pipeline.publication.edition import EditionContent, History
from pcbl_pipeline.publication.exports import tables_of
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import PUB1_LESSONS

CHANGES_PAGE = "changes.html"
#: Lessons that the page links to; the data file has all.
SHOWN = 100


def release_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the page on what changed; nothing where no history is known."""
    history = content.history
    if history is None:
        return
    changes = history.changes
    titles = {
        table.name: _title(table.name, messages) for table, _ in tables_of(content)
    }
    lessons = PUB1_LESSONS.conform(content.lessons.lessons)
    names = dict(lessons.select("public_id", "title").iter_rows())
    yield Page(
        path=CHANGES_PAGE,
        template="changes.html",
        title=messages.plain("releases.title"),
        description=messages.plain("releases.description"),
        section="changes",
        answers={"": _changed(history, messages)},
        values={
            "changes": changes,
            "titles": titles,
            "names": names,
            "shown": SHOWN,
            "moved": [
                item
                for item in (changes.tables if changes else ())
                if item.added or item.removed or item.changed
            ],
            "errata": history.errata,
            "releases": history.releases,
            "labels": labels,
        },
    )


def _title(table: str, messages: Messages) -> str:
    return messages.plain(f"tables.{table}.title")


def _changed(history: History, messages: Messages) -> str:
    """Say in a sentence how much is new, and how many mistakes are told of."""
    changes = history.changes
    if changes is None:
        return messages.plain("releases.first")
    return messages.plain(
        "releases.answer",
        release=changes.previous,
        new=messages.plain("releases.new_lessons", count=len(changes.new_lessons)),
        errata=len(history.errata),
    )
