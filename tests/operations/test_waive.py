"""What stands out holds a submission, until the state's office lets it through."""

from datetime import date

import pytest

from pcbl_pipeline.errors import WaiverImpossible
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations import waive
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.deliver_decision import (
    ACCEPTED,
    DECLINED,
    LINES,
    decision_file,
    deliver_decision,
)
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.replay import replay_waiting
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import csv_bytes
from tests.support.reading_grade import reading_grade
from tests.support.workspaces import SITE, drop

OTHER = "0499902"
UNTIL = date(2099, 6, 30)


def lesson(site: str, number: int, text: str) -> dict[str, str]:
    return {
        "lesson_id": f"{site}-2026-{number:03d}",
        "site_id": site,
        "school_year": "2025-2026",
        "situation": f"Situation {text}.",
    }


def send(workspace: Workspace, dataset: str, *changes: dict, sender=SITE, name="a.csv"):
    content = csv_bytes(workspace.catalogue.get(dataset), *changes)
    return ingest_arrival(workspace, drop(workspace, name, content, sender=sender))


def send_lessons(workspace: Workspace, site: str, *texts: str, name="lessons.csv"):
    rows = [lesson(site, number, text) for number, text in enumerate(texts, 1)]
    return send(workspace, "lesson_learned", *rows, sender=site, name=name)


def send_copies(workspace: Workspace):
    send_lessons(workspace, OTHER, "one", "two", "three")
    return send_lessons(workspace, SITE, "one", "two", "four")


def lessons_of(workspace: Workspace, site: str) -> int:
    rows = workspace.lake.current("lesson_learned").collect()
    return rows.filter(rows["sender_id"] == site).height


def the_group(receipt, code):
    [group] = [item for item in receipt.all_findings if item.code == code]
    return group


def test_lessons_in_the_words_of_another_site_are_held_and_lost_by_nobody(workspace):
    receipt = send_copies(workspace)

    assert receipt.status is Status.HELD
    assert (receipt.rows.received, receipt.rows.quarantined) == (3, 3)
    group = the_group(receipt, "E535")
    assert group.severity is Severity.ERROR
    assert "2 of 3 rows" in group.message
    assert OTHER not in receipt.model_dump_json()
    assert (lessons_of(workspace, SITE), lessons_of(workspace, OTHER)) == (0, 3)
    assert replay_waiting(workspace) == []


def test_what_the_office_lets_through_lands_with_the_next_replay(workspace):
    held = send_copies(workspace)
    [waiver] = waive.explain(
        workspace, SITE, held.submission_id, "E535", "We wrote them together."
    )
    assert replay_waiting(workspace) == []

    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")
    [freed] = replay_waiting(workspace)

    assert (freed.revision, freed.status) == (2, Status.ACCEPTED)
    assert lessons_of(workspace, SITE) == 3
    group = the_group(freed, "E535")
    assert group.severity is Severity.INFO
    assert "We wrote them together." in (group.note or "")
    assert replay_waiting(workspace) == []
    assert workspace.quarantine.rows().collect().is_empty()


def test_a_waiver_does_not_cover_other_numbers(workspace):
    held = send_copies(workspace)
    [waiver] = waive.explain(workspace, SITE, held.submission_id, "E535", "Together.")
    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")

    again = send_lessons(workspace, SITE, "one", "two", "three", name="more.csv")

    assert again.status is Status.HELD
    group = the_group(again, "E535")
    assert group.severity is Severity.ERROR
    assert "numbers changed" in (group.note or "")


def test_a_declined_explanation_frees_nothing(workspace):
    held = send_copies(workspace)
    [waiver] = waive.explain(workspace, SITE, held.submission_id, "E535", "Together.")
    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")

    waive.decline(workspace, waiver.waiver_id, by="Pilot office", remark="Send yours.")

    assert replay_waiting(workspace) == []


def decision(workspace, waiver, submission_id=None):
    about = submission_id or waiver.explanation.submission_id
    key = layout.answer(SITE, about, decision_file(waiver))
    return workspace.store.get(key).decode()


