"""What changed since the last try: fixed, still open, new, and how far it has come."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.progress import SinceLast
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.workspace import Workspace
from tests.support.lessons import SITE, as_csv, lesson_rows
from tests.support.workspaces import drop

Send = Callable[..., Receipt]


@pytest.fixture
def send(workspace: Workspace) -> Send:
    """Return what sends lessons and gives back the receipt."""
    sent = iter(range(1, 100))

    def ingest(rows=None, content: bytes | None = None) -> Receipt:
        content = content if content is not None else as_csv(rows)
        return ingest_arrival(workspace, drop(workspace, f"{next(sent)}.csv", content))

    return ingest


def since(receipt: Receipt) -> SinceLast | None:
    return receipt.parts[0].since_last


def counts(receipt: Receipt) -> tuple[int, int, int, int]:
    told = since(receipt)
    assert told is not None
    return told.fixed, told.still_open, told.new, told.left_out


def bad(*numbers: int, value: str = "Worked!"):
    return lambda number: value if number in numbers else "worked"


def test_the_first_try_is_compared_with_nothing(send: Send) -> None:
    assert since(send(lesson_rows(3, lesson_type=bad(1)))) is None


def test_findings_are_known_by_rule_column_and_key(send: Send) -> None:
    send(lesson_rows(6, lesson_type=bad(1, 2, 3)))

    second = send(lesson_rows(6, lesson_type=bad(3, 5), title=lambda n: f"T{n}"))

    assert counts(second) == (2, 1, 1, 0)


def test_the_order_of_rows_does_not_matter(send: Send) -> None:
    rows = lesson_rows(6, lesson_type=bad(1, 2, 3))
    send(rows)

    second = send(rows.reverse())

    assert counts(second) == (0, 3, 0, 0)


def test_rows_that_are_not_in_the_file_are_not_called_fixed(send: Send) -> None:
    send(lesson_rows(6, lesson_type=bad(1, 6)))

    second = send(lesson_rows(5, lesson_type=bad(1), title=lambda n: f"T{n}"))

    assert counts(second) == (0, 1, 0, 1)


def test_a_corrected_key_is_counted_as_fixed(send: Send) -> None:
    send(lesson_rows(3, lesson_id=lambda n: f"99901-2026-{n:03d}"))

    second = send(lesson_rows(3))

    assert counts(second) == (3, 0, 0, 0)


def test_a_column_that_was_missing_is_fixed_once_it_is_there(send: Send) -> None:
    first = send(lesson_rows(3).drop("lesson_type"))

    second = send(lesson_rows(3, lesson_type=bad(2)))

    assert first.parts[0].to_correct == 1
    assert counts(second) == (1, 0, 1, 0)


def test_tries_are_told_until_one_has_nothing_open(send: Send) -> None:
    send(lesson_rows(4, lesson_type=bad(1, 2, 3)))
    send(lesson_rows(4, lesson_type=bad(1, 2)))
    third = send(lesson_rows(4, lesson_type=bad(1)))
    clean = send(lesson_rows(4))
    after = send(lesson_rows(4, title=lambda n: f"T{n}"))
    again = send(lesson_rows(4, lesson_type=bad(4)))

    told = since(third)
    assert told is not None
    assert [(item.to_correct, item.rows_waiting) for item in told.tries] == [
        (3, 3),
        (2, 2),
    ]
    assert counts(clean) == (1, 0, 0, 0)
    assert since(after) is None
    assert counts(again) == (0, 0, 1, 0)
    assert since(again).tries == ()  # type: ignore[union-attr]


def test_another_year_is_another_matter(send: Send) -> None:
    send(lesson_rows(3, lesson_type=bad(1)))

    other = send(
        lesson_rows(3, school_year="2026-2027", lesson_type=bad(2), lesson_date="")
    )

    assert since(other) is None


def test_another_dataset_is_another_matter(send: Send) -> None:
    send(content=b"route,stop\n1,Elm\n")

    assert since(send(lesson_rows(3, lesson_type=bad(1)))) is None


def test_the_earlier_try_is_the_one_received_earlier(
    workspace: Workspace, send: Send
) -> None:
    waiting = drop(workspace, "a.csv", as_csv(lesson_rows(4, lesson_type=bad(1, 2))))
    later = send(lesson_rows(4, lesson_type=bad(1)))

    earlier = ingest_arrival(workspace, waiting)
    last = send(lesson_rows(4, lesson_type=bad(3)))

    assert since(earlier) is None
    assert since(later) is None
    assert counts(last) == (1, 0, 1, 0)


def test_ingesting_again_says_the_same(workspace: Workspace, send: Send) -> None:
    send(lesson_rows(4, lesson_type=bad(1, 2)))
    key = drop(workspace, "b.csv", as_csv(lesson_rows(4, lesson_type=bad(1))))

    first = ingest_arrival(workspace, key)
    send(lesson_rows(4, lesson_type=bad(4)))

    assert ingest_arrival(workspace, key) == first


def test_checking_compares_as_sending_does(
    workspace: Workspace, send: Send, tmp_path: Path
) -> None:
    send(lesson_rows(4, lesson_type=bad(1, 2)))
    content = as_csv(lesson_rows(4, lesson_type=bad(2, 3)))
    path = tmp_path / "next.csv"
    path.write_bytes(content)

    checked = check_file(
        path, catalogue=workspace.catalogue, workspace=workspace, sender_id=SITE
    )
    sent = send(content=content)
    after = check_file(
        path, catalogue=workspace.catalogue, workspace=workspace, sender_id=SITE
    )

    assert counts(checked) == (1, 1, 1, 0)
    assert since(checked) == since(sent) == since(after)


def test_notes_hold_no_value(workspace: Workspace, send: Send) -> None:
    send(lesson_rows(2, lesson_type="Canary"))

    prefix = layout.tries(SITE, "lesson_learned")
    [note] = [workspace.store.get(i.key) for i in workspace.store.list(prefix)]
    assert b"Canary" not in note
    assert b"2026-001" not in note
