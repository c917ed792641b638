"""What a receipt must say about the texts of lessons: what went out, what is held.

Follows from what was planted in the texts (`texts/lessons_to_hold.yaml` and others).
"""

from collections.abc import Iterator

from pcbl_pipeline.demo.corpus import LESSONS, load_corpus
from pcbl_pipeline.demo.draft import DraftTable

REDACTED = "F191"


def told_about_texts(table: DraftTable) -> Iterator[tuple[str, str]]:
    """Yield rule and field of each finding about the texts of a table."""
    if table.contract.dataset != LESSONS:
        return
    planted = {item.lesson_id: item for item in load_corpus().narratives}
    sent = [planted.get(row.cells["lesson_id"]) for row in table.rows]
    taken = {pair for item in sent if item for pair in item.redacts.items()}
    for name, _ in sorted(taken):
        yield REDACTED, name
