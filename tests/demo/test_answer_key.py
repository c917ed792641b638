"""The answer key: it follows from the files, adds up, and plants what was promised."""

import csv
import io
from collections import Counter, defaultdict

import pytest

from pcbl_pipeline.demo.answer_key import AnswerKey
from pcbl_pipeline.demo.corpus import (
    ACTIONS,
    BARRIERS,
    EVENTS,
    LESSONS,
    OUTCOMES,
    PROFILES,
    RATINGS,
    RECORDS,
    REQUESTS,
)
from pcbl_pipeline.demo.files import write_demo_files
from pcbl_pipeline.demo.network import demo_network
from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.recognise import recognise_all

SEEDS = [1, 2, 3, 4]
STORY = ("title", "situation", "action", "result", "recommendation")
#: About a file or its columns; reading alone finds them.
FOUND_BY_READING = ("F", "C201", "C202", "C203", "C204", "C206")
#: Found by those who know more than one file.
FOUND_LATER = {"F108", "F190", "F191", "F192"}
PLANTED = {
    "F101": "an empty file",
    "F102": "a header only",
    "F103": "an .xlsx that is not one",
    "F104": "a file that is cut in a letter",
    "F107": "a wrong file altogether",
    "F108": "a file of another site",
    "F109": "a dataset from the wrong sender",
    "F111": "an empty sheet",
    "F112": "a sheet of notes",
    "F190": "the same file again",
    "F191": "a phone number in a text",
    "F192": "a name in a text",
    "C201": "a required column missing or renamed",
    "C202": "an unknown column",
    "C203": "an optional column missing",
    "C205": "an unknown version",
    "R301": "a number out of range",
    "R302": "a recommended cell blank",
    "R303": "a required cell blank",
    "R304": "a number as words",
    "R305": "an amount with a currency sign",
    "R306": "a wrong date",
    "R307": "a misspelt code",
    "R308": "an id without its zero",
    "R309": "a text too long",
    "R310": "a school year in another form",
    "R311": "ragged rows",
    "R312": "a misspelt code in a list",
    "R317": "right values in another form",
    "R323": "a stage that falls without a note",
    "R326": "more who met a measure than there are",
    "R331": "more favorable answers than answers",
    "R332": "more answers than people who were asked",
    "R333": "a mean above its scale",
    "R335": "educators in a group of students",
    "R341": "the start of a waiver that was denied",
    "R342": "the end of a waiver that was denied",
    "R344": "a waiver longer than the state allows",
    "R345": "a status older than its barrier",
    "R350": "more who completed than started",
    "R351": "a resource without a licence",
    "R362": "more pilot students than students",
    "R371": "needed before asked for",
    "R382": "an event outside its school year",
    "R384": "ratings out of bounds",
    "R387": "an event's resource without a licence",
    "R389": "a level without the day on which it was shown",
    "R390": "more credits than possible",
    "R396": "in effect before it was decided",
    "R399": "funding without an amount",
    "K401": "a key twice",
    "K402": "rows of another site",
    "K411": "an event at an unknown site",
    "K412": "an event for an unknown request",
    "K413": "a request fulfilled by no event",
    "K431": "a settled barrier that is open again",
    "K433": "an action for an unknown barrier",
    "K434": "more who started than educators",
    "K436": "an action of another state",
    "E501": "an element that is not rated",
    "E502": "four priorities",
    "E503": "no row for all students",
    "E504": "groups that add up to more than all",
    "E505": "more who met a measure in groups than among all",
    "E506": "two rules for a favorable answer",
    "E532": "a part in place of the whole",
    "E533": "a group that is gone",
    "E534": "stages that jump",
    "E535": "the counts of another site",
    "E536": "hours of all educators added up",
}


@pytest.fixture(scope="module", params=SEEDS)
def any_key(request, tmp_path_factory, catalogue) -> AnswerKey:
    folder = tmp_path_factory.mktemp("seed")
    return write_demo_files(folder, seed=request.param, catalogue=catalogue)


def all_outcomes(key):
    return [
        outcome
        for item in key.files
        for outcome in (item.first, item.after_replay)
        if outcome
    ]


def test_every_mistake_that_was_promised_is_planted(any_key):
    codes = {
        found.code for outcome in all_outcomes(any_key) for found in outcome.findings
    }

    # Whether learning comes before the profile of its site is a matter of the seed.
    assert codes - {"K435"} == set(PLANTED)


def test_the_key_survives_being_written_as_json(key):
    assert AnswerKey.model_validate_json(key.model_dump_json()) == key


def test_codes_and_fields_are_those_of_the_contracts(key, catalogue):
    for outcome in all_outcomes(key):
        for found in outcome.findings:
            assert found.code in catalogue.rules
            if found.dataset and found.field:
                catalogue.get(found.dataset).field(found.field)


def test_rows_add_up(any_key):
    for outcome in all_outcomes(any_key):
        for rows in outcome.rows:
            assert rows.received == rows.accepted + rows.quarantined + rows.refused


def test_every_quarantined_row_has_an_error_and_no_accepted_row_has(any_key, catalogue):
    for outcome in all_outcomes(any_key):
        held = {found.dataset for found in outcome.findings if is_of_whole(found)}
        in_error = Counter(
            dataset
            for dataset, _ in {
                (found.dataset, found.row)
                for found in outcome.findings
                if catalogue.rules[found.code].severity == "error"
            }
        )
        for rows in outcome.rows:
            if rows.dataset in held:
                assert rows.quarantined == rows.received
            elif not rows.refused:
                assert rows.quarantined == in_error[rows.dataset]


def is_of_whole(found) -> bool:
    """Tell whether a finding holds all rows of its dataset."""
    return found.code in {"E532", "E535"}


