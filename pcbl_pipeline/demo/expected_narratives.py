"""What a receipt must say about the texts of lessons: what went out, what is held.

Follows from what was planted in the texts (`texts/lessons_to_hold.yaml` and others).
"""

from collections.abc import Iterable, Iterator

from pcbl_pipeline.demo.corpus import LESSONS, load_corpus
from pcbl_pipeline.demo.draft import DraftRow, DraftTable

REDACTED, HELD = "F191", "F192"
_SHARED = ("public", "network")


def told_about_texts(
    table: DraftTable, accepted: Iterable[DraftRow]
) -> Iterator[tuple[str, str | None]]:
    """Yield rule and field of each finding about the texts of a table."""
    if table.contract.dataset != LESSONS:
        return
    planted = {item.lesson_id: item for item in load_corpus().narratives}
    sent = [planted.get(row.cells["lesson_id"]) for row in table.rows]
    taken = {pair for item in sent if item for pair in item.redacts.items()}
    for name, _ in sorted(taken):
        yield REDACTED, name
    if any(
        row.cells["lesson_id"] in planted
        and row.cells["share_level"] in _SHARED
        and row.cells["reviewed_no_pii"] == "Y"
        for row in accepted
    ):
        yield HELD, None
