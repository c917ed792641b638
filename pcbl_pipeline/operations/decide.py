"""Decide: what a site says about its held sentences, by a dropped sheet or a command.

A decision is about the very sentence that the site was shown. One that fits no waiting
sentence, or that no decision may settle, is not taken and is said. What does not belong
here: which sentences wait (`release_queue`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.errors import DecisionImpossible
from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.narrative import Choice
from pcbl_pipeline.model.receipt import ReceiptPart, RowCounts, Verdict
from pcbl_pipeline.model.release_queue import (
    DecidedQueue,
    SentenceDecision,
    sentence_key,
)
from pcbl_pipeline.model.spreadsheet import inert
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.examine import FileReading
from pcbl_pipeline.operations.narratives import narratives_of
from pcbl_pipeline.operations.release_queue import queue_of
from pcbl_pipeline.operations.release_queue_files import (
    QUEUE_NEEDED,
    QUEUE_TITLE,
    QueueLine,
)
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.tables import ROW_NUMBER
from pcbl_pipeline.workspace import Workspace

TAKEN, UNKNOWN, CHANGED, UNCLEAR = "F193", "F194", "F195", "F196"
NOT_RELEASED, STILL_HELD, NONE_DECIDED = "F197", "F198", "F199"
_ROWS_NAMED = 10


@dataclass
class _Taking:
    """What becomes of a sheet's lines, as it is read."""

    decisions: dict[str, SentenceDecision] = field(default_factory=dict)
    #: Sentence → the row that decided on it.
    places: dict[str, int] = field(default_factory=dict)
    #: Rule → rows about which it has something to say.
    rows: dict[str, list[int]] = field(default_factory=dict)
    lines: int = 0

    def say(self, code: str, row: int) -> None:
        self.rows.setdefault(code, []).append(row)


def filled_queue_in(reading: FileReading) -> Recognition | None:
    """Return the file's table if it is a release queue that was sent back."""
    if reading.datasets:
        return None
    sheets = [
        item for item in reading.refused if set(item.table.headers) >= QUEUE_NEEDED
    ]
    return sheets[0] if sheets else None


def read_decisions(
    workspace: Workspace, submission: Submission, queue: Recognition
) -> FileReading:
    """Read a filled sheet; nothing is kept yet."""
    taking = _Taking()
    known = _known(workspace, submission.sender_id)
    for row in _rows(queue):
        if row["decision"].strip():
            taking.lines += 1
            _take(taking, row, known, submission)
    rows = LakeRows(workspace.lake, workspace.ledger)
    narratives = narratives_of(workspace, rows, sender_id=submission.sender_id)
    for key, decision in taking.decisions.items():
        if decision.choice is Choice.REWRITE and _is_held(decision, narratives):
            taking.say(STILL_HELD, taking.places[key])
    if not taking.lines:
        taking.say(NONE_DECIDED, 0)
    taken = len(taking.rows.get(TAKEN, ()))
    decided = DecidedQueue(tuple(taking.decisions.values()), taking.lines, taken)
    return FileReading(_findings(taking, submission), (), (), decided=decided)


def keep_decisions(workspace: Workspace, decided: DecidedQueue) -> ReceiptPart:
    """Keep what a sheet decided, once, and answer for its lines."""
    workspace.sentence_decisions.keep(decided.decisions)
    left = decided.lines - decided.taken
    rows = RowCounts(received=decided.lines, accepted=decided.taken, refused=left)
    verdict = Verdict.ACCEPTED_WITH_QUARANTINE if left else Verdict.ACCEPTED
    return ReceiptPart(
        title=QUEUE_TITLE,
        verdict=verdict if decided.taken else Verdict.REFUSED,
        rows=rows,
    )


def decide_line(
    workspace: Workspace,
    sender_id: str,
    line: str,
    choice: Choice,
    *,
    by: str,
    rewrite: str = "",
) -> SentenceDecision:
    """Decide on one line of a sender's queue.

    Raises:
        DecisionImpossible: If no such line waits, or it cannot be released, or a
            rewrite has no text.
    """
    waiting = {item.line: item for item in queue_of(workspace, sender_id)}
    if line not in waiting:
        raise DecisionImpossible(
            f"No line {line} waits in the queue of {sender_id}. "
            "`pcbl queue list` has them all."
        )
    item = waiting[line]
    if choice is Choice.RELEASE and not item.is_releasable:
        raise DecisionImpossible(f"{item.why} Write it anew, or withhold it.")
    if choice is Choice.REWRITE and not rewrite.strip():
        raise DecisionImpossible("A rewrite needs the new sentence: --rewrite TEXT.")
    decision = SentenceDecision(
        sender_id=sender_id,
        sentence_key=item.key,
        choice=choice,
        rewrite=rewrite.strip(),
        decided_by=by,
        decided_at=workspace.clock(),
        source="command-line",
    )
    workspace.sentence_decisions.keep([decision])
    return decision


