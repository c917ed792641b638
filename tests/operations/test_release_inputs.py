"""What the manifest tells of a release's making: counts, and one digest of its inputs."""

import hashlib
from datetime import UTC, datetime

from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.operations.release_inputs import release_inputs, table_counts
from pcbl_pipeline.publication.exports import tables_of
from pcbl_pipeline.storage.local import LocalStore
from tests.operations.test_annual import receipt
from tests.support.editions import edition_content

DAY = datetime(2026, 10, 1, tzinfo=UTC)


def test_each_table_is_counted_with_what_it_hides():
    editions = {name: edition_content(edition=name) for name in ("public", "agency")}

    counts = table_counts(editions)

    for name, content in editions.items():
        frames = {table.name: frame for table, frame in tables_of(content)}
        assert {table: item.rows for table, item in counts[name].items()} == {
            table: frame.height for table, frame in frames.items()
        }
    awards = {table.name: frame for table, frame in tables_of(editions["public"])}[
        "pub10_awards"
    ]
    few = [row for row in awards.to_dicts() if row["completed"] is None]
    assert counts["public"]["pub10_awards"].hidden == len(few)
    assert counts["public"]["pub5_outcomes"].hidden > 0
    assert counts["public"]["pub1_lessons"].hidden == 0


def test_the_inputs_are_one_digest_that_names_no_submission(tmp_path):
    ledger = Ledger(LocalStore(tmp_path))
    sent = [receipt(number, "site_profile", DAY, {}) for number in (2, 1, 3)]
    nothing = receipt(4, "site_profile", DAY, {}, accepted=0)
    for item in (*sent, nothing):
        ledger.record(item)
    leaving = sent.pop()

    inputs = release_inputs(ledger, frozenset({leaving.submission_id}))

    lines = sorted(f"{item.submission_id} {item.sha256}\n" for item in sent)
    assert inputs.submissions == 2
    assert inputs.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert "0499901" not in inputs.model_dump_json()
    assert release_inputs(ledger, frozenset()).sha256 != inputs.sha256
