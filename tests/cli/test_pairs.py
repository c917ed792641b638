"""`pcbl pairs`: lessons that may say the same, from the command line."""

from pcbl_pipeline.errors import DecisionImpossible
from tests.support.command_line import call, call_json
from tests.support.releases import publish_pairs

PAIR = {"first_id": "a1", "second_id": "b2", "first_revision": 1, "second_revision": 1}
BY = ("--by", "Pilot office")


def test_without_a_release_no_two_lessons_are_alike(workspace):
    assert "no two lessons" in call("pairs", "list").stdout
    told = call("pairs", "decide", "a1", "b2", "same", *BY)
    assert told.exit_code == DecisionImpossible.exit_code


def test_a_pair_is_listed_and_decided(workspace):
    publish_pairs(workspace.store, [{**PAIR, "likeness": 0.63, "decision": None}])

    assert "0.63" in call("pairs", "list").stdout
    assert call_json("pairs", "list")[0]["second_id"] == "b2"
    answer = call_json("pairs", "decide", "a1", "b2", "same", *BY)

    assert answer["choice"] == "same"
    assert "next release" in call("pairs", "decide", "a1", "b2", "same", *BY).stdout
