"""Texts of barriers and state actions: held, decided on in the queue, then published."""

from datetime import date

import pytest

from pcbl_pipeline.model.narrative import Choice
from pcbl_pipeline.operations.decide import decide_line
from pcbl_pipeline.operations.narratives import narratives_of
from pcbl_pipeline.operations.release_queue import queue_of, renew_queues
from pcbl_pipeline.operations.summaries.barriers import barrier_tables
from pcbl_pipeline.operations.summaries.roadmap import roadmap_tables
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from tests.support.frames import lake_rows
from tests.support.rule_files import own_catalogue
from tests.support.workspaces import SITE, make_workspace

AGENCY, AS_OF = "sea-04", date(2026, 11, 20)
CITED = "Rule 12 as read by Maya"
SAID = "The plan came from Maya. It pays for coaches."
WAIVER = {
    "barrier_id": "B-1",
    "site_id": SITE,
    "sender_id": SITE,
    "status": "granted",
    "citation": CITED,
    "opened_on": date(2026, 1, 5),
    "status_date": date(2026, 2, 5),
    "waiver_start": date(2026, 7, 1),
    "waiver_end": date(2027, 6, 30),
}
ACTION = {
    "action_id": "04-A-001",
    "sender_id": AGENCY,
    "state_fips": "04",
    "title": "Coaches for pilot sites",
    "description": SAID,
    "equity_statement": "Places go to districts with few means.",
}


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "pcbl_pipeline.workspace.load_catalogue", lambda _: own_catalogue()
    )
    workspace = make_workspace(tmp_path)
    frames = {
        "barrier_and_waiver": lake_rows("barrier_and_waiver", [WAIVER]),
        "state_action": lake_rows("state_action", [ACTION]),
        "site_profile": lake_rows("site_profile", [{"site_id": SITE}]),
    }
    usual = workspace.lake.current
    monkeypatch.setattr(
        workspace.lake,
        "current",
        lambda dataset: frames[dataset].lazy() if dataset in frames else usual(dataset),
    )
    return workspace


def tables(workspace):
    rows = LakeRows(workspace.lake, workspace.ledger)
    scope = SummaryScope(
        workspace.network,
        workspace.catalogue,
        "network",
        AS_OF,
        narratives_of(workspace, rows),
    )
    return {**barrier_tables(rows, scope), **roadmap_tables(rows, scope)}


def cited(workspace):
    (row,) = tables(workspace)["pub4_waivers"].to_dicts()
    return row["citation"], row["citation_withheld"]


def test_what_is_held_of_each_dataset_waits_with_its_own_sender(workspace):
    (waiver,) = queue_of(workspace, SITE)
    (action,) = queue_of(workspace, AGENCY)

    assert (waiver.dataset, waiver.row_id, waiver.field) == (
        *("barrier_and_waiver", "B-1", "citation"),
    )
    assert (action.dataset, action.row_id, action.field) == (
        *("state_action", "04-A-001", "description"),
    )
    assert action.sentence == "The plan came from Maya."


def test_a_held_citation_is_left_out_until_its_site_decides(workspace):
    assert cited(workspace) == (None, True)
    (line,) = queue_of(workspace, SITE)

    decide_line(workspace, SITE, line.line, Choice.RELEASE, by="Office")

    assert cited(workspace) == (CITED, False)
    assert queue_of(workspace, SITE) == []


def test_a_citation_is_published_as_its_site_wrote_it_anew(workspace):
    (line,) = queue_of(workspace, SITE)

    decide_line(
        workspace, SITE, line.line, Choice.REWRITE, by="Office", rewrite="Rule 12"
    )

    assert cited(workspace) == ("Rule 12", False)


def test_a_held_text_of_a_state_is_blank_and_its_decision_stands(workspace):
    def action():
        return tables(workspace)["pub9_actions"].to_dicts()[0]

    assert action()["title"] == ACTION["title"]
    assert action()["description"] is None
    assert tables(workspace)["pub9_decisions"].height == 1
    (line,) = queue_of(workspace, AGENCY)

    decide_line(workspace, AGENCY, line.line, Choice.RELEASE, by="Agency")

    assert action()["description"] == SAID


def test_every_sender_gets_its_queue(workspace):
    renew_queues(workspace, LakeRows(workspace.lake, workspace.ledger))

    keys = [item.key for item in workspace.store.list("sites/")]
    for sender in (SITE, AGENCY):
        assert f"sites/{sender}/outbox/release_queue.xlsx" in keys


def test_the_address_of_a_states_source_is_screened_as_well(workspace, monkeypatch):
    monkeypatch.setitem(ACTION, "citation_url", "https://x.com/maya_builds")
    frame = lake_rows("state_action", [ACTION]).lazy()
    usual = workspace.lake.current
    monkeypatch.setattr(
        workspace.lake,
        "current",
        lambda dataset: frame if dataset == "state_action" else usual(dataset),
    )

    (action,) = tables(workspace)["pub9_actions"].to_dicts()

    assert action["citation_url"] is None
    assert "citation_url" in {line.field for line in queue_of(workspace, AGENCY)}
