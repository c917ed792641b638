"""Write the demo's input: every file as its sender would drop it, and the answer key.

The same seed gives the same bytes and the same key.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.demo.answer_key import (
    AnswerKey,
    ExpectedFinding,
    FileKey,
    NarrativeHold,
    Outcome,
)
from pcbl_pipeline.demo.corpus import AS_OF, load_corpus
from pcbl_pipeline.demo.drops import Drop, make_drops
from pcbl_pipeline.demo.expected import Answers, DraftFile, answer_files
from pcbl_pipeline.demo.parcel import Parcel
from pcbl_pipeline.demo.plan import round_of


def write_demo_files(
    folder: Path, *, seed: int = 1, catalogue: Catalogue | None = None
) -> AnswerKey:
    """Write every file as `<sender id>/<file name>` below a folder; return the key.

    Each file's time of change is the time at which it is dropped.
    """
    known = catalogue or load_catalogue()
    dropped = make_drops(seed, known)
    for item in dropped:
        path = folder / item.parcel.sender / item.parcel.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(item.content)
        os.utime(path, (item.dropped_at.timestamp(),) * 2)
    return _answer_key(seed, dropped, known)


def _answer_key(seed: int, dropped: Sequence[Drop], catalogue: Catalogue) -> AnswerKey:
    originals = [item for item in dropped if item.parcel.copy_of is None]
    answers = answer_files(
        [_draft_file(item) for item in originals],
        tuple(round_of(item.parcel) for item in originals),
        catalogue,
    )
    keys = {
        (item.parcel.sender, item.parcel.name): _file_key(item, position, answers)
        for position, item in enumerate(originals)
    }
    corpus = load_corpus()
    return AnswerKey(
        seed=seed,
        as_of=AS_OF,
        files=tuple(
            keys.get((item.parcel.sender, item.parcel.name)) or _copy_key(item, keys)
            for item in dropped
        ),
        narrative_holds=tuple(
            NarrativeHold(lesson_id=item.lesson_id, kinds=item.kinds)
            for item in corpus.narratives
        ),
        near_duplicates=corpus.near_duplicates,
        lake_rows=answers.lake_rows,
    )


def _draft_file(item: Drop) -> DraftFile:
    sender, stopping = item.parcel.sender, _damage_findings(item)
    if stopping:
        return DraftFile(sender, item.dropped_at, (), findings=stopping)
    others = item.parcel.others
    if item.tables:
        remarks = ["F112" if other.rows else "F111" for other in others]
        return DraftFile(
            sender,
            item.dropped_at,
            item.tables,
            remarks=tuple(ExpectedFinding(code=code) for code in remarks),
        )
    return DraftFile(
        sender,
        item.dropped_at,
        (),
        unrecognised_rows=tuple(len(other.rows) - 1 for other in others),
        remarks=(ExpectedFinding(code="F107", row=1),) * len(others),
    )


def _damage_findings(item: Drop) -> tuple[ExpectedFinding, ...]:
    match item.parcel.damage:
        case None:
            return ()
        case "empty":
            return (ExpectedFinding(code="F101"),)
        case "header_only":
            return (ExpectedFinding(code="F102"),)
        case "not_a_workbook":
            return (ExpectedFinding(code="F103"),)
        case "cut":
            return (ExpectedFinding(code="F104", row=_last_row_not_ascii(item)),)


def _last_row_not_ascii(item: Drop) -> int:
    rows = enumerate(item.tables[0].rows, 2)
    return max(n for n, row in rows if not "".join(row.cells.values()).isascii())


def _file_key(item: Drop, position: int, answers: Answers) -> FileKey:
    words = [fault.words for part in item.parcel.parts for fault in part.faults]
    return FileKey(
        sender_id=item.parcel.sender,
        file_name=item.parcel.name,
        round=round_of(item.parcel),
        dropped_at=item.dropped_at,
        planted=(*_damage_words(item.parcel), *filter(None, words)),
        first=answers.first[position],
        after_replay=answers.replayed.get(position),
    )


def _damage_words(parcel: Parcel) -> tuple[str, ...]:
    if parcel.damage:
        return (f"the whole file: {parcel.damage.replace('_', ' ')}",)
    return () if parcel.parts else ("a wrong file altogether",)


def _copy_key(item: Drop, keys: Mapping[tuple[str, str], FileKey]) -> FileKey:
    """Return the key of a copy: it gets the standing answer's status, and no rows."""
    parcel = item.parcel
    original = keys[parcel.sender, parcel.copy_of or ""]
    return FileKey(
        sender_id=parcel.sender,
        file_name=parcel.name,
        round=round_of(parcel),
        dropped_at=item.dropped_at,
        planted=(f"the very bytes of {parcel.copy_of}",),
        repeat_of=parcel.copy_of,
        first=Outcome(
            status=original.standing.status,
            findings=(ExpectedFinding(code="F190"),),
        ),
    )
