"""A site explains in a list that it drops, and the answer says what became of it."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations import waive
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.explanations import EXPLAIN_FILE
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.patch import SUGGESTIONS_FILE
from pcbl_pipeline.operations.replay import replay_waiting
from tests.support.builders import csv_bytes
from tests.support.workspaces import SITE, drop

WHY = "Two schools left the pilot."
UNTIL = date(2099, 6, 30)
#: A year with a total unlike the year before, and a column that should be filled in.
PROFILE = {
    "site_id": SITE,
    "leaid": SITE,
    "ncessch": None,
    "school_year": "2025-2026",
    "students_total": "10000",
    "students_in_pilot": "10",
    "locale_code": None,
}


def send(workspace, name, content):
    return ingest_arrival(workspace, drop(workspace, name, content))


def send_profile(workspace, name="profile.csv", **changes):
    contract = workspace.catalogue.get("site_profile")
    return send(workspace, name, csv_bytes(contract, PROFILE | changes))


@pytest.fixture
def first(workspace):
    send_profile(
        workspace, "before.csv", school_year="2024-2025", students_total="1000"
    )
    return send_profile(workspace)


def answer(workspace, receipt, name=EXPLAIN_FILE):
    key = layout.answer(SITE, receipt.submission_id, name)
    return workspace.store.get(key).decode("utf-8-sig")


def lines_of(workspace, receipt):
    return list(csv.DictReader(io.StringIO(answer(workspace, receipt), newline="")))


def as_csv(lines):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, lines[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def as_xlsx(lines):
    book = openpyxl.Workbook()
    book.active.append(list(lines[0]))
    for line in lines:
        book.active.append(list(line.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(workspace, receipt, *codes, **changes):
    return [
        line | {"explanation": WHY} | changes if line["rule"] in codes else line
        for line in lines_of(workspace, receipt)
    ]


def codes(receipt):
    return [group.code for group in receipt.all_findings]


def texts(workspace):
    return {
        waiver.explanation.concern.code: waiver.explanation.text
        for waiver in workspace.waivers.all(SITE)
    }


def test_the_list_has_a_line_for_each_finding_that_can_be_explained(workspace, first):
    lines = {line["rule"]: line for line in lines_of(workspace, first)}

    assert set(lines) == {"E536", "R302"}
    assert lines["E536"]["numbers"] == "now 10000, before 1000 (2024-2025)"
    assert lines["R302"] | {"finding": ""} == {
        "submission_id": first.submission_id,
        "finding": "",
        "rule": "R302",
        "dataset": "site_profile",
        "column": "locale_code",
        "what": next(g.message for g in first.all_findings if g.code == "R302"),
        "numbers": "1 times",
        "explanation": "",
        "to_do": "Write why this is right. Leave it blank if you correct it. Drop the list.",
    }


def test_the_receipt_says_how_to_explain_and_offers_the_list(workspace, first):
    page = answer(workspace, first, "receipt.html")

    assert '<a href="explain.csv">' in page
    assert page.count("Or explain it") == 2
    assert "fill the column and drop it into your inbox" in page


def test_a_file_of_errors_in_rows_has_nothing_to_explain(workspace):
    lesson = {"lesson_id": f"{SITE}-2026-001", "site_id": SITE, "lesson_type": "soon"}
    receipt = send(
        workspace,
        "lessons.csv",
        csv_bytes(workspace.catalogue.get("lesson_learned"), lesson),
    )

    key = layout.answer(SITE, receipt.submission_id, EXPLAIN_FILE)
    assert workspace.store.head(key) is None
    assert "explain.csv" not in answer(workspace, receipt, "receipt.html")


@pytest.mark.parametrize(
    ("name", "write"), [("explain.csv", as_csv), ("explain.xlsx", as_xlsx)]
)
def test_a_filled_line_does_what_the_command_does(workspace, first, name, write):
    lines = filled(workspace, first, "E536")

    receipt = send(workspace, name, write(lines))

    assert codes(receipt) == ["F180"]
    assert receipt.status is Status.ACCEPTED
    assert receipt.rows.received == receipt.rows.accepted == 1
    [waiver] = workspace.waivers.all(SITE)
    assert waiver.explanation.text == WHY
    assert waiver.explanation.sent_in == receipt.submission_id
    [same] = waive.explain(workspace, SITE, first.submission_id, "E536", "Other words.")
    assert same == waiver
    [line] = [line for line in lines if line["rule"] == "E536"]
    assert line["finding"] == f"w-{waiver.waiver_id}"


def test_what_was_explained_by_file_is_let_through_like_any_other(workspace, first):
    send(workspace, EXPLAIN_FILE, as_csv(filled(workspace, first, "R302", "E536")))
    for waiver in workspace.waivers.all(SITE):
        waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")

    again = send_profile(workspace, "again.csv", site_name="Another name")

    notes = {group.code: group.note or "" for group in again.all_findings}
    assert WHY in notes["R302"]


def test_a_run_after_a_crash_gives_the_same_answer(workspace, first, monkeypatch):
    content = as_csv(filled(workspace, first, "E536"))
    key = drop(workspace, EXPLAIN_FILE, content)
    with monkeypatch.context() as patched:
        patched.setattr(workspace.ledger, "record", lambda _: 1 / 0)
        with pytest.raises(Exception, match="ZeroDivisionError"):
            ingest_arrival(workspace, key)

    receipt = ingest_arrival(workspace, key)

    assert codes(receipt) == ["F180"]
    assert texts(workspace) == {"E536": WHY}
    assert send(workspace, "copy.csv", content).repeat


def test_a_list_that_is_blank_is_told_so(workspace, first):
    receipt = send(workspace, EXPLAIN_FILE, as_csv(lines_of(workspace, first)))

    assert codes(receipt) == ["F185"]
    assert receipt.status is Status.REFUSED
    assert texts(workspace) == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"submission_id": f"{SITE}-00000000000000000000"}, "F181"),
        ({"submission_id": "../../secrets"}, "F181"),
        ({"rule": "E599"}, "F181"),
        ({"finding": "w-000000000000"}, "F182"),
    ],
)
def test_a_line_that_fits_no_finding_is_refused_and_the_others_stand(
    workspace, first, changes, code
):
    lines = filled(workspace, first, "R302", "E536")
    lines = [i | changes if i["rule"] == "E536" else i for i in lines]

    receipt = send(workspace, EXPLAIN_FILE, as_csv(lines))

    assert sorted(codes(receipt)) == ["F180", code]
    assert (receipt.rows.accepted, receipt.rows.refused) == (1, 1)
    assert texts(workspace) == {"R302": WHY}
    [group] = [item for item in receipt.all_findings if item.code == code]
    wrong = next(n for n, line in enumerate(lines, 2) if line["rule"] != "R302")
    assert [place.row for place in group.places] == [wrong]


def test_a_line_on_a_row_that_is_wrong_is_told_to_correct_it(workspace):
    receipt = send_profile(workspace, students_total="many", locale_code="11")
    assert "R304" in codes(receipt)
    line = {
        "submission_id": receipt.submission_id,
        "finding": "w-000000000000",
        "rule": "R304",
        "explanation": WHY,
    }

    told = send(workspace, EXPLAIN_FILE, as_csv([line]))

    assert codes(told) == ["F183"]


def test_what_was_explained_before_is_told_with_its_decision(workspace, first):
    [waiver, *_] = waive.explain(workspace, SITE, first.submission_id, "E536", "Yes.")
    waive.decline(workspace, waiver.waiver_id, by="Office", remark="Count again.")

    receipt = send(workspace, EXPLAIN_FILE, as_csv(filled(workspace, first, "E536")))

    [group] = receipt.all_findings
    assert (group.code, group.note) == ("F184", "E536 was declined: Count again.")
    assert texts(workspace) == {"E536": "Yes."}


def test_a_list_of_another_senders_file_is_about_no_finding(workspace, first):
    content = as_csv(filled(workspace, first, "E536"))

    other = ingest_arrival(
        workspace, drop(workspace, EXPLAIN_FILE, content, sender="0499902")
    )

    assert codes(other) == ["F181"]
    assert workspace.waivers.all() == []


def test_an_explanation_is_a_text_in_every_place(workspace, first):
    formula = '=HYPERLINK("https://example.org","x")'
    lines = filled(workspace, first, "E536", explanation=formula)

    send(workspace, EXPLAIN_FILE, as_csv(lines))

    assert texts(workspace) == {"E536": formula}


def test_a_replay_does_not_take_a_list_up_again(workspace, first):
    send(workspace, EXPLAIN_FILE, as_csv(filled(workspace, first, "E536")))

    assert replay_waiting(workspace) == []


# ------------------------------------------------------------- at the desk


def checked(workspace, tmp_path, content, *, with_workspace):
    path = tmp_path / EXPLAIN_FILE
    path.write_bytes(content)
    there = {"workspace": workspace, "sender_id": SITE} if with_workspace else {}
    return check_file(path, catalogue=workspace.catalogue, **there)


def test_checking_a_list_at_the_desk_says_what_it_would_do(workspace, first, tmp_path):
    content = as_csv(filled(workspace, first, "E536"))

    alone = checked(workspace, tmp_path, content, with_workspace=False)
    beside = checked(workspace, tmp_path, content, with_workspace=True)

    assert codes(alone) == ["F186"]
    assert "a list of explanations. It has 1 rows" in alone.all_findings[0].message
    assert codes(beside) == ["F180"]
    assert workspace.waivers.all() == []


def test_checking_a_blank_list_at_the_desk_says_so(workspace, first, tmp_path):
    content = as_csv(lines_of(workspace, first))

    alone = checked(workspace, tmp_path, content, with_workspace=False)

    assert codes(alone) == ["F185"]


def test_checking_suggestions_at_the_desk_says_what_they_would_do(workspace, tmp_path):
    lesson = {"lesson_id": f"{SITE}-2026-001", "site_id": SITE}
    content = csv_bytes(
        workspace.catalogue.get("lesson_learned"),
        lesson | {"lesson_type": "opne question"},
    )
    receipt = send(workspace, "lessons.csv", content)
    patch = answer(workspace, receipt, SUGGESTIONS_FILE).encode()

    alone = checked(workspace, tmp_path, patch, with_workspace=False)
    beside = checked(workspace, tmp_path, patch, with_workspace=True)

    assert codes(alone) == ["F186"]
    assert codes(beside) == ["F174"]
    assert beside.rows.accepted == 1
    assert [path.name for path in tmp_path.glob("explain*")] == [EXPLAIN_FILE]
    assert workspace.lake.current("lesson_learned").collect().is_empty()
    unaccepted = patch.replace(b",Y,", b",,")
    assert codes(checked(workspace, tmp_path, unaccepted, with_workspace=False)) == [
        "F175"
    ]
