"""Rows that leave for good: what they had replaced returns, and no file holds them."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.lake.returning import count_returning
from pcbl_pipeline.lake.tables import Lake
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.verdict import judge
from tests.support.builders import catalogue, make_submission, text_rows
from tests.support.readable import found_in

CATALOGUE = catalogue()
LESSON, PROFILE = CATALOGUE.get("lesson_learned"), CATALOGUE.get("site_profile")
CANARY = "A canary in a long title, longer than thirty-two letters"


@cache
def accepted(dataset: str, numbers: frozenset[int], title: str) -> pl.DataFrame:
    """Return accepted rows as the validation hands them on, one for each number."""
    contract = CATALOGUE.get(dataset)
    changes: list[dict[str, str | None]] = [
        {"lesson_id": f"0499901-2026-{number:03d}", "title": title}
        if contract is LESSON
        else {"school_year": f"202{number}-202{number + 1}", "ncessch": None}
        for number in sorted(numbers)
    ]
    judged = judge(
        text_rows(contract, *changes).lazy(), contract, CATALOGUE, Circumstances()
    )
    return judged.accepted.collect().with_columns(sheet=pl.lit(None, pl.String))


def lesson_rows(numbers: set[int], title: str = "A title") -> pl.DataFrame:
    return accepted("lesson_learned", frozenset(numbers), title)


class Sent:
    """Submissions of one sender, numbered by the hour in which they came."""

    def __init__(self, folder: Path, contract: Contract, keys: list[set[int]]) -> None:
        self.store = LocalStore(folder)
        self.lake = Lake(self.store, CATALOGUE)
        self.contract = contract
        self.submissions = [
            make_submission(f"{hour}", hour=hour) for hour, _ in enumerate(keys)
        ]
        self.rows = [
            accepted(contract.dataset, frozenset(item), "A title") for item in keys
        ]

    def land(self, hour: int, *, revision: int = 1) -> None:
        self.lake.land(
            self.submissions[hour], self.contract, self.rows[hour], revision=revision
        )

    def withdraw(self, hour: int) -> None:
        """Withdraw one, and let the others return as a withdrawal does."""
        dataset = self.contract.dataset
        self.lake.withdraw(self.submissions[hour], [dataset])
        for other, rows in enumerate(self.rows):
            if other != hour and count_returning(
                self.lake, self.submissions[other], self.contract, rows.lazy()
            ):
                self.land(other, revision=2)

    def contents(self) -> list[tuple[object, ...]]:
        rows = self.lake.current(self.contract.dataset).collect()
        return sorted(rows.select(*self.contract.key, "submission_id").iter_rows())


KEYS = st.sets(st.integers(1, 3), min_size=1)


@pytest.mark.parametrize("contract", [LESSON, PROFILE], ids=["upsert", "snapshot"])
@given(data=st.data(), keys=st.lists(KEYS, min_size=2, max_size=4))
@settings(max_examples=3, deadline=None)
def test_after_a_withdrawal_the_lake_is_as_if_nothing_had_come(
    contract: Contract, data: st.DataObject, keys: list[set[int]]
) -> None:
    """Whatever came before and after it, and in whatever order it was worked on."""
    hours = range(len(keys))
    gone = data.draw(st.sampled_from(hours))
    order = data.draw(st.permutations(hours))
    late = data.draw(st.sets(st.sampled_from([h for h in hours if h != gone])))
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        sent = Sent(Path(one), contract, keys)
        for hour in order:
            if hour not in late:
                sent.land(hour)
        sent.withdraw(gone)
        for hour in order:
            if hour in late:
                sent.land(hour)
        never = Sent(Path(other), contract, keys)
        for hour in order:
            if hour != gone:
                never.land(hour)

        assert sent.contents() == never.contents()


def test_what_was_withdrawn_can_never_land_again(tmp_path: Path) -> None:
    sent = Sent(tmp_path, LESSON, [{1}, {1, 2}])
    sent.land(1)
    sent.withdraw(1)

    sent.land(1, revision=7)

    assert [name[:3] for *_, name in sent.contents()] == ["049"]
    assert sent.contents()[0][-1] == sent.submissions[0].submission_id


def test_taking_out_happens_once_so_that_a_replay_broken_off_loses_nothing(
    tmp_path: Path,
) -> None:
    sent = Sent(tmp_path, LESSON, [{1, 2}])
    sent.land(0)
    (submission,) = sent.submissions

    for _ in range(2):
        sent.lake.take_out(submission, LESSON.dataset, revision=2)
        sent.lake.land(submission, LESSON, lesson_rows({1}), revision=2)

    assert [row[0] for row in sent.contents()] == ["0499901-2026-001"]


def files_of(store: LocalStore) -> dict[str, bytes]:
    return {item.key: store.get(item.key) for item in store.list("lake/")}


def test_no_older_version_and_no_log_holds_what_was_forgotten(tmp_path: Path) -> None:
    sent = Sent(tmp_path, LESSON, [{1, 2}, {2, 3}])
    sent.rows[1] = lesson_rows({2, 3}, CANARY)
    sent.land(0)
    sent.land(1)
    name = sent.submissions[1].submission_id
    # Delta's log keeps the greatest text of a column whole.
    assert any(
        key.endswith(".json") and CANARY.encode() in content
        for key, content in files_of(sent.store).items()
    )
    sent.withdraw(1)
    before = sent.contents()

    sent.lake.forget(name, [LESSON.dataset])
    sent.lake.forget(name, [LESSON.dataset])

    assert found_in(files_of(sent.store), {CANARY}) == {}
    rows = {k: v for k, v in files_of(sent.store).items() if "_delta_log" not in k}
    assert found_in(rows, {name}) == {}
    assert sent.contents() == before
    sent.land(0, revision=9)
    assert sent.contents() == before