def test_a_decision_lies_beside_the_receipt_and_the_latest_one_counts(workspace):
    held = send_copies(workspace)
    [waiver] = waive.explain(workspace, SITE, held.submission_id, "E535", "Together.")

    declined = waive.decline(
        workspace, waiver.waiver_id, by="Pilot office", remark="Send yours."
    )
    first = decision(workspace, waiver)
    deliver_decision(workspace, declined)
    again = decision(workspace, waiver)
    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")

    assert DECLINED in first
    for told in ("E535", "Together.", "Send yours.", the_group(held, "E535").message):
        assert told in first
    assert again == first
    assert f"until {UNTIL}" in decision(workspace, waiver)
    assert "Send yours." not in decision(workspace, waiver)


def test_a_decision_on_a_list_lies_beside_the_lists_receipt_too(workspace):
    held = send_copies(workspace)
    group = the_group(held, "E535")
    asked = waive.explanation_of(workspace, held, group, "Yes.", sent_in="a-list")
    waiver = workspace.waivers.explain(asked)

    waive.decline(workspace, waiver.waiver_id, by="Office", remark="Send yours.")

    assert decision(workspace, waiver, "a-list") == decision(workspace, waiver)


@pytest.mark.parametrize("text", [ACCEPTED, DECLINED, *LINES.values()])
def test_a_decision_is_told_in_plain_words(text):
    assert len(text.split()) < 7 or reading_grade(text) <= 8


def profile(year: str, students: int) -> dict[str, str | None]:
    return {
        "site_id": SITE,
        "leaid": SITE,
        "ncessch": None,
        "school_year": year,
        "students_total": str(students),
        "students_in_pilot": "10",
    }


def test_a_total_unlike_last_years_is_a_warning_that_can_be_explained(workspace):
    send(workspace, "site_profile", profile("2024-2025", 1000), name="before.csv")

    receipt = send(workspace, "site_profile", profile("2025-2026", 10000))

    assert receipt.status is Status.ACCEPTED
    group = the_group(receipt, "E536")
    assert group.severity is Severity.WARNING
    assert group.message == (
        "For 0499901, 2025-2026 `students_total` is 10000. In 2024-2025 it was 1000."
    )


def outcomes(*groups: str) -> list[dict[str, str]]:
    common = {
        "site_id": SITE,
        "school_year": "2025-2026",
        "metric_code": "M05",
        "grade_band": "ALL",
        "numerator": "1",
        "denominator": "2",
    }
    return [{**common, "student_group": group} for group in groups]


MANY = ("ALL", "F", "M", "LEP", "NLEP", "IDEA", "NIDEA", "ECODIS", "NECODIS", "WH7")
FEW = ("ALL",)


def test_few_rows_do_not_take_the_place_of_many(workspace):
    send(workspace, "outcome_metric", *outcomes(*MANY), name="all.csv")

    receipt = send(workspace, "outcome_metric", *outcomes(*FEW), name="few.csv")

    assert receipt.status is Status.HELD
    assert "take the place of 10 rows" in the_group(receipt, "E532").message
    assert workspace.lake.current("outcome_metric").collect().height == len(MANY)


def test_a_run_after_a_crash_does_not_compare_a_submission_with_itself(
    workspace, monkeypatch
):
    """What stood before is gone from the table once the rows have landed."""
    send(workspace, "outcome_metric", *outcomes(*MANY), name="all.csv")
    held = send(workspace, "outcome_metric", *outcomes(*FEW), name="few.csv")
    [waiver] = waive.explain(
        workspace, SITE, held.submission_id, "E532", "It is right."
    )
    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")

    def crash(_receipt):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(workspace.ledger, "record", crash)
        with pytest.raises(RuntimeError):
            replay_waiting(workspace)
    assert workspace.lake.current("outcome_metric").collect().height == len(FEW)
    [freed] = replay_waiting(workspace)

    assert the_group(freed, "E532").severity is Severity.INFO
    assert replay_waiting(workspace) == []


def test_a_warning_about_rows_is_let_through_whatever_else_changes_in_them(workspace):
    contract = workspace.catalogue.get("site_profile")
    change = profile("2025-2026", 1000) | {"locale_code": None}
    receipt = send(workspace, "site_profile", change)
    assert the_group(receipt, "R302").field == "locale_code"
    [waiver] = waive.explain(workspace, SITE, receipt.submission_id, "R302", "Unknown.")
    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")

    same = send(
        workspace, "site_profile", change | {"site_name": "New name"}, name="2.csv"
    )

    assert the_group(same, "R302").severity is Severity.INFO
    assert contract.field("locale_code").title


