"""Small releases for tests: a few files in three editions."""

import json
from datetime import UTC, date, datetime

from pcbl_pipeline.model.release import ReleaseEvent, ReleaseFacts
from pcbl_pipeline.publication.register import events_of
from pcbl_pipeline.publication.release import Draft, write_candidate, write_release

NOVEMBER = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
FACTS = ReleaseFacts(
    as_of=date(2026, 11, 22),
    pipeline_version="0.1.0",
    contract_versions={"lesson_learned": "1.0", "ta_request": "1.0"},
    code_list_versions={"element_code": "2020-07-01"},
    minimum_group_sizes={"04": 10, "32": 15},
    withheld={"text_screen": 2},
    fictional=True,
)
SITE = "sites/0499901"
EDITIONS = ("public", "network", SITE)


def parts_of(text, *, extra=(), look="plain"):
    """Return data files and pages of a release that says one word."""

    def pages(release_id):
        return {
            edition: iter(
                [
                    ("index.html", f"{text} in {release_id} {edition}".encode()),
                    *((name, b"extra") for name in extra),
                    ("assets/style.css", look.encode()),
                ]
            )
            for edition in EDITIONS
        }

    data = {edition: {"data/a.csv": f"{text}\r\n".encode()} for edition in EDITIONS}
    return data, pages


def publish(store, text="one", *, at=NOVEMBER, extra=(), look="plain", **changes):
    """Publish a release of a few small files, in three editions."""
    data, pages = parts_of(text, extra=extra, look=look)
    draft = Draft(data, pages, changes.pop("facts", FACTS), at)
    return write_release(store, draft, **changes)


def publish_pairs(store, pairs):
    """Publish a release whose agency edition has these pairs of lessons."""
    content = json.dumps({"rows": pairs}).encode()
    data = {"agency": {"data/pub1_near_duplicates.json": content}}
    draft = Draft(data, lambda _: {"agency": iter([])}, FACTS, NOVEMBER)
    return write_release(store, draft)


def preview(store, text="one", *, at=NOVEMBER):
    """Write a candidate of a few small files, in three editions."""
    data, pages = parts_of(text)
    return write_candidate(store, Draft(data, pages, FACTS, at))


def event(store, release_id, kind, *, by="An officer", reason=None):
    """Return what a person decides about a release."""
    return ReleaseEvent(
        release_id=release_id,
        kind=kind,
        happened_at=NOVEMBER,
        by=by,
        reason=reason,
        manifest_sha256=events_of(store, release_id)[0].manifest_sha256,
    )