def test_rows_are_those_of_the_file(demo_folder, key):
    """Count records with Python's own reader, where text can be read at all."""
    for item in key.files:
        if item.path.endswith(".xlsx") or item.repeat_of or not item.first.rows:
            continue
        text = (demo_folder / item.path).read_bytes().decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text), delimiter=delimiter_of(text)))
        assert item.first.rows[0].received == len(records) - 1, item.path


def delimiter_of(text) -> str:
    header = text.splitlines()[0]
    return max(",;\t", key=header.count)


def test_reading_finds_what_was_planted_in_files_and_columns(
    demo_folder, key, catalogue
):
    senders = demo_network().senders
    for item in key.files:
        result = read_file(
            demo_folder / item.path, item.file_name, size_limit_bytes=10**7
        )
        read = recognise_all(
            result, catalogue, submitted_by=senders[item.sender_id].kind
        )
        found = [(f.code, None, f.field, f.place.row) for f in read.findings]
        for table in read.recognitions:
            dataset = table.contract.dataset if table.contract else None
            found += [(f.code, dataset, f.field, f.place.row) for f in table.findings]
        expected = [
            (f.code, f.dataset, f.field, f.row)
            for f in original_of(item, key).first.findings
            if f.code.startswith(FOUND_BY_READING) and f.code not in FOUND_LATER
        ]

        assert Counter(found) == Counter(expected), item.path


def original_of(item, key):
    if item.repeat_of is None:
        return item
    return key.get_file(item.sender_id, item.repeat_of)


def test_a_copy_is_the_very_file(demo_folder, key):
    copies = [item for item in key.files if item.repeat_of]

    assert copies
    for item in copies:
        original = original_of(item, key)
        assert original.dropped_at < item.dropped_at
        assert (demo_folder / item.path).read_bytes() == (
            demo_folder / original.path
        ).read_bytes()


def test_every_profile_and_request_is_accepted_in_the_end(any_key, corpus):
    rows = any_key.lake_rows

    assert rows[PROFILES] == len(corpus.rows[PROFILES])
    assert rows[REQUESTS] == len(corpus.rows[REQUESTS])
    assert rows[EVENTS] >= len(corpus.rows[EVENTS]) - 2
    assert rows[LESSONS] >= 110


def test_references_that_stay_unknown_are_those_that_were_planted(any_key):
    unknown = sorted(
        (item.path, found.code)
        for item in any_key.files
        for found in item.standing.findings
        if found.code in {"K411", "K412", "K413"}
    )

    assert unknown == [
        ("389990400007/Sundog requests update.csv", "K413"),
        ("sea-04/TA_log_2026-27.csv", "K411"),
        ("sea-38/ND events without requests.csv", "K412"),
    ]


def test_a_replay_frees_rows(any_key):
    freed = [item for item in any_key.files if item.after_replay]

    assert freed
    for item in freed:
        before, after = item.first.rows[0], item.standing.rows[0]
        assert after.accepted > before.accepted


def test_a_part_sent_in_place_of_the_whole_replaces_nothing(key):
    held = key.get_file("3299902", "records science only.csv")

    assert held.standing.status == Status.HELD
    assert [found.code for found in held.standing.findings] == ["E532"]
    assert key.lake_rows[RECORDS] == 3 * 45 * 6


def test_the_counts_of_another_site_replace_nothing(key):
    held = key.get_file("3299903", "Basin Springs math again.csv")

    assert held.standing.status == Status.HELD
    assert [found.code for found in held.standing.findings] == ["E535"]


@pytest.mark.parametrize("dataset", [RATINGS, OUTCOMES, BARRIERS, ACTIONS, RECORDS])
def test_nearly_every_clean_row_ends_in_the_lake(any_key, corpus, dataset):
    """What is never sent in its right form stays out: a few rows of each kind."""
    sent, landed = len(corpus.rows[dataset]), any_key.lake_rows[dataset]

    assert sent - 5 <= landed <= sent


def test_one_round_for_all_files_gives_the_same_answers(
    tmp_path, catalogue, key, monkeypatch
):
    monkeypatch.setattr("pcbl_pipeline.demo.files.round_of", lambda _: 1)

    at_once = write_demo_files(tmp_path, catalogue=catalogue)

    assert [(item.first, item.after_replay) for item in at_once.files] == [
        (item.first, item.after_replay) for item in key.files
    ]


def test_files_are_answered_in_every_way(key):
    statuses = Counter(item.standing.status for item in key.files)

    assert set(statuses) == {
        Status.ACCEPTED,
        Status.ACCEPTED_WITH_QUARANTINE,
        Status.HELD,
        Status.REFUSED,
    }
    assert statuses[Status.ACCEPTED] > len(key.files) / 2


def test_narrative_holds_are_ticked_as_reviewed(key, corpus):
    held = {item.lesson_id for item in key.narrative_holds}
    rows = [row for row in corpus.rows[LESSONS] if row["lesson_id"] in held]

    assert len(held) >= 6
    assert {row["reviewed_no_pii"] for row in rows} == {"Y"}


def test_the_screen_holds_the_planted_narratives_and_no_other(key, corpus):
    screen = Narratives(dict.fromkeys(("04", "32", "38", "45"), 10)).screen
    seen = defaultdict(set)
    for row in corpus.rows[LESSONS]:
        texts = {name: row[name] for name in STORY}
        for hit in screen(texts, state_fips=row["site_id"][:2]):
            seen[row["lesson_id"]].add(hit.kind)
    planted = {item.lesson_id: set(item.kinds) for item in key.narrative_holds}

    assert set(seen) == set(planted)
    assert all(kinds <= seen[lesson] for lesson, kinds in planted.items())
