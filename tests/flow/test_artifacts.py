"""A receipt as a Prefect artifact."""

import re

from hypothesis import given
from hypothesis import strategies as st

from flows.artifacts import receipt_markdown
from pcbl_pipeline.model.receipt import Receipt, RowCounts, Status
from pcbl_pipeline.operations.ingest import ingest_arrival
from tests.support.builders import EPOCH
from tests.support.workspaces import drop, lessons_csv


def test_it_tells_counts_rules_and_what_to_do(workspace):
    content = lessons_csv(workspace, 1, lesson_type="Worked!")
    receipt = ingest_arrival(workspace, drop(workspace, "a.csv", content))

    page = receipt_markdown(receipt)

    assert "1 rows: 0 accepted, 1 in quarantine, 0 refused." in page
    for group in receipt.all_findings:
        assert f"| {group.code} {group.name} |" in page


def test_it_holds_no_value_of_a_row(workspace):
    content = lessons_csv(workspace, 1, lesson_type="Worked!", title="Canary words")
    receipt = ingest_arrival(workspace, drop(workspace, "a.csv", content))

    page = receipt_markdown(receipt)

    assert "Worked!" not in page
    assert "Canary" not in page


@given(name=st.text(min_size=1))
def test_a_file_name_can_neither_break_nor_mark_up_the_page(name):
    receipt = Receipt.model_construct(
        file_name=name,
        sender_name="Invented",
        sender_id="0499901",
        submission_id="0499901-aa",
        revision=1,
        received_at=EPOCH,
        status=Status.ACCEPTED,
        rows=RowCounts(),
    )

    title = receipt_markdown(receipt).split("\n")[0]

    assert title.endswith(": accepted")
    assert not re.search(r"(?<!\\)[<>|`\[\]]", title)
