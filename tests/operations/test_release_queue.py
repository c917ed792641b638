"""The release queue: what waits, what a site may decide, and what is then published."""

import csv
import io
import shutil
from datetime import date

import openpyxl
import polars as pl
import pytest

from pcbl_pipeline.errors import DecisionImpossible, PublicationBlocked
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.narrative import Choice
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations.check import checked
from pcbl_pipeline.operations.check_answer import write_answer
from pcbl_pipeline.operations.decide import decide_line
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.publish import publish
from pcbl_pipeline.operations.release_queue import queue_of
from pcbl_pipeline.operations.rescan import refuse_identifiers
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.operations.summarise import summarise
from tests.support.builders import csv_bytes
from tests.support.rule_files import own_catalogue
from tests.support.workspaces import SITE, drop, lessons_csv, make_workspace

AS_OF = date(2026, 6, 30)
HELD = "The best idea came from Maya."
COUNTED = "Only three students finished it."


def send(workspace, name, content):
    return ingest_arrival(workspace, drop(workspace, name, content))


def outbox(workspace, suffix):
    return workspace.store.get(layout.release_queue(SITE, suffix))


def lines(workspace):
    text = outbox(workspace, ".csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def filled(workspace, **by_start):
    """Fill in the queue: beginnings of sentences and what each line gets."""
    rows = lines(workspace)
    for row in rows:
        for start, change in by_start.items():
            if row["sentence"].startswith(start.replace("_", " ")):
                row.update(change)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def codes(receipt):
    return sorted({finding.code for finding in receipt.all_findings})


def shown(workspace, edition="public"):
    """Return the actions of the lessons that an edition shows, and what is withheld."""
    found = summarise(
        workspace, LakeRows(workspace.lake, workspace.ledger), as_of=AS_OF
    )
    lessons = found.editions[edition].lessons.lessons
    return lessons["action"].to_list(), found.withheld


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A profile, and two lessons: one names a person and has a small count."""
    folder = tmp_path_factory.mktemp("prepared") / "store"
    workspace = make_workspace(folder)
    profile = csv_bytes(
        workspace.catalogue.get("site_profile"),
        {"site_id": SITE, "leaid": SITE, "ncessch": None, "site_level": "lea"},
    )
    assert send(workspace, "profile.csv", profile).status is Status.ACCEPTED
    lesson = workspace.catalogue.get("lesson_learned")
    rows = [
        {"lesson_id": f"{SITE}-2026-001", "action": f"We tried it. {HELD} {COUNTED}"},
        {"lesson_id": f"{SITE}-2026-002", "action": "We tried it again."},
    ]
    plain = dict.fromkeys(("title", "situation", "result", "recommendation"), "Fine.")
    content = csv_bytes(lesson, *[{"site_id": SITE} | plain | row for row in rows])
    return folder, send(workspace, "lessons.csv", content)


@pytest.fixture
def workspace(prepared, tmp_path, monkeypatch):
    """A copy of the prepared workspace for one test."""
    # Reading the contracts takes longer than most of these tests.
    monkeypatch.setattr(
        "pcbl_pipeline.workspace.load_catalogue", lambda _: own_catalogue()
    )
    shutil.copytree(prepared[0], tmp_path / "store")
    return make_workspace(tmp_path / "store")


@pytest.fixture
def sent(prepared):
    return prepared[1]


def test_held_sentences_stand_in_the_queue_and_the_receipt_points_to_it(
    workspace, sent
):
    (note,) = [item for item in sent.all_findings if item.code == "F192"]
    first, second = lines(workspace)

    assert "2, in 1 of your rows" in note.message
    assert "release_queue.xlsx" in note.fix
    assert first["sentence"] == HELD
    assert first["why"] == "It may name a person."
    assert first["may"] == "release, rewrite, withhold"
    assert second["sentence"] == COUNTED
    assert second["may"] == "rewrite, withhold"
    assert {(line["dataset"], line["id"]) for line in (first, second)} == {
        ("lesson_learned", f"{SITE}-2026-001")
    }


def test_the_workbook_offers_only_what_may_be_decided(workspace, sent):
    book = openpyxl.load_workbook(io.BytesIO(outbox(workspace, ".xlsx")))
    sheet = book["release_queue"]
    choices = [item.formula1 for item in sheet.data_validations.dataValidation]

    assert [cell.value for cell in sheet[1]][-2:] == ["decision", "rewrite"]
    assert sheet.cell(2, 5).value == HELD
    assert choices == ['"release,rewrite,withhold"', '"rewrite,withhold"']


def test_a_lesson_with_a_held_sentence_is_withheld_whole_and_counted(workspace, sent):
    actions, withheld = shown(workspace)

    assert actions == ["We tried it again."]
    assert withheld == {"text_screen": 1}


def test_what_a_site_releases_and_rewrites_is_published(workspace, sent):
    answer = send(
        workspace,
        "release_queue.csv",
        filled(
            workspace,
            The_best={"decision": "release"},
            Only={"decision": "Rewrite", "rewrite": "Some learners finished it."},
        ),
    )

    assert answer.status is Status.ACCEPTED
    assert codes(answer) == ["F193"]
    assert answer.rows.received == answer.rows.accepted == 2
    actions, withheld = shown(workspace)
    assert f"We tried it. {HELD} Some learners finished it." in actions
    assert withheld == {}
    assert lines(workspace) == []


def test_a_filled_workbook_is_taken_like_the_list(workspace, sent):
    book = openpyxl.load_workbook(io.BytesIO(outbox(workspace, ".xlsx")))
    book["release_queue"].cell(2, 8).value = "release"
    buffer = io.BytesIO()
    book.save(buffer)

    answer = send(workspace, "release_queue.xlsx", buffer.getvalue())

    assert codes(answer) == ["F193"]
    assert [line["sentence"] for line in lines(workspace)] == [COUNTED]


def test_an_edited_sentence_is_held_anew(workspace, sent):
    send(workspace, "q.csv", filled(workspace, The_best={"decision": "release"}))
    text = f"We tried it. {HELD[:-1]} Doe."

    send(workspace, "b.csv", lessons_csv(workspace, 1, revision="2", action=text))

    assert f"{HELD[:-1]} Doe." in [line["sentence"] for line in lines(workspace)]


def test_a_released_sentence_is_released_in_the_next_text_too(workspace, sent):
    send(workspace, "q.csv", filled(workspace, The_best={"decision": "release"}))

    send(workspace, "b.csv", lessons_csv(workspace, 1, revision="2", action=HELD))

    assert HELD not in [line["sentence"] for line in lines(workspace)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"line": "0123456789abcdef", "decision": "release"}, "F194"),
        ({"sentence": "The best idea.", "decision": "release"}, "F195"),
        ({"decision": "maybe"}, "F196"),
        ({"decision": "rewrite"}, "F196"),
    ],
)
def test_a_line_that_does_not_fit_is_answered_and_not_taken(
    workspace, sent, change, code
):
    answer = send(workspace, "q.csv", filled(workspace, The_best=change))

    assert codes(answer) == [code]
    (group,) = answer.all_findings
    assert "row 2" in group.message
    assert HELD in [line["sentence"] for line in lines(workspace)]


def test_what_a_pattern_finds_cannot_be_released(workspace, sent):
    answer = send(workspace, "q.csv", filled(workspace, Only={"decision": "release"}))

    assert codes(answer) == ["F197"]
    assert answer.status is Status.REFUSED
    assert shown(workspace)[1] == {"text_screen": 1}


def test_a_new_sentence_is_screened_again(workspace, sent):
    change = {"decision": "rewrite", "rewrite": "The best idea came from Jordan."}

    answer = send(workspace, "q.csv", filled(workspace, The_best=change))

    assert codes(answer) == ["F193", "F198"]
    assert "The best idea came from Jordan." in [
        line["sentence"] for line in lines(workspace)
    ]


def test_a_sheet_without_any_decision_is_answered(workspace, sent):
    assert codes(send(workspace, "q.csv", filled(workspace))) == ["F199"]


def test_what_is_withheld_stays_in_the_queue_and_can_be_changed(workspace, sent):
    send(workspace, "q.csv", filled(workspace, The_best={"decision": "withhold"}))

    (line,) = [item for item in lines(workspace) if item["sentence"] == HELD]
    assert line["decision"] == "withhold"
    send(workspace, "r.csv", filled(workspace, The_best={"decision": "release"}))
    assert HELD not in [item["sentence"] for item in lines(workspace)]
    (key,) = workspace.sentence_decisions.standing(SITE)
    history = workspace.sentence_decisions.history(SITE, key)
    assert [item.choice for item in history] == [Choice.WITHHOLD, Choice.RELEASE]


def test_the_same_sheet_twice_decides_once(workspace, sent):
    content = filled(workspace, The_best={"decision": "release"})

    send(workspace, "q.csv", content)
    again = send(workspace, "q (1).csv", content)

    assert again.repeat
    (key,) = workspace.sentence_decisions.standing(SITE)
    assert len(list(workspace.sentence_decisions.history(SITE, key))) == 1


def test_another_site_decides_nothing_about_this_one(workspace, sent):
    content = filled(workspace, The_best={"decision": "release"})

    answer = ingest_arrival(
        workspace, drop(workspace, "q.csv", content, sender="0499902")
    )

    assert codes(answer) == ["F194"]
    assert shown(workspace)[1] == {"text_screen": 1}


def test_a_decision_can_be_made_by_command_for_what_waits_alone(workspace, sent):
    waiting = {item.sentence: item for item in queue_of(workspace, SITE)}
    decide_line(workspace, SITE, waiting[HELD].line, Choice.RELEASE, by="Office")

    with pytest.raises(DecisionImpossible, match="waits"):
        decide_line(workspace, SITE, waiting[HELD].line, Choice.RELEASE, by="Office")
    with pytest.raises(DecisionImpossible, match="too small"):
        decide_line(workspace, SITE, waiting[COUNTED].line, Choice.RELEASE, by="Office")
    with pytest.raises(DecisionImpossible, match="new sentence"):
        decide_line(workspace, SITE, waiting[COUNTED].line, Choice.REWRITE, by="Office")
    (decision,) = workspace.sentence_decisions.standing(SITE).values()
    assert decision.decided_by == "Office"


def test_redacted_text_alone_is_in_the_lake_and_in_quarantine(workspace):
    called = "Call (555) 010-0142 now."
    good = lessons_csv(workspace, 8, action=called)
    bad = lessons_csv(workspace, 9, action=called, stage_at_time="9")

    receipt = send(workspace, "a.csv", good)
    send(workspace, "b.csv", bad)

    kept = workspace.lake.current("lesson_learned").collect()
    aside = workspace.quarantine.rows().collect()
    assert "Call [phone] now." in kept["action"].to_list()
    assert called not in kept["action"].to_list()
    assert "[phone]" in aside["values"][0]
    assert "010-0142" not in aside["values"][0]
    raw = workspace.store.get(layout.raw(receipt.sha256))
    assert b"010-0142" in raw
    (note,) = [item for item in receipt.all_findings if item.code == "F191"]
    assert note.message == (
        "From `action` we took 1 phone number in row 2. "
        "The mark `[phone]` stands there now."
    )
    (line,) = [i for i in queue_of(workspace, SITE) if "[phone]" in i.sentence]
    assert line.is_releasable


def test_a_release_is_blocked_when_an_identifier_got_past_everything(
    workspace, sent, monkeypatch
):
    editions = summarise(
        workspace, LakeRows(workspace.lake, workspace.ledger), as_of=AS_OF
    ).editions
    rows = editions["public"].lessons.lessons
    spoilt = rows.with_columns(result=rows["result"] + " Call (555) 010-0142.")
    object.__setattr__(editions["public"].lessons, "lessons", spoilt)

    with pytest.raises(PublicationBlocked, match="phone in result of lessons") as told:
        refuse_identifiers(editions, workspace.catalogue, as_of=AS_OF)

    assert "010-0142" not in str(told.value)


@pytest.mark.parametrize(
    ("column", "said", "kind"),
    [
        ("resource_license", "Ask maya@school.example first", "email"),
        ("resource_url", "https://example.org/?to=maya@school.example", "email"),
    ],
)
def test_short_texts_and_addresses_are_looked_at_once_more_too(
    workspace, sent, column, said, kind
):
    editions = summarise(
        workspace, LakeRows(workspace.lake, workspace.ledger), as_of=AS_OF
    ).editions
    rows = editions["public"].lessons.lessons
    spoilt = rows.with_columns(pl.lit(said).alias(column))
    object.__setattr__(editions["public"].lessons, "lessons", spoilt)

    with pytest.raises(PublicationBlocked, match=f"{kind} in {column} of lessons"):
        refuse_identifiers(editions, workspace.catalogue, as_of=AS_OF)


def test_publishing_writes_every_queue_as_things_stand(workspace, sent):
    before = outbox(workspace, ".csv")
    workspace.store.put(layout.release_queue(SITE, ".csv"), b"stale")

    publish(workspace, as_of=AS_OF)

    assert outbox(workspace, ".csv") == before


def test_a_check_writes_the_files_that_sending_would_bring(workspace, tmp_path):
    lesson = workspace.catalogue.get("lesson_learned")
    row = {"site_id": SITE, "action": "Ask Rosa Delgado. We tried it."}
    again = row | {"lesson_id": f"{SITE}-2026-001", "revision": "2"}
    new = row | {"lesson_id": f"{SITE}-2026-009"}
    content = csv_bytes(lesson, again, new)
    path = tmp_path / "more.csv"
    path.write_bytes(content)
    folder = tmp_path / "answer"

    with checked(
        path, catalogue=workspace.catalogue, workspace=workspace, sender_id=SITE
    ) as found:
        write_answer(found, path, folder, rule_pages=workspace.network.rule_pages)

    receipt = send(workspace, "more.csv", content)
    own = layout.answer(SITE, receipt.submission_id, "")
    answer = {item.key.removeprefix(own) for item in workspace.store.list(own)}
    queue = {"release_queue.csv", "release_queue.xlsx"}
    assert {item.name for item in folder.iterdir()} == answer | queue
    assert len(lines(workspace)) > 1
    for name in queue:
        suffix = name.removeprefix("release_queue")
        assert (folder / name).read_bytes() == outbox(workspace, suffix)


def test_a_check_without_workspace_lists_what_the_file_alone_would_hold(tmp_path):
    catalogue = own_catalogue()
    row = {"site_id": SITE, "lesson_id": f"{SITE}-2026-001"}
    held = csv_bytes(catalogue.get("lesson_learned"), row | {"action": HELD})
    path = tmp_path / "lessons.csv"
    path.write_bytes(held)

    with checked(path, catalogue=catalogue, sender_id=SITE) as known:
        write_answer(known, path, tmp_path / "known", rule_pages=None)
    with checked(path, catalogue=catalogue) as unknown:
        write_answer(unknown, path, tmp_path / "unknown", rule_pages=None)

    text = (tmp_path / "known" / "release_queue.csv").read_text("utf-8-sig")
    assert HELD in text
    assert not (tmp_path / "unknown" / "release_queue.csv").exists()
