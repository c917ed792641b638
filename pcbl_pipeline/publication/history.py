"""What a release says of those before it: what changed since, and what was wrong.

Compared is what was published with what is about to be, table by table, by the
table's key. What does not belong here: why something changed; a release does not know.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pcbl_pipeline.model.release import EditionName, Erratum, Release, ReleaseId
from pcbl_pipeline.publication.edition import (
    Change,
    Changes,
    EditionContent,
    History,
    PublishedErratum,
)
from pcbl_pipeline.publication.exports import (
    FOLDER,
    JSON_FORMAT,
    json_rows,
    readable_json,
    tables_of,
)
from pcbl_pipeline.publication.keys import release_folder
from pcbl_pipeline.publication.tables import PUB1_LESSONS, Table
from pcbl_pipeline.storage.store import Store

ERRATA_FILE = f"{FOLDER}/errata.json"
CHANGES_FILE = f"{FOLDER}/changes.json"
Rows = dict[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class PastRelease:
    """A release that was current once, or is."""

    release_id: ReleaseId
    as_of: date


def with_history(
    content: EditionContent,
    store: Store,
    *,
    previous: Release | None,
    past: Iterable[PastRelease],
    errata: Iterable[Erratum],
) -> EditionContent:
    """Return an edition's content together with what came before it.

    `previous` is the release that its readers have now; `past` are all that were
    current once, the newest first. An erratum is told where its tables are.
    """
    tables = {table.name for table, _ in tables_of(content)}
    told = errata_for(errata, tables)
    changes = _changes(content, store, previous) if previous else None
    releases = tuple((item.release_id, item.as_of) for item in past)
    return replace(content, history=History(changes, told, releases))


def errata_for(
    errata: Iterable[Erratum], tables: Iterable[str]
) -> tuple[PublishedErratum, ...]:
    """Return the errata for readers of some tables, the newest first.

    Who recorded one stays in the register.
    """
    own = set(tables)
    return tuple(
        PublishedErratum(
            number=item.number,
            text=item.text,
            tables=tuple(name for name in item.tables if name in own),
            release_id=item.release_id,
            day=item.recorded_at.date(),
        )
        for item in sorted(errata, key=lambda item: item.number, reverse=True)
        if not item.tables or own & set(item.tables)
    )


def errata_file(errata: Iterable[PublishedErratum]) -> bytes:
    """Write the errata as JSON. A new one is news: the file counts as data."""
    rows = [
        {
            "number": item.number,
            "recorded_on": item.day.isoformat(),
            "seen_in_release": item.release_id,
            "tables": list(item.tables),
            "text": item.text,
        }
        for item in errata
    ]
    return readable_json({"format": JSON_FORMAT, "errata": rows})


def changes_file(changes: Changes | None) -> bytes:
    """Write what changed as JSON; the first release changed nothing."""
    document: dict[str, Any] = {"format": JSON_FORMAT, "previous_release": None}
    if changes is not None:
        document |= {
            "previous_release": changes.previous,
            "previous_as_of": changes.previous_as_of.isoformat(),
            "tables": [
                {
                    "table": item.table,
                    "added": item.added,
                    "removed": item.removed,
                    "changed": item.changed,
                }
                for item in changes.tables
            ],
            "new_lessons": list(changes.new_lessons),
            "revised_lessons": list(changes.revised_lessons),
            # How many, and not which: a lesson that was taken back is not pointed at.
            "withdrawn_lessons": changes.withdrawn_lessons,
        }
    return readable_json(document)


def _changes(content: EditionContent, store: Store, previous: Release) -> Changes:
    compared = [
        (
            table,
            _by_key(table, _published(store, previous, content.edition, table)),
            now,
        )
        for table, now in (
            (table, _by_key(table, json_rows(table, frame)))
            for table, frame in tables_of(content)
        )
    ]
    before, after = next(
        ((old, new) for table, old, new in compared if table is PUB1_LESSONS), ({}, {})
    )
    kept = before.keys() & after.keys()
    revision = "revision"
    return Changes(
        previous=previous.release_id,
        previous_as_of=previous.as_of,
        tables=tuple(_change(table, old, new) for table, old, new in compared),
        new_lessons=tuple(sorted(key[0] for key in after.keys() - before.keys())),
        revised_lessons=tuple(
            sorted(
                key[0] for key in kept if before[key][revision] < after[key][revision]
            )
        ),
        withdrawn_lessons=len(before.keys() - after.keys()),
    )


def _published(
    store: Store, release: Release, edition: EditionName, table: Table
) -> list[dict[str, Any]]:
    """Return a table's rows as an earlier release published them; none without it."""
    folder = f"{release_folder(release.release_id)}{edition}/"
    key = f"{folder}{FOLDER}/{table.name}.json"
    if store.head(key) is None:
        return []
    rows: list[dict[str, Any]] = json.loads(store.get(key))["rows"]
    return rows


def _by_key(table: Table, rows: Iterable[Mapping[str, Any]]) -> Rows:
    return {tuple(str(row.get(name)) for name in table.key): row for row in rows}


def _change(table: Table, before: Rows, after: Rows) -> Change:
    kept = before.keys() & after.keys()
    return Change(
        table=table.name,
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        changed=sum(before[key] != after[key] for key in kept),
    )
