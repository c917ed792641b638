"""Releases that were made with withdrawn rows are taken back; one without them follows."""

from pathlib import Path

import pytest

from pcbl_pipeline import __version__
from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.model.withdrawal import Withdrawal
from pcbl_pipeline.operations import publish as publishing
from pcbl_pipeline.operations import releases
from pcbl_pipeline.operations.editions import Editions
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.withdraw import plan_withdrawal, withdraw
from pcbl_pipeline.operations.withdrawal_releases import REASON
from pcbl_pipeline.publication.approval import Standing, known_releases
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.workspace import create_workspace
from tests.support.builders import NETWORK_YAML
from tests.support.releases import FACTS, parts_of
from tests.support.rule_files import own_catalogue
from tests.support.workspaces import SITE, drop, lessons_csv

WHY = {"reason": "It names a student.", "by": "Data office"}
OFFICER = {"by": "An officer"}
OURS = FACTS.model_copy(update={"pipeline_version": __version__})


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Set up a workspace whose releases say the titles of its lessons, and no more."""
    monkeypatch.setattr(
        "pcbl_pipeline.workspace.load_catalogue", lambda _: own_catalogue()
    )
    monkeypatch.setattr(publishing, "renew_queues", lambda *_: None)
    said: list[str] = []

    def editions(_, rows, **__):
        titles = rows.frame("lesson_learned")["title"].unique().sort()
        said[:] = [" and ".join(titles) or "nothing"]
        return Editions(shared={}, sites={}, withheld={})

    monkeypatch.setattr(publishing, "make_editions", editions)
    monkeypatch.setattr(publishing, "EditionsData", lambda _: parts_of(said[0])[0])
    monkeypatch.setattr(publishing, "pages_of", lambda _, n: parts_of(said[0])[1](n))
    monkeypatch.setattr(
        publishing, "_facts", lambda *a: OURS.model_copy(update={"as_of": a[2]})
    )

    def workspace(approval):
        network = f"{NETWORK_YAML}\nrelease_approval: {approval}\n"
        url = f"file:{tmp_path / approval}"
        return create_workspace(Settings(store_url=url), network)

    return workspace


def send(workspace, number, title):
    content = lessons_csv(workspace, number, title=title)
    return ingest_arrival(workspace, drop(workspace, f"{number}.csv", content))


def standings(workspace):
    return {item.release_id: item.standing for item in known_releases(workspace.store)}


def published(workspace):
    """Return every file that a reader of any edition may open."""
    return {
        item.key: workspace.store.get(item.key)
        for item in workspace.store.list("publications/")
        if Path(item.key).name not in {"plan.json", "manifest.json"}
    }


def test_every_release_with_the_rows_ends_and_a_new_one_follows(make):
    workspace = make("automatic")
    send(workspace, 1, "A first lesson")
    publishing.publish(workspace)
    gone = send(workspace, 2, "A canary of a lesson")
    publishing.publish(workspace)
    send(workspace, 3, "A third lesson")
    publishing.publish(workspace)
    assert plan_withdrawal(workspace, gone.submission_id).releases == (
        *("2026.11.2", "2026.11.3"),
    )

    (done,) = withdraw(workspace, gone.submission_id, **WHY)

    assert done.proof.releases == ("2026.11.2", "2026.11.3")
    assert "Release 2026.11.4 is current." in done.publication
    assert standings(workspace) == {
        "2026.11.4": Standing.CURRENT,
        "2026.11.3": Standing.WITHDRAWN,
        "2026.11.2": Standing.WITHDRAWN,
        "2026.11.1": Standing.FORMER,
    }
    texts = b"".join(published(workspace).values())
    assert b"canary" not in texts
    assert b"A first lesson and A third lesson" in texts
    # Why it went may tell whose file it was; readers are told the same of all.
    assert REASON.encode() in texts
    assert b"names a student" not in texts


def test_where_a_person_approves_candidates_end_and_a_new_one_waits(make):
    workspace = make("required")
    send(workspace, 1, "A first lesson")
    first = publishing.publish(workspace).candidate.release_id
    releases.approve(workspace, first, **OFFICER)
    gone = send(workspace, 2, "A canary of a lesson")
    second = publishing.publish(workspace).candidate.release_id
    releases.approve(workspace, second, **OFFICER)
    send(workspace, 3, "A third lesson")
    third = publishing.publish(workspace).candidate.release_id

    (done,) = withdraw(workspace, gone.submission_id, **WHY)

    found = standings(workspace)
    assert (found[second], found[third]) == (Standing.WITHDRAWN, Standing.REJECTED)
    assert find_current(workspace.store).release_id == first
    (waiting,) = (name for name, now in found.items() if now is Standing.CANDIDATE)
    assert f"pcbl release approve {waiting}" in done.publication
    releases.approve(workspace, waiting, **OFFICER)
    assert b"canary" not in b"".join(published(workspace).values())


def test_a_release_that_cannot_be_made_is_told_and_the_rows_are_gone(make, monkeypatch):
    workspace = make("automatic")
    gone = send(workspace, 1, "A canary of a lesson")
    publishing.publish(workspace)

    def blocked(*_, **__):
        raise PublicationBlocked("Groups would be given away.")

    monkeypatch.setattr(publishing, "make_editions", blocked)
    (done,) = withdraw(workspace, gone.submission_id, **WHY)

    assert "Groups would be given away." in done.publication
    assert find_current(workspace.store) is None
    assert b"canary" not in b"".join(published(workspace).values())


def test_rows_of_a_withdrawal_that_broke_off_are_in_no_release(make):
    workspace = make("automatic")
    send(workspace, 1, "A first lesson")
    gone = send(workspace, 2, "A canary of a lesson")
    note = Withdrawal(
        **WHY,
        sender_id=SITE,
        submission_id=gone.submission_id,
        withdrawn_at=workspace.clock(),
        datasets=("lesson_learned",),
        landed=True,
        sha256=gone.sha256,
        size_bytes=gone.size_bytes,
        received_at=gone.received_at,
    )
    workspace.withdrawals.begin(note)

    publishing.publish(workspace)

    assert b"canary" not in b"".join(published(workspace).values())
    (done,) = withdraw(workspace, gone.submission_id, **WHY)
    assert done.proof.releases == ()
    assert standings(workspace) == {"2026.11.1": Standing.CURRENT}


def test_a_file_of_which_nothing_counted_ends_no_release(make):
    workspace = make("automatic")
    send(workspace, 1, "A first lesson")
    content = lessons_csv(workspace, 2, lesson_date="soon")
    held = ingest_arrival(workspace, drop(workspace, "b.csv", content))
    publishing.publish(workspace)

    (done,) = withdraw(workspace, held.submission_id, **WHY)

    assert (done.proof.releases, done.publication) == ((), None)
    assert standings(workspace) == {"2026.11.1": Standing.CURRENT}
