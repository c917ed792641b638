"""The answer to a checked file, as files in a folder: all that sending it would bring.

What does not belong here: judging (`check`), and what the files say.
"""

from pathlib import Path, PurePosixPath

from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations.deliver import answer_files
from pcbl_pipeline.operations.deliver_workbook import helping_files
from pcbl_pipeline.operations.ingest import Ingested
from pcbl_pipeline.operations.release_queue_files import queue_csv, queue_workbook


def write_answer(
    found: Ingested, path: Path, folder: Path, *, rule_pages: str | None
) -> None:
    """Write receipt, lists and what helps into a folder, which is made if need be.

    The release queue is there too where the file would bring held sentences.

    `path` is the file that was checked; each rule's page is linked under `rule_pages`,
    unless this is told from an outbox, as in a demo: it would lead nowhere from here.
    """
    if rule_pages is not None and "://" not in rule_pages:
        rule_pages = None
    folder.mkdir(parents=True, exist_ok=True)
    receipt, listing = found.receipt, found.listing
    helping = helping_files(receipt, listing, path, found.reading, rule_pages)
    for name, content in helping.items():
        (folder / name).write_bytes(content)
    if found.queue:
        for suffix, write in (".csv", queue_csv), (".xlsx", queue_workbook):
            name = PurePosixPath(layout.release_queue(receipt.sender_id, suffix)).name
            (folder / name).write_bytes(write(found.queue))
    for file in answer_files(receipt, listing, folder, tuple(helping), rule_pages):
        if isinstance(file.content, bytes):
            (folder / file.name).write_bytes(file.content)
