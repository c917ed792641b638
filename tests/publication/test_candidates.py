"""Candidates, approvals, rejections and withdrawals: one release is current, or none."""

import pytest

from pcbl_pipeline.errors import ReleaseImpossible, StoreUnavailable
from pcbl_pipeline.publication.approval import (
    Standing,
    approve_release,
    drop_passed_over,
    find_candidate,
    known_releases,
)
from pcbl_pipeline.publication.register import events_of
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.publication.verify import verify_release
from pcbl_pipeline.publication.withdrawal import reject_release, withdraw_release
from pcbl_pipeline.storage.local import LocalStore
from tests.support.html import read_html
from tests.support.releases import EDITIONS, SITE, event, preview, publish
from tests.support.stores import CrashingStore

REASON = "A district's table was wrong"


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


def standings(store):
    return {item.release_id: item.standing.value for item in known_releases(store)}


def approve(store, release_id, **changes):
    return approve_release(store, event(store, release_id, "approved", **changes))


def withdraw(store, release_id):
    decided = event(store, release_id, "withdrawn", reason=REASON)
    return withdraw_release(store, decided)


def led_to(store, edition):
    page = read_html(store.get(f"publications/{edition}/index.html"))
    return [link.get("href").split("releases/")[1][:9] for link in page.all("a")]


def test_nothing_leads_to_a_candidate_until_it_is_approved(store):
    publish(store, "one")
    candidate = preview(store, "two")

    assert find_current(store).release_id == "2026.11.1"
    assert all(led_to(store, edition) == ["2026.11.1"] for edition in EDITIONS)
    assert not list(store.list("publications/releases/2026.11.2/"))
    assert find_candidate(store).release_id == candidate.release_id == "2026.11.2"
    assert standings(store) == {"2026.11.2": "candidate", "2026.11.1": "current"}

    approve(store, "2026.11.2")

    assert find_current(store) == candidate
    assert verify_release(store, "2026.11.2") == []
    assert list(store.list("publications/candidates/")) == []
    assert led_to(store, SITE) == ["2026.11.2"]
    assert standings(store) == {"2026.11.2": "current", "2026.11.1": "former"}
    assert find_candidate(store) is None


def test_the_approval_names_who_approved_and_stays_as_it_was(store):
    preview(store)
    approve(store, "2026.11.1", by="A. Officer")
    approve(store, "2026.11.1", by="Somebody else")

    made, approved = events_of(store, "2026.11.1")
    assert (made.kind, made.needs_approval, made.by) == ("made", True, None)
    assert (approved.kind, approved.by) == ("approved", "A. Officer")
    assert approved.manifest_sha256 == find_current(store).manifest_sha256


def test_the_same_data_make_the_same_candidate(store):
    assert preview(store) == preview(store)
    assert standings(store) == {"2026.11.1": "candidate"}


def test_a_candidate_that_was_passed_over_cannot_be_approved(store):
    preview(store, "two")
    preview(store, "three")
    approve(store, "2026.11.2")

    with pytest.raises(ReleaseImpossible, match="was passed over"):
        approve(store, "2026.11.1")

    assert standings(store) == {"2026.11.2": "current", "2026.11.1": "passed_over"}
    assert find_current(store).release_id == "2026.11.2"


def holding(store, text):
    """Return the files that hold a text."""
    return [i.key for i in store.list("publications/") if text in store.get(i.key)]


@pytest.mark.parametrize("passing", ["approval", "release"])
def test_the_texts_of_a_candidate_go_when_it_is_passed_over(store, passing):
    preview(store, "canary of a text")
    newer = preview(store, "two").release_id
    assert holding(store, b"canary of a text")

    if passing == "approval":
        approve(store, newer)
    else:
        publish(store, "three")
        drop_passed_over(store)

    assert holding(store, b"canary of a text") == []
    assert list(store.list("publications/candidates/")) == []
    assert standings(store)["2026.11.1"] == "passed_over"
    assert verify_release(store, "2026.11.1") == []


def test_what_was_passed_over_stays_so_when_the_other_is_withdrawn(store):
    preview(store, "one")
    preview(store, "two")
    preview(store, "three")
    approve(store, "2026.11.2")

    withdraw(store, "2026.11.2")

    found = standings(store)
    assert (found["2026.11.1"], found["2026.11.3"]) == ("passed_over", "passed_over")
    # A number that was taken once is never given again.
    assert preview(store, "four").release_id == "2026.11.4"
    assert find_candidate(store).release_id == "2026.11.4"


def test_candidates_go_that_followed_a_withdrawn_release(store):
    publish(store, "one")
    publish(store, "two")
    preview(store, "canary of a text")

    withdraw(store, "2026.11.2")

    assert holding(store, b"canary of a text") == []
    assert standings(store)["2026.11.3"] == "passed_over"


