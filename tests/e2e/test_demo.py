"""The demo's whole input: planted mistakes = reported findings, exactly."""

import polars as pl
import pytest

from pcbl_pipeline.demo.answer_key import AnswerKey, Outcome
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.editions import EditionsData, make_editions, pages_of
from pcbl_pipeline.operations.publish import publish
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.operations.summarise import public_id_maker
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.publication.verify import verify_release
from pcbl_pipeline.workspace import Workspace
from tests.support.demo_run import DemoRun, run_of_demo
from tests.support.readable import readable


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> DemoRun:
    return run_of_demo(tmp_path_factory.mktemp("demo"))


def reported(receipt: Receipt) -> list[tuple]:
    """Return every finding as (code, dataset, field, row), sorted."""
    found = [
        (finding.code, finding.dataset or "", finding.field or "", place.row or 0)
        for finding in receipt.all_findings
        for place in finding.places
    ]
    return sorted(found)


def planted(outcome: Outcome) -> list[tuple]:
    return sorted(
        (item.code, item.dataset or "", item.field or "", item.row or 0)
        for item in outcome.findings
    )


def rows_of(receipt: Receipt) -> list[tuple]:
    return sorted(
        (
            part.dataset or "",
            part.rows.received,
            part.rows.accepted,
            part.rows.quarantined,
            part.rows.refused,
        )
        for part in receipt.parts
    )


def expected_rows(outcome: Outcome) -> list[tuple]:
    return sorted(
        (r.dataset or "", r.received, r.accepted, r.quarantined, r.refused)
        for r in outcome.rows
    )


def test_planted_mistakes_are_the_reported_findings(demo) -> None:
    key, receipts = demo.key, demo.receipts
    wrong = {
        item.path: (planted(item.first), reported(receipts[item.path]))
        for item in key.files
        if item.repeat_of is None
        and planted(item.first) != reported(receipts[item.path])
    }

    assert wrong == {}


def test_rows_end_where_the_key_says(demo) -> None:
    key, receipts = demo.key, demo.receipts
    for item in key.files:
        receipt = receipts[item.path]
        if item.repeat_of is not None:
            assert receipt.repeat, item.path
            continue
        assert receipt.status == item.first.status, item.path
        assert rows_of(receipt) == expected_rows(item.first), item.path


def test_replays_free_what_waited(demo) -> None:
    key, workspace, receipts = demo.key, demo.workspace, demo.receipts
    for item in key.files:
        if item.repeat_of is not None:
            continue
        standing = workspace.ledger.find_receipt(
            item.sender_id, receipts[item.path].submission_id
        )
        assert standing is not None
        assert standing.status == item.standing.status, item.path
        assert reported(standing) == planted(item.standing), item.path


def test_the_lake_holds_what_the_key_counts(demo) -> None:
    key, workspace = demo.key, demo.workspace
    held = {
        dataset: workspace.lake.current(dataset).collect().height
        for dataset in key.lake_rows
    }

    assert held == key.lake_rows


TEXTS = ("title", "situation", "action", "result", "recommendation")


def published(workspace: Workspace, key: AnswerKey) -> dict[str, dict[str, bytes]]:
    """Publish if need be, and return each edition's files."""
    workspace.store.put_if_absent(layout.PUBLIC_ID_SALT, b"0" * 32)
    publish(workspace, as_of=key.as_of)
    release = find_current(workspace.store)
    assert release is not None
    folder = f"{layout.PUBLICATIONS}releases/{release.release_id}/"
    return {
        edition: {
            item.key.removeprefix(f"{folder}{edition}/"): workspace.store.get(item.key)
            for item in workspace.store.list(f"{folder}{edition}/")
        }
        for edition in release.editions
    }


def assert_in_no_file(files: dict[str, bytes], secrets: set[str]) -> None:
    # Made before any row is read; its examples are the demo's ids too.
    contracts = [path for path in files if path.startswith("contracts/")]
    examples = "".join(readable(path, files[path]) for path in contracts)
    in_examples = {secret for secret in secrets if secret in examples}
    for path in files.keys() - set(contracts):
        text = readable(path, files[path])
        # The search finds what stands in the contracts' pages.
        known = in_examples if path.startswith("search/") else set()
        for secret in secrets - known:
            assert secret not in text, f"{path} gives away {secret[:40]!r}"


