"""The planning of help on its way to its tables: which files count, and who sees what."""

from datetime import UTC, date, datetime

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.model.progress import SinceLast, Try
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, RowCounts, Status, Verdict
from pcbl_pipeline.operations.summaries.planning import planning_tables
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.publication.tables import TABLES
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.workspace import parse_network
from tests.support.builders import NETWORK_YAML
from tests.support.frames import lake_rows

NETWORK = parse_network(NETWORK_YAML)
#: Ten in the evening of the day before in Phoenix, where the network is.
FIRST, SECOND = (datetime(2026, 9, day, 5, tzinfo=UTC) for day in (2, 11))
HELPED = {"topic": "data_systems", "sites_served": ["0499901"]}
DATASETS = (
    *("ta_request", "ta_event", "implementation_status", "barrier_and_waiver"),
    *("site_profile", "lesson_learned"),
)


def receipt(number, sender, fixed):
    first = Try(
        submission_id=f"{sender}-{0:012x}",
        file_name="first.csv",
        received_at=FIRST,
        to_correct=fixed,
        rows_waiting=fixed,
    )
    part = ReceiptPart(
        dataset="lesson_learned",
        verdict=Verdict.ACCEPTED,
        since_last=SinceLast(fixed=fixed, still_open=0, new=0, tries=(first,)),
    )
    return Receipt(
        submission_id=f"{sender}-{number:012x}",
        sender_id=sender,
        sender_name="Invented",
        file_name="second.csv",
        sha256=f"{number:064x}",
        size_bytes=1,
        received_at=SECOND,
        source_object=f"sites/{sender}/inbox/second.csv",
        status=Status.ACCEPTED,
        rows=RowCounts(),
        parts=(part, ReceiptPart(dataset="ta_request", verdict=Verdict.ACCEPTED)),
        pipeline_version="0.1.0",
    )


@pytest.fixture
def tables(tmp_path):
    """Return the tables of an edition after two sites and an agency sent two files."""
    ledger = Ledger(LocalStore(tmp_path))
    for number, sender in enumerate(("0499901", "3899901", "sea-04"), start=1):
        ledger.record(receipt(number, sender, fixed=number))

    def made(edition, *events):
        frames = {name: lake_rows(name, []) for name in DATASETS}
        frames["ta_event"] = lake_rows("ta_event", events)
        rows = LakeRows(None, ledger, frames)  # type: ignore[arg-type] - never read
        scope = SummaryScope(NETWORK, load_catalogue(), edition, date(2026, 11, 20))
        return planning_tables(rows, scope)

    return made


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 8, 31), "not_helped"),
        (date(2026, 9, 1), "helped"),
        (date(2026, 9, 10), "helped"),
        (date(2026, 9, 11), "not_helped"),
    ],
)
def test_help_lies_between_the_days_of_two_files_where_the_network_is(
    tables, day, kind
):
    found = tables("agency", {**HELPED, "event_date": day})["pub2_findings"]

    fixed = dict(found.select("kind", "fixed").rows())
    # The other site's two findings are among those without help; an agency is no site.
    assert fixed == ({"helped": 1, "not_helped": 2} if kind == "helped" else {kind: 3})


def test_files_of_two_sites_are_told_to_agencies_alone(tables):
    assert tables("network")["pub2_findings"].is_empty()
    assert tables("public")["pub2_findings"].is_empty()


@pytest.mark.parametrize("edition", ["public", "network", "agency"])
def test_each_edition_has_its_tables_and_they_conform(tables, edition):
    made = tables(edition)

    shapes = {table.name: table for table in TABLES}
    for name, frame in made.items():
        shapes[name].conform(frame)
    tells_all = {"pub8_first", "pub8_sessions", "pub8_answered"} & made.keys()
    assert bool(tells_all) == (edition != "public")
