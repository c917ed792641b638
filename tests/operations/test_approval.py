"""Publishing where a person has to approve: one candidate, and nothing proposed twice."""

from datetime import date

import pytest

from pcbl_pipeline import __version__
from pcbl_pipeline.errors import ReleaseImpossible
from pcbl_pipeline.operations import publish as publishing
from pcbl_pipeline.operations import releases
from pcbl_pipeline.operations.editions import Editions
from pcbl_pipeline.publication.approval import known_releases
from pcbl_pipeline.publication.register import events_of
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.workspace import create_workspace
from tests.support.builders import NETWORK_YAML
from tests.support.releases import FACTS, parts_of

DAY = date(2026, 11, 22)
OFFICER = {"by": "An officer"}
#: What was made by another version is made anew.
OURS = FACTS.model_copy(update={"pipeline_version": __version__})


@pytest.fixture
def workspace(tmp_path):
    network = f"{NETWORK_YAML}\nrelease_approval: required\n"
    return create_workspace(Settings(store_url=f"file:{tmp_path}"), network)


@pytest.fixture
def say(monkeypatch):
    """Make the editions say a word, in place of all that the lake holds."""

    def say(word):
        data, pages = parts_of(word)
        editions = Editions(shared={}, sites={}, withheld={})
        monkeypatch.setattr(publishing, "make_editions", lambda *_, **__: editions)
        monkeypatch.setattr(publishing, "EditionsData", lambda _: data)
        monkeypatch.setattr(publishing, "pages_of", lambda _, name: pages(name))
        monkeypatch.setattr(publishing, "_facts", lambda *_: OURS)

    say("one")
    return say


def publish(workspace):
    return publishing.publish(workspace, as_of=DAY)


def test_a_candidate_is_made_once_and_is_current_when_it_is_approved(workspace, say):
    first, again = publish(workspace), publish(workspace)

    name = first.candidate.release_id
    assert first.release is None
    assert f"pcbl release approve {name}" in first.reason
    assert again.candidate is None
    assert f"release {name}, which waits for approval" in again.reason
    assert find_current(workspace.store) is None

    releases.approve(workspace, name, **OFFICER)

    assert find_current(workspace.store).release_id == name
    assert "Nothing new" in publish(workspace).reason


def test_what_was_rejected_is_not_proposed_again_but_other_data_are(workspace, say):
    name = publish(workspace).candidate.release_id
    releases.reject(workspace, name, reason="The year is wrong", **OFFICER)

    assert f"release {name}, which was rejected" in publish(workspace).reason
    say("two")
    proposed = publish(workspace).candidate
    assert proposed is not None
    assert proposed.release_id != name


def test_a_preview_waits_even_where_releases_are_current_at_once(tmp_path, say):
    settings = Settings(store_url=f"file:{tmp_path}")
    workspace = create_workspace(settings, NETWORK_YAML)

    candidate = publishing.preview(workspace, as_of=DAY)

    assert find_current(workspace.store) is None
    releases.approve(workspace, candidate.release_id, **OFFICER)
    assert find_current(workspace.store) == candidate


@pytest.fixture
def watched(tmp_path, say):
    """Set up a workspace that lists who may decide, with a release that waits."""
    officers = "officers: [{name: Data Office, role: Invented}, {name: B. Officer}]"
    network = f"{NETWORK_YAML}\nrelease_approval: required\n{officers}\n"
    workspace = create_workspace(Settings(store_url=f"file:{tmp_path}"), network)
    publish(workspace)
    return workspace


@pytest.mark.parametrize("by", ["An officer", "", " ", "Data"])
def test_nobody_decides_but_the_officers_of_the_network(watched, by):
    (item,) = known_releases(watched.store)
    name = item.release_id
    decisions = (
        lambda: releases.approve(watched, name, by=by),
        lambda: releases.reject(watched, name, by=by, reason="Wrong"),
        lambda: releases.withdraw(watched, name, by=by, reason="Wrong"),
    )

    for decide in decisions:
        with pytest.raises(ReleaseImpossible, match=r"Data Office|who decides"):
            decide()

    assert find_current(watched.store) is None
    assert [event.kind for event in events_of(watched.store, name)] == ["made"]


def test_an_officer_stands_on_record_as_the_network_writes_the_name(watched):
    (item,) = known_releases(watched.store)

    approval = releases.approve(watched, item.release_id, by=" data  office ")

    assert approval.by == "Data Office"
    assert events_of(watched.store, item.release_id)[-1].by == "Data Office"


def test_a_reason_of_blanks_is_none(watched):
    (item,) = known_releases(watched.store)

    with pytest.raises(ReleaseImpossible, match="why"):
        releases.reject(watched, item.release_id, by="B. Officer", reason=" ")
