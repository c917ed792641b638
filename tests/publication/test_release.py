"""Releases: numbered, immutable, whole or not there, and one of them current."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from pcbl_pipeline.errors import PublicationBlocked, StoreConflict, StoreUnavailable
from pcbl_pipeline.model.release import Manifest, Release, ReleaseFacts, release_order
from pcbl_pipeline.publication.exports import data_files
from pcbl_pipeline.publication.keys import CURRENT
from pcbl_pipeline.publication.pages.website import page_files
from pcbl_pipeline.publication.release import (
    Draft,
    content_digest,
    find_current,
    write_release,
)
from pcbl_pipeline.publication.verify import verify_release
from pcbl_pipeline.storage.local import LocalStore
from tests.support.editions import edition_content, lesson
from tests.support.html import read_html
from tests.support.releases import EDITIONS, FACTS, NOVEMBER, SITE, publish
from tests.support.stores import CrashingStore, MeddlingStore


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


def keys(store):
    return [item.key for item in store.list("publications/")]


def everything(store):
    return {item.key: store.get(item.key) for item in store.list("publications/")}


def assert_consistent(store):
    """Require that exactly one release is current, whole, and led to."""
    current = find_current(store)
    assert current is not None
    assert verify_release(store, current.release_id) == []
    for edition in current.editions:
        page = read_html(store.get(f"publications/{edition}/index.html"))
        target = page.first("a").get("href")
        up = "../../" if edition.startswith("sites/") else "../"
        assert target == f"{up}releases/{current.release_id}/{edition}/index.html"
    return current


def test_there_is_no_release_before_the_first(store):
    assert find_current(store) is None


def test_the_first_release_is_current_and_whole(store):
    release = publish(store)

    assert release.release_id == "2026.11.1"
    assert assert_consistent(store) == release
    assert keys(store) == [
        "publications/current.json",
        "publications/network/index.html",
        "publications/public/index.html",
        "publications/register/2026.11.1/0001.json",
        *(
            f"publications/releases/2026.11.1/{name}"
            for name in (
                "manifest.json",
                "network/assets/style.css",
                "network/data/a.csv",
                "network/index.html",
                "network/manifest.json",
                "plan.json",
                "public/assets/style.css",
                "public/data/a.csv",
                "public/index.html",
                "public/manifest.json",
                f"{SITE}/assets/style.css",
                f"{SITE}/data/a.csv",
                f"{SITE}/index.html",
                f"{SITE}/manifest.json",
            )
        ),
        f"publications/{SITE}/index.html",
    ]


def test_the_same_inputs_give_the_same_bytes(store, tmp_path):
    other = LocalStore(tmp_path / "other")

    publish(store)
    publish(other)

    assert everything(store) == everything(other)


def test_the_order_of_facts_does_not_matter(store, tmp_path):
    other = LocalStore(tmp_path / "other")
    turned = FACTS.model_copy(
        update={
            name: dict(reversed(getattr(FACTS, name).items()))
            for name in ("contract_versions", "minimum_group_sizes")
        }
    )

    publish(store)
    publish(other, facts=turned)

    assert everything(store) == everything(other)


def test_an_unchanged_network_makes_no_new_release(store):
    publish(store)
    before = everything(store)

    again = publish(store, at=NOVEMBER + timedelta(days=3))

    assert again.release_id == "2026.11.1"
    assert everything(store) == before


def test_new_pages_alone_make_no_new_release(store):
    publish(store)

    assert publish(store, extra=["new.html"]).release_id == "2026.11.1"


def test_a_new_version_of_the_pipeline_makes_a_new_release(store):
    publish(store)
    newer = FACTS.model_copy(update={"pipeline_version": "0.2.0"})

    assert publish(store, facts=newer).release_id == "2026.11.2"
    assert publish(store, facts=newer).release_id == "2026.11.2"


def test_a_release_can_be_asked_for_without_any_change(store):
    publish(store)

    assert publish(store, even_if_unchanged=True).release_id == "2026.11.2"
    assert_consistent(store)


def test_changed_data_make_the_next_release_and_leave_the_former_as_it_was(store):
    first = publish(store, "one")
    before = everything(store)

    second = publish(store, "two")

    assert second.release_id == "2026.11.2"
    assert_consistent(store)
    assert verify_release(store, first.release_id) == []
    after = everything(store)
    old = "publications/releases/2026.11.1/"
    assert {k: v for k, v in before.items() if k.startswith(old)} == {
        k: v for k, v in after.items() if k.startswith(old)
    }
    manifest = Manifest.model_validate_json(after[second.manifest_key])
    assert manifest.previous_release_id == "2026.11.1"


def test_going_back_to_earlier_data_is_a_new_release(store):
    publish(store, "one")
    publish(store, "two")

    assert publish(store, "one").release_id == "2026.11.3"


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (NOVEMBER, datetime(2026, 12, 1, tzinfo=UTC), "2026.12.1"),
        (NOVEMBER, datetime(2027, 1, 1, tzinfo=UTC), "2027.01.1"),
        (NOVEMBER, datetime(2026, 10, 31, tzinfo=UTC), "2026.11.2"),
        (
            NOVEMBER,
            datetime(2026, 11, 30, 20, tzinfo=timezone(timedelta(hours=-6))),
            "2026.11.2",
        ),
    ],
)
def test_numbers_follow_the_calendar_of_the_network_and_only_rise(
    store, first, then, expected
):
    publish(store, "one", at=first)

    assert publish(store, "two", at=then).release_id == expected


def test_numbers_rise_beyond_nine(store):
    for number in range(1, 12):
        release = publish(store, str(number))

    assert release.release_id == "2026.11.11"
    assert release_order("2026.11.11") > release_order("2026.11.9")


@pytest.mark.parametrize("text", ["2026.13.1", "2026.1.1", "2026.11.0", "x", "2026.11"])
def test_only_release_ids_can_be_ordered(text):
    with pytest.raises(ValueError, match="not a release id"):
        release_order(text)


def test_the_manifest_says_where_the_release_comes_from(store):
    release = publish(store)

    manifest = json.loads(store.get(release.manifest_key))

    assert manifest["facts"]["withheld"] == {"text_screen": 2}
    assert manifest["facts"]["minimum_group_sizes"] == {"04": 10, "32": 15}
    assert manifest["created_at"] == "2026-11-22T06:30:00Z"
    assert manifest["content_digest"] == release.content_digest
    listed = {item["path"]: item for item in manifest["files"]}
    assert listed["public/data/a.csv"]["is_data"]
    assert listed["public/index.html"]["size"] == len("one in 2026.11.1 public")


def test_what_an_edition_says_of_itself_holds_nothing_of_the_others(store):
    publish(store)

    own = store.get("publications/releases/2026.11.1/public/manifest.json")

    assert b"network" not in own
    assert b"withheld" not in own
    assert [item["path"] for item in json.loads(own)["files"]] == [
        *("assets/style.css", "data/a.csv", "index.html")
    ]


def test_reasons_that_did_not_occur_are_not_listed():
    with pytest.raises(ValidationError, match="only reasons that occurred"):
        ReleaseFacts(**{**FACTS.model_dump(), "withheld": {"text_screen": 0}})


def test_the_content_digest_sees_every_path_edition_and_byte():
    base = {"public": {"data/a.csv": b"1", "data/b.csv": b"2"}}

    digests = {
        content_digest(data)
        for data in (
            base,
            {"network": base["public"]},
            {"public": {"data/a.csv": b"2", "data/b.csv": b"1"}},
            {"public": {"data/a.csv": b"1"}},
            {"public": base["public"], "network": {}} | {"network": {"x": b""}},
        )
    }

    assert len(digests) == 5
    assert content_digest(base) == content_digest(
        {"public": dict(reversed(base["public"].items()))}
    )


def test_two_files_of_one_name_block_the_release(store):
    with pytest.raises(
        PublicationBlocked, match=r"two files of the name `index\.html`"
    ):
        publish(store, extra=["index.html"])
    assert find_current(store) is None


def test_a_door_that_leads_elsewhere_is_put_right_by_the_next_run(store):
    publish(store)
    store.put("publications/public/index.html", b"spoilt")
    store.delete("publications/network/index.html")

    publish(store)

    assert_consistent(store)


def test_each_rule_has_a_door_that_follows_the_release(store):
    page = "contracts/rules/R307.html"
    publish(store, extra=[page, "contracts/rules/index.html", "contracts/R308.html"])
    publish(store, "two", extra=[page])

    links = read_html(store.get("publications/public/rules/R307.html")).all("a")
    assert [link.get("href") for link in links] == [
        f"../../releases/2026.11.2/public/{page}"
    ]
    doors = [item.key for item in store.list("publications/public/rules/")]
    assert [key.rpartition("/")[2] for key in doors] == ["R307.html"]


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("earlier", [False, True], ids=["first", "second"])
def test_a_crash_at_any_write_leaves_the_old_release_and_the_next_run_finishes(
    tmp_path, late, earlier
):
    counting = CrashingStore(LocalStore(tmp_path / "count"), crash_at=None)
    publish(counting, "new")
    assert counting.writes > 10

    for crash_at in range(1, counting.writes + 1):
        store = LocalStore(tmp_path / str(crash_at))
        if earlier:
            publish(store, "old")
        old = find_current(store)
        with pytest.raises(StoreUnavailable):
            publish(CrashingStore(store, crash_at=crash_at, late=late), "new")
        seen = find_current(store)
        if seen != old:
            assert verify_release(store, seen.release_id) == []

        publish(store, "new", at=NOVEMBER + timedelta(hours=1))

        current = assert_consistent(store)
        # What the broken run had begun was completed, not begun once more.
        assert current.release_id == ("2026.11.2" if earlier else "2026.11.1")
        assert publish(store, "new") == current


@pytest.mark.parametrize("crash_at", range(1, 10))
def test_other_data_after_a_crash_take_the_next_number(store, crash_at):
    with pytest.raises(StoreUnavailable):
        publish(CrashingStore(store, crash_at=crash_at), "new")

    publish(store, "newer")

    current = assert_consistent(store)
    assert current.release_id == ("2026.11.1" if crash_at == 1 else "2026.11.2")
    assert store.get(
        f"publications/releases/{current.release_id}/public/data/a.csv"
    ) == (b"newer\r\n")


@pytest.mark.parametrize("crash_at", range(2, 14))
@pytest.mark.parametrize("other", [{"extra": ["withdrawn.html"]}, {"look": "new"}])
def test_pages_of_a_broken_run_never_get_into_another_release(store, crash_at, other):
    # The same data and thus the same plan, but made by code that was changed since.
    with pytest.raises(StoreUnavailable):
        publish(CrashingStore(store, crash_at=crash_at), "new", **other)

    release = publish(store, "new", even_if_unchanged=True)

    assert_consistent(store)
    folder = f"publications/releases/{release.release_id}/"
    files = {
        key: content for key, content in everything(store).items() if folder in key
    }
    assert not [key for key in files if "withdrawn" in key]
    assert files[f"{folder}public/assets/style.css"] == b"plain"


def test_two_publishers_of_the_same_data_make_one_release(store):
    for before in range(1, 19):
        text = f"data {before}"
        done = []
        meddling = MeddlingStore(
            store,
            before=before,
            meddle=lambda text=text, done=done: done.append(
                publish(store, text, at=NOVEMBER + timedelta(minutes=5))
            ),
        )

        release = publish(meddling, text)

        assert done == [release]
        assert assert_consistent(store) == release
    assert release.release_id == "2026.11.18"


@pytest.mark.parametrize("before", range(1, 12))
def test_of_two_publishers_of_different_data_one_starts_again(store, before):
    meddling = MeddlingStore(
        store, before=before, meddle=lambda: publish(store, "theirs")
    )

    with pytest.raises(StoreConflict):
        publish(meddling, "ours")

    assert_consistent(store)
    theirs = find_current(store)
    again = publish(store, "ours")
    assert assert_consistent(store) == again
    assert release_order(again.release_id) > release_order(theirs.release_id)


def test_many_publishers_at_once_leave_one_consistent_release(store):
    def until_done(text):
        while True:
            try:
                return publish(store, text)
            except StoreConflict:
                continue

    with ThreadPoolExecutor(4) as pool:
        releases = list(pool.map(until_done, ["a", "b", "c", "d"]))

    current = assert_consistent(store)
    assert current == max(releases, key=lambda item: release_order(item.release_id))
    assert len({item.release_id for item in releases}) == len(releases)
    for release in releases:
        assert verify_release(store, release.release_id) == []


def test_the_door_follows_whoever_switched_last(store):
    publish(store, "old")
    writes = CrashingStore(store, crash_at=None)
    publish(writes, "new")
    # The last two writes are the doors; the other publisher comes in between.
    meddling = MeddlingStore(
        store, before=writes.writes, meddle=lambda: publish(store, "newest")
    )

    publish(meddling, "newer")

    assert assert_consistent(store).release_id == "2026.11.4"


def test_readers_never_see_a_release_that_is_not_whole(store):
    publish(store, "old")

    class Watching(CrashingStore):
        def __getattr__(self, name):
            current = find_current(store)
            if current is not None:
                assert verify_release(store, current.release_id) == []
            return super().__getattr__(name)

    publish(Watching(store, crash_at=None), "new")

    assert_consistent(store)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda s, f: s.put(f + "public/index.html", b"x"), "not what was published"),
        (lambda s, f: s.delete(f + "network/data/a.csv"), "is missing"),
        (lambda s, f: s.put(f + "public/new.html", b"x"), "in no manifest"),
        (lambda s, f: s.delete(f + "manifest.json"), "never finished"),
        (lambda s, f: s.put(f + "manifest.json", b"{}"), "cannot be read"),
        (lambda s, f: s.put(f + "public/manifest.json", b"{}"), "cannot be read"),
        (lambda s, f: s.delete(f + "public/manifest.json"), "is missing"),
    ],
)
def test_verification_names_what_is_wrong(store, spoil, expected):
    release = publish(store)

    spoil(store, "publications/releases/2026.11.1/")

    problems = verify_release(store, release.release_id)
    assert any(expected in problem for problem in problems), problems


def test_verification_sees_an_exchanged_manifest(store):
    release = publish(store)
    key = release.manifest_key
    manifest = json.loads(store.get(key))
    manifest["content_digest"] = "0" * 64
    manifest["files"] = [
        {**item, "sha256": "0" * 64} if item["path"] == "public/index.html" else item
        for item in manifest["files"]
    ]
    store.put(key, json.dumps(manifest).encode())

    problems = "\n".join(verify_release(store, release.release_id))

    assert "not the one that the pointer names" in problems
    assert "content digest" in problems
    assert "does not name the edition's files" in problems
    assert "not what was published" in problems


def test_a_real_edition_is_released_whole_and_opens_from_the_folder(store, tmp_path):
    contents = {
        edition: edition_content([lesson(1), lesson(2)], edition=edition, assistance=())
        for edition in ("public", "network")
    }
    data = {edition: data_files(content) for edition, content in contents.items()}

    release = write_release(
        store,
        Draft(
            data,
            lambda release_id: {
                edition: page_files(content, data[edition], release_id=release_id)
                for edition, content in contents.items()
            },
            FACTS,
            NOVEMBER,
        ),
    )

    assert assert_consistent(store) == release
    folder = tmp_path / "store/publications"
    door = read_html((folder / "public/index.html").read_bytes())
    start = folder / "public" / door.first("a").get("href")
    assert "2026.11.1" in read_html(start.resolve().read_bytes()).first("footer").text
    refresh = [meta.get("content") for meta in door.all("meta")]
    assert f"0; url={door.first('a').get('href')}" in refresh


def test_the_pointer_holds_what_the_next_run_needs(store):
    release = publish(store)

    pointer = Release.model_validate_json(store.get(CURRENT))

    assert pointer == release
    assert pointer.as_of == date(2026, 11, 22)
    assert pointer.created_at == NOVEMBER
    assert set(pointer.editions) == set(EDITIONS)


def test_no_edition_has_a_folder_with_the_name_of_one(store):
    # Permissions go by such names wherever they stand in a key.
    with pytest.raises(
        PublicationBlocked, match="a folder with the name of an edition"
    ):
        publish(store, extra=["outcomes/sites/0499902.html"])

    assert find_current(store) is None


def test_no_page_of_ours_lies_in_such_a_folder():
    files = {**data_files(edition_content()), **dict(_pages_of(edition_content()))}

    folders = {part for path in files for part in path.split("/")[:-1]}

    assert not folders & {"public", "network", "agency", "sites"}


def _pages_of(content):
    return page_files(content, data_files(content), release_id="2026.11.1")