def test_an_error_in_a_row_cannot_be_explained_away(workspace):
    change = lesson(SITE, 1, "one") | {"element_code": "XX"}
    receipt = send(workspace, "lesson_learned", change)

    with pytest.raises(WaiverImpossible, match="has to be corrected"):
        waive.explain(workspace, SITE, receipt.submission_id, "R307", "It is right.")


def test_what_is_not_there_is_said(workspace):
    with pytest.raises(WaiverImpossible, match="no submission"):
        waive.explain(workspace, SITE, f"{SITE}-none", "E535", "Why.")
    with pytest.raises(WaiverImpossible, match="waiver list"):
        waive.accept(workspace, "nothing", until=UNTIL, by="Pilot office")


def test_explaining_twice_is_explaining_once(workspace):
    held = send_copies(workspace)

    waive.explain(workspace, SITE, held.submission_id, "E535", "Together.")
    waive.explain(workspace, SITE, held.submission_id, "E535", "In other words.")

    [waiver] = workspace.waivers.all()
    assert waiver.explanation.text == "Together."


def test_checking_at_the_desk_gives_the_same_answer(workspace, tmp_path):
    send_lessons(workspace, OTHER, "one", "two", "three")
    rows = [lesson(SITE, n, text) for n, text in enumerate(("one", "two", "four"), 1)]
    path = tmp_path / "lessons.csv"
    path.write_bytes(csv_bytes(workspace.catalogue.get("lesson_learned"), *rows))

    known = {"catalogue": workspace.catalogue}
    checked = check_file(path, workspace=workspace, sender_id=SITE, **known)
    offline = check_file(path, sender_id=SITE, **known)

    assert checked.status is Status.HELD
    assert the_group(checked, "E535").count == 1
    assert "E535" in offline.parts[0].not_checked


def measure(group: str, denominator: int, **changes: str) -> dict[str, str]:
    return {
        "site_id": SITE,
        "school_year": "2025-2026",
        "metric_code": "M11",
        "grade_band": "09-12",
        "student_group": group,
        "numerator": "40",
        "denominator": str(denominator),
        **changes,
    }


def send_measures(workspace: Workspace, whites: int, *more: dict, **changes: str):
    rows = [
        measure("ALL", 200, **changes),
        measure("HI7", 120, **changes),
        measure("WH7", whites, **changes),
    ]
    name = f"{whites} {len(more)} {len(changes)}.csv"
    return send(workspace, "outcome_metric", *more, *rows, name=name)


@pytest.fixture
def sums_let_through(workspace):
    first = send_measures(workspace, 81)
    [waiver] = waive.explain(
        workspace, SITE, first.submission_id, "E504", "One child changed groups."
    )
    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")
    return workspace


def test_a_warning_that_was_let_through_stays_so_beside_other_rows(sums_let_through):
    other = measure("ALL", 90, grade_band="06-08")

    again = send_measures(sums_let_through, 81, other)

    assert the_group(again, "E504").severity is Severity.INFO


@pytest.mark.parametrize(
    ("whites", "changes"),
    [(380, {}), (81, {"metric_code": "M10"}), (81, {"school_year": "2024-2025"})],
)
def test_a_warning_is_raised_again_when_what_it_is_about_changed(
    sums_let_through, whites, changes
):
    again = send_measures(sums_let_through, whites, **changes)

    group = the_group(again, "E504")
    assert group.severity is Severity.WARNING
    assert "numbers changed" in (group.note or "")


def test_a_warning_about_what_is_missing_covers_only_what_was_missing_then(workspace):
    def rate(*elements: str):
        rows = [{"element_code": element} for element in elements]
        name = f"{len(elements)}.csv"
        return send(workspace, "implementation_status", *rows, name=name)

    first = rate("CBE1", "CBE2", "CBE3")
    [waiver] = waive.explain(workspace, SITE, first.submission_id, "E501", "Later.")
    waive.accept(workspace, waiver.waiver_id, until=UNTIL, by="Pilot office")

    assert the_group(rate("CBE1", "CBE2"), "E501").severity is Severity.WARNING