def test_editions_hold_nothing_that_their_readers_may_not_see(demo) -> None:
    """Search every file of every edition for what must not be in it."""
    key, workspace = demo.key, demo.workspace
    lessons = workspace.lake.current("lesson_learned").collect()
    newest = lessons.sort("revision").unique("lesson_id", keep="last")
    held = {item.lesson_id for item in key.narrative_holds}
    never = newest.filter(
        (pl.col("share_level") == "sea_only")
        | (pl.col("reviewed_no_pii") == "N")
        | pl.col("lesson_id").is_in(list(held))
    )
    only_network = newest.filter(pl.col("share_level") == "network")
    profiles = workspace.lake.current("site_profile").collect()
    silent = profiles.sort("school_year").unique("site_id", keep="last")
    silent = silent.filter(pl.col("consent_publish_name") == "N")
    ids = set(lessons["lesson_id"]) | set(silent["site_id"]) | set(silent["site_name"])
    contacts = set(profiles["contact_email"].drop_nulls())
    learners = workspace.lake.current("competency_record").collect()["student_key"]
    assert len(never) > 3
    assert len(only_network) > 3
    assert len(silent) > 0
    assert len(learners) > 0

    files = published(workspace, key)

    for edition in ("public", "network"):
        hidden = texts_of(never) | ids | contacts | set(learners)
        assert_in_no_file(files[edition], hidden)
    assert_in_no_file(files["public"], texts_of(only_network))
    assert_in_no_file(files["agency"], texts_of(never) | contacts | set(learners))
    for site_id in workspace.network.senders:
        if site_id in silent["site_id"]:
            others = {name for name in silent["site_id"] if name not in site_id}
            own = files[f"sites/{site_id}"]
            assert_in_no_file(own, texts_of(never) | contacts | others)


def texts_of(rows: pl.DataFrame) -> set[str]:
    return {text for name in TEXTS for text in rows[name].drop_nulls().to_list()}


def test_every_shared_lesson_can_be_read(demo) -> None:
    key, workspace = demo.key, demo.workspace
    newest = workspace.lake.current("lesson_learned").collect().sort("revision")
    newest = newest.unique("lesson_id", keep="last")
    held = {item.lesson_id for item in key.narrative_holds}
    shared = newest.filter(
        pl.col("share_level") == "public",
        pl.col("reviewed_no_pii") == "Y",
        ~pl.col("lesson_id").is_in(list(held)),
    )

    files = published(workspace, key)["public"]

    pages = "".join(
        readable(path, content) for path, content in files.items() if "lessons/" in path
    )
    missing = {title for title in shared["title"] if title not in pages}
    assert missing == set()


def test_lessons_that_repeat_another_are_proposed_and_texts_lead_to_lessons(
    demo,
) -> None:
    key, workspace = demo.key, demo.workspace

    files = published(workspace, key)

    public_id = public_id_maker(workspace.store)
    planted = {frozenset(map(public_id, pair)) for pair in key.near_duplicates}
    table = files["agency"]["data/pub1_near_duplicates.csv"]
    found = pl.read_csv(table, infer_schema=False)
    assert set(map(frozenset, found.select("first_id", "second_id").rows())) == planted
    assert not any("near_duplicates" in path for path in files["network"])
    sites = [files[f"sites/{site.site_id}"] for site in workspace.network.sites]
    matched = [
        pl.read_csv(own["data/pub7_lessons.csv"], infer_schema=False) for own in sites
    ]
    assert any("text" in rows["matched_by"] for rows in matched)


def test_the_order_of_rows_does_not_change_a_byte(demo) -> None:
    key, workspace = demo.key, demo.workspace
    # The audit of statistics takes its time; those that are released are repeated.
    published(workspace, key)
    rows = LakeRows(workspace.lake, workspace.ledger)
    shuffled = LakeRows(
        workspace.lake,
        workspace.ledger,
        {
            dataset: rows.frame(dataset).sample(fraction=1, shuffle=True, seed=7)
            for dataset in workspace.catalogue.contracts
        },
    )

    assert rendered(workspace, rows, key) == rendered(workspace, shuffled, key)


def rendered(
    workspace: Workspace, rows: LakeRows, key: AnswerKey
) -> dict[tuple[str, str], bytes]:
    """Return every file of every edition, as they would be published."""
    data = EditionsData(make_editions(workspace, rows, as_of=key.as_of))
    pages = pages_of(data, "2026.11.1")
    return {
        (edition, path): made
        for edition in data
        for path, made in {**data[edition], **dict(pages[edition])}.items()
    }


def test_publishing_again_finds_nothing_new(demo) -> None:
    key, workspace = demo.key, demo.workspace
    published(workspace, key)

    outcome = publish(workspace, as_of=key.as_of)

    assert outcome.release is None
    assert "Nothing new" in outcome.reason


def test_a_release_is_whole(demo) -> None:
    key, workspace = demo.key, demo.workspace
    published(workspace, key)
    release = find_current(workspace.store)
    assert release is not None

    assert verify_release(workspace.store, release.release_id) == []