def test_a_candidate_that_is_not_whole_cannot_be_approved(store):
    preview(store)
    store.put("publications/candidates/2026.11.1/public/index.html", b"changed")

    with pytest.raises(ReleaseImpossible, match="not what was published"):
        approve(store, "2026.11.1")

    assert find_current(store) is None
    assert [item.kind for item in events_of(store, "2026.11.1")] == ["made"]


def test_a_rejected_candidate_is_gone_and_its_number_is_used_up(store):
    preview(store)
    reject_release(store, event(store, "2026.11.1", "rejected", reason=REASON))

    assert standings(store) == {"2026.11.1": "rejected"}
    assert verify_release(store, "2026.11.1") == []
    assert list(store.list("publications/releases/")) == []
    assert list(store.list("publications/candidates/")) == []
    with pytest.raises(ReleaseImpossible, match="rejected by An officer before"):
        approve(store, "2026.11.1")
    assert preview(store).release_id == "2026.11.2"


def test_what_was_approved_cannot_be_rejected(store):
    preview(store)
    approve(store, "2026.11.1")

    with pytest.raises(ReleaseImpossible, match="approved by An officer before"):
        reject_release(store, event(store, "2026.11.1", "rejected", reason=REASON))

    assert verify_release(store, "2026.11.1") == []
    assert standings(store) == {"2026.11.1": "current"}


def test_after_a_withdrawal_the_release_before_it_is_current_again(store):
    publish(store, "one")
    publish(store, "two", extra=["lessons/L1.html"])

    assert withdraw(store, "2026.11.2").release_id == "2026.11.1"

    assert standings(store) == {"2026.11.2": "withdrawn", "2026.11.1": "current"}
    assert led_to(store, SITE) == ["2026.11.1"]
    assert publish(store, "two").release_id == "2026.11.3"


def test_of_a_withdrawn_release_notices_remain_and_nothing_else(store):
    publish(store, "secret-value", extra=["lessons/L1.html"])

    assert withdraw(store, "2026.11.1") is None

    assert verify_release(store, "2026.11.1") == []
    folder = "publications/releases/2026.11.1/"
    for item in store.list("publications/"):
        assert b"secret-value" not in store.get(item.key)
    for path, up in ((f"{SITE}/lessons/L1.html", 5), ("public/index.html", 3)):
        page = read_html(store.get(folder + path))
        assert REASON in page.text
        edition = path.split("/lessons")[0].removesuffix("/index.html")
        assert page.first("a").get("href") == f"{'../' * up}{edition}/index.html"
    for edition in EDITIONS:
        page = read_html(store.get(f"publications/{edition}/index.html"))
        assert "no release at present" in page.text
    assert find_current(store) is None


def test_what_a_withdrawal_left_behind_is_noticed(store):
    publish(store)
    withdraw(store, "2026.11.1")
    folder = "publications/releases/2026.11.1/"
    store.put(f"{folder}public/data/a.csv", b"one\r\n")
    store.put(f"{folder}public/index.html", b"one")

    problems = verify_release(store, "2026.11.1")

    assert len(problems) == 2
    assert "still there" in problems[0]
    assert "not the notice" in problems[1]


def test_a_former_release_is_withdrawn_without_touching_the_current(store):
    publish(store, "one")
    current = publish(store, "two")

    assert withdraw(store, "2026.11.1") == current

    assert verify_release(store, "2026.11.1") == []
    assert verify_release(store, "2026.11.2") == []
    assert led_to(store, "public") == ["2026.11.2"]


@pytest.mark.parametrize("act", ["approve", "withdraw"])
def test_a_crash_at_any_write_leaves_one_release_current_and_asking_again_finishes(
    tmp_path, act
):
    def begin(store):
        publish(store, "one")
        return preview(store, "two") if act == "approve" else publish(store, "two")

    def finish(store):
        release_id = "2026.11.2"
        return (approve if act == "approve" else withdraw)(store, release_id)

    wanted = "2026.11.2" if act == "approve" else "2026.11.1"
    counting = CrashingStore(LocalStore(tmp_path / "count"), crash_at=None)
    begin(counting)
    before = counting.writes
    finish(counting)
    for crash_at in range(1, counting.writes - before + 1):
        store = LocalStore(tmp_path / str(crash_at))
        begin(store)
        with pytest.raises(StoreUnavailable):
            finish(CrashingStore(store, crash_at=crash_at))
        assert find_current(store) is not None

        assert finish(store).release_id == wanted

        assert led_to(store, SITE) == [wanted]
        assert {name: verify_release(store, name) for name in standings(store)} == {
            "2026.11.1": [],
            "2026.11.2": [],
        }


def test_standings_are_words_that_people_read():
    assert {item.value for item in Standing} == {
        *("current", "former", "candidate", "passed_over", "rejected", "withdrawn")
    }