def _known(workspace: Workspace, sender_id: str) -> Mapping[str, QueueLine | None]:
    """Return what a sheet may be about: lines that wait, and decisions of before."""
    decided = dict.fromkeys(workspace.sentence_decisions.standing(sender_id))
    return decided | {item.key: item for item in queue_of(workspace, sender_id)}


def _rows(queue: Recognition) -> list[dict[str, str]]:
    table = queue.table
    names = dict(zip(table.headers, table.columns, strict=True))
    wanted = {name: names[name] for name in sorted(QUEUE_NEEDED)}
    frame = table.rows.select(ROW_NUMBER, *wanted.values()).collect()
    return [
        {ROW_NUMBER: str(row[ROW_NUMBER])}
        | {name: row[column] or "" for name, column in wanted.items()}
        for row in frame.iter_rows(named=True)
    ]


def _take(
    taking: _Taking,
    row: Mapping[str, str],
    known: Mapping[str, QueueLine | None],
    submission: Submission,
) -> None:
    number = int(row[ROW_NUMBER])
    key = _key_of(row, submission.sender_id)
    if key is None:
        is_known = any(item.startswith(row["line"].strip()) for item in known)
        taking.say(CHANGED if is_known and row["line"].strip() else UNKNOWN, number)
    elif key not in known:
        taking.say(UNKNOWN, number)
    else:
        _take_choice(taking, row, key, known[key], submission)


def _take_choice(
    taking: _Taking,
    row: Mapping[str, str],
    key: str,
    item: QueueLine | None,
    submission: Submission,
) -> None:
    number, rewrite = int(row[ROW_NUMBER]), row["rewrite"].strip()
    choice = _choice(row["decision"])
    if choice is None or (choice is Choice.REWRITE and not rewrite):
        taking.say(UNCLEAR, number)
        return
    if choice is Choice.RELEASE and item is not None and not item.is_releasable:
        taking.say(NOT_RELEASED, number)
        return
    taking.say(TAKEN, number)
    taking.places[key] = number
    taking.decisions[key] = SentenceDecision(
        sender_id=submission.sender_id,
        sentence_key=key,
        choice=choice,
        rewrite=rewrite if choice is Choice.REWRITE else "",
        decided_by=f"{submission.sender_id}, by {submission.file_name}",
        decided_at=submission.received_at,
        source=submission.submission_id,
    )


def _key_of(row: Mapping[str, str], sender_id: str) -> str | None:
    """Return the key of the sentence as it stands, if the line's name agrees.

    A CSV may have an apostrophe before a sentence that a spreadsheet would compute.
    """
    line, sentence = row["line"].strip(), row["sentence"]
    for text in (sentence, sentence.removeprefix("'")):
        key = sentence_key(sender_id, text)
        if line and key.startswith(line) and sentence in {text, inert(text)}:
            return key
    return None


def _choice(word: str) -> Choice | None:
    try:
        return Choice(word.strip().lower())
    except ValueError:
        return None


def _is_held(decision: SentenceDecision, narratives: Narratives) -> bool:
    """Tell whether what was written anew is held itself."""
    held = narratives.shown(
        decision.rewrite,
        state_fips=decision.sender_id[:2],
        sender_id=decision.sender_id,
    )
    return held is None


def _findings(taking: _Taking, submission: Submission) -> tuple[FileFinding, ...]:
    return tuple(
        FileFinding(
            code=code,
            details={
                "file": submission.file_name,
                "times": f"{len(rows):,}",
                "named_rows": _named(rows),
            },
        )
        for code, rows in sorted(taking.rows.items())
    )


def _named(rows: list[int]) -> str:
    named = ", ".join(str(row) for row in rows[:_ROWS_NAMED])
    more = f" and {len(rows) - _ROWS_NAMED:,} more" if len(rows) > _ROWS_NAMED else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {named}{more}"
