"""`pcbl release`: what people decide about releases, from the command line."""

import pytest

from pcbl_pipeline.errors import ReleaseImpossible
from pcbl_pipeline.publication.register import events_of
from pcbl_pipeline.publication.release import find_current
from tests.support.command_line import call, call_json
from tests.support.releases import preview, publish

BY = ("--by", "An officer")
WHY = ("--reason", "A wrong table")


@pytest.fixture
def store(workspace):
    return workspace.store


def standings():
    found = call_json("release", "list")
    return {item["release_id"]: item["standing"] for item in found}


def test_without_a_release_the_list_says_what_makes_one(workspace):
    assert "pcbl publish" in call("release", "list").stdout


def test_a_candidate_is_approved_and_the_list_says_by_whom(store):
    preview(store)

    assert standings() == {"2026.11.1": "candidate"}
    assert call_json("status")["waiting_release"] == "2026.11.1"
    assert "Waits for approval: 2026.11.1" in call("status").stdout
    answer = call_json("release", "approve", "2026.11.1", *BY)

    assert answer["release_id"] == "2026.11.1"
    assert standings() == {"2026.11.1": "current"}
    assert "An officer" in call("release", "list").stdout
    shown = call("release", "show", "2026.11.1").stdout
    assert "approved by An officer" in shown
    assert "as the release's manifest says" in shown


def test_what_is_current_already_is_said_with_the_name_on_record(store):
    preview(store)
    call("release", "approve", "2026.11.1", *BY)

    again = call("release", "approve", "2026.11.1", "--by", "Somebody else")

    assert "current already: An officer approved it" in again.stdout
    answer = call_json("release", "approve", "2026.11.1", "--by", "Somebody else")
    assert (answer["approved_by"], answer["was_current"]) == ("An officer", True)
    assert len(events_of(store, "2026.11.1")) == 2


def test_a_release_that_was_current_at_once_has_no_approval_to_tell(store):
    publish(store)

    told = call("release", "approve", "2026.11.1", *BY).stdout

    assert "it needed no approval" in told


def test_an_older_candidate_is_approved_only_if_that_is_meant(store):
    for text in ("one", "two", "three"):
        preview(store, text)

    refused = call("release", "approve", "2026.11.1", *BY)

    assert refused.exit_code == ReleaseImpossible.exit_code
    assert "2026.11.3, 2026.11.2" in refused.stderr
    assert find_current(store) is None
    told = call("release", "approve", "2026.11.1", *BY, "--older").stdout
    assert "Passed over: 2026.11.3, 2026.11.2." in told
    assert find_current(store).release_id == "2026.11.1"


@pytest.mark.parametrize("blank", ["", " \t"])
@pytest.mark.parametrize(
    "words",
    [
        ("approve", "2026.11.1", "--by"),
        ("reject", "2026.11.1", *BY, "--reason"),
        ("withdraw", "2026.11.1", *WHY, "--by"),
        ("withdraw", "2026.11.1", *BY, "--reason"),
        ("erratum", "Wrong", "--by"),
    ],
)
def test_a_blank_name_or_reason_is_a_wrong_argument(store, words, blank):
    preview(store)

    result = call("release", *words, blank)

    assert result.exit_code == 2
    assert "blank" in result.stderr
    assert len(events_of(store, "2026.11.1")) == 1


def test_a_candidate_is_rejected(store):
    preview(store)

    call("release", "reject", "2026.11.1", *BY, *WHY)

    assert standings() == {"2026.11.1": "rejected"}
    assert find_current(store) is None


def test_a_release_is_withdrawn_and_the_one_before_is_current(store):
    publish(store, "one")
    publish(store, "two")

    told = call("release", "withdraw", "2026.11.2", *BY, *WHY).stdout

    assert "Release 2026.11.1 is current now." in told
    assert standings() == {"2026.11.2": "withdrawn", "2026.11.1": "current"}
    assert "No release is current" in (
        call("release", "withdraw", "2026.11.1", *BY, *WHY).stdout
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("approve", "2026.11.9", *BY), "no finished release 2026.11.9"),
        (("reject", "2026.11.1", *BY, *WHY), "pcbl release withdraw"),
        (("withdraw", "2026.11.2", *BY, *WHY), "pcbl release reject"),
        (("erratum", "Wrong", "--table", "pub0", *BY), "no published table `pub0`"),
    ],
)
def test_what_cannot_be_done_is_answered_with_what_can(store, words, said):
    publish(store, "one")
    preview(store, "two")

    result = call("release", *words)

    assert result.exit_code == ReleaseImpossible.exit_code
    assert said in result.stderr


def test_an_erratum_needs_something_published(workspace):
    result = call("release", "erratum", "Wrong", *BY)

    assert result.exit_code == ReleaseImpossible.exit_code
    assert "Nothing is published" in result.stderr


def test_errata_are_counted_and_kept(store):
    publish(store)

    numbers = [
        call_json("release", "erratum", f"Mistake {n}", *BY)["number"] for n in range(2)
    ]

    assert numbers == [1, 2]
