"""Pairs for rules about a list of ours that comes back, or about what came before.

One file cannot break them: something was sent and answered first. So a pair is two ways
to end such an exchange, told to a desk at which a site sends and reads its answers.
What does not belong here: rules that one file breaks (`rule_examples`). All content is
invented.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.explanations import EXPLAIN_FILE
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.patch import SUGGESTIONS_FILE
from pcbl_pipeline.operations.withdraw import withdraw
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import csv_bytes
from tests.support.workspaces import SITE, drop, lessons_csv

#: Above what one row may hold, and above what a marked copy is made of, in bytes.
_LONGER_THAN_A_ROW = 20_000_001
_LARGER_THAN_MARKED = 10_001_000
_NAMED, _COUNTED = "The best idea came from Maya.", "Only three students finished."
_WHY = "Two schools left the pilot."

Line = dict[str, str]


@dataclass(frozen=True)
class Desk:
    """A site with its inbox and its outbox."""

    workspace: Workspace

    def send(self, name: str, content: bytes) -> Receipt:
        """Drop a file and wait for its answer."""
        return ingest_arrival(self.workspace, drop(self.workspace, name, content))

    def send_lesson(self, number: int = 1, **changes: str) -> Receipt:
        content = lessons_csv(self.workspace, number, **changes)
        return self.send(f"lesson-{number}.csv", content)

    def send_profile(self, **changes: str | None) -> Receipt:
        contract = self.workspace.catalogue.get("site_profile")
        whole = {"site_id": SITE, "leaid": SITE, "ncessch": None, "site_level": "lea"}
        content = csv_bytes(contract, {**whole, "students_in_pilot": "10", **changes})
        return self.send(f"profile-{'-'.join(map(str, changes.values()))}.csv", content)

    def answer(self, receipt: Receipt, name: str) -> list[Line]:
        """Return the lines of a list that lies beside an answer."""
        return self._lines(layout.answer(SITE, receipt.submission_id, name))

    def queue(self) -> list[Line]:
        return self._lines(layout.release_queue(SITE, ".csv"))

    def send_list(self, name: str, lines: Sequence[Mapping[str, str]]) -> Receipt:
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
        return self.send(name, out.getvalue().encode())

    def _lines(self, key: str) -> list[Line]:
        text = self.workspace.store.get(key).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))


#: What is sent, one after the other; the answer to the last is what counts.
Exchange = Callable[[Desk], Receipt]


@dataclass(frozen=True)
class ExchangePair:
    """Two exchanges about one rule, and what the last answers say beside it."""

    kept: Exchange
    broken: Exchange
    #: Of the exchange that keeps the rule.
    says: frozenset[str] = frozenset()
    #: Of the one that breaks it.
    also: frozenset[str] = frozenset()


def _right(desk: Desk) -> Receipt:
    return desk.send_lesson()


def _too_long(desk: Desk) -> Receipt:
    content = lessons_csv(desk.workspace, 1)
    return desk.send("lesson.csv", content + b"x" * _LONGER_THAN_A_ROW)


def _slip(desk: Desk, blank: int = 0) -> Receipt:
    content = lessons_csv(desk.workspace, 1, lesson_type="opne question")
    return desk.send("slip.csv", content + (b" " * 999 + b"\n") * (blank // 1000))


def _same_again(desk: Desk) -> Receipt:
    desk.send_lesson()
    return desk.send("again.csv", lessons_csv(desk.workspace, 1))


def _suggested(desk: Desk, **changes: str) -> Receipt:
    [line] = desk.answer(_slip(desk), SUGGESTIONS_FILE)
    return desk.send_list("list.csv", [line | changes])


def _suggested_for_an_older_file(desk: Desk) -> Receipt:
    [line] = desk.answer(_slip(desk), SUGGESTIONS_FILE)
    desk.send_lesson(2)
    return desk.send_list("list.csv", [line])


def _explained(desk: Desk, **changes: str) -> Receipt:
    """Explain why a district grew to ten times its size."""
    desk.send_profile(school_year="2024-2025", students_total="1000")
    grown = desk.send_profile(school_year="2025-2026", students_total="10000")
    [line] = [i for i in desk.answer(grown, EXPLAIN_FILE) if i["rule"] == "E536"]
    return desk.send_list("list.csv", [line | {"explanation": _WHY} | changes])


def _explained_twice(desk: Desk) -> Receipt:
    first = _explained(desk)
    assert [group.code for group in first.all_findings] == ["F180"]
    [waiver] = desk.workspace.waivers.all(SITE)
    concern = waiver.explanation.concern
    line = {
        "submission_id": waiver.explanation.submission_id,
        "finding": f"w-{waiver.waiver_id}",
        "rule": concern.code,
        "explanation": "In other words.",
    }
    return desk.send_list("again.csv", [line])


def _explained_an_error(desk: Desk) -> Receipt:
    wrong = desk.send_profile(students_total="many")
    line = {
        "submission_id": wrong.submission_id,
        "finding": "w-000000000000",
        "rule": "R304",
        "explanation": _WHY,
    }
    return desk.send_list("list.csv", [line])


def _held(desk: Desk) -> Receipt:
    desk.send_profile()
    return desk.send_lesson(action=f"We tried it. {_NAMED} {_COUNTED}")


def _decided(desk: Desk, of: str = _NAMED, **changes: str) -> Receipt:
    _held(desk)
    [line] = [item for item in desk.queue() if item["sentence"] == of]
    return desk.send_list("queue.csv", [line | changes])


def _withdraw(desk: Desk, receipt: Receipt) -> None:
    withdraw(
        desk.workspace,
        receipt.submission_id,
        reason="It is the wrong file.",
        by="Data office",
    )


def _replaced_by_a_withdrawn_one(desk: Desk) -> Receipt:
    first = desk.send_lesson(title="First words")
    _withdraw(desk, desk.send_lesson(title="Other words"))
    answered = desk.workspace.ledger.find_receipt(SITE, first.submission_id)
    assert answered is not None
    return answered


def _withdrawn_and_sent_again(desk: Desk) -> Receipt:
    _withdraw(desk, desk.send_lesson())
    return desk.send_lesson()


_released = partial(_decided, decision="release")
_rewritten = partial(_decided, decision="rewrite")
_TAKEN = frozenset({"F193"})

EXCHANGES: Mapping[str, ExchangePair] = {
    "F126": ExchangePair(_right, _too_long),
    "F170": ExchangePair(
        _slip,
        partial(_slip, blank=_LARGER_THAN_MARKED),
        says=frozenset({"R307"}),
        also=frozenset({"R307"}),
    ),
    **{
        code: ExchangePair(_suggested, broken, says=frozenset({"F174"}))
        for code, broken in {
            "F171": partial(_suggested, submission_id=f"{SITE}-00000000000000000000"),
            "F172": _suggested_for_an_older_file,
            "F173": partial(_suggested, sent="open question"),
        }.items()
    },
    "F174": ExchangePair(_right, _suggested),
    "F180": ExchangePair(_right, _explained),
    **{
        code: ExchangePair(_explained, broken, says=frozenset({"F180"}))
        for code, broken in {
            "F181": partial(_explained, rule="E599"),
            "F182": partial(_explained, finding="w-000000000000"),
            "F183": _explained_an_error,
            "F184": _explained_twice,
        }.items()
    },
    "F188": ExchangePair(_right, _replaced_by_a_withdrawn_one),
    "F189": ExchangePair(_right, _withdrawn_and_sent_again),
    "F190": ExchangePair(_right, _same_again),
    "F192": ExchangePair(_right, _held),
    "F193": ExchangePair(_right, _released),
    **{
        code: ExchangePair(_released, broken, says=_TAKEN)
        for code, broken in {
            "F194": partial(_released, line="0123456789abcdef"),
            "F195": partial(_released, sentence="The best idea."),
            "F196": partial(_decided, decision="maybe"),
            "F197": partial(_released, of=_COUNTED),
            "F199": _decided,
        }.items()
    },
    "F198": ExchangePair(
        partial(_rewritten, rewrite="The best idea came from a learner."),
        partial(_rewritten, rewrite="The best idea came from Jordan."),
        says=_TAKEN,
        also=_TAKEN,
    ),
}
