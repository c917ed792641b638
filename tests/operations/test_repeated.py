"""Releases that follow each other cannot be subtracted: yearly and half-yearly tables."""

import io
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations.summaries.annual import annual
from pcbl_pipeline.operations.summaries.progress import progress_tables
from pcbl_pipeline.operations.summaries.repeated import keep_apart, repeated
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.operations.summarise import summarise
from pcbl_pipeline.publication.exports import csv_bytes, data_files, parquet_bytes
from pcbl_pipeline.publication.release import Draft, find_current, write_release
from pcbl_pipeline.publication.tables import TABLES
from pcbl_pipeline.publication.withdrawal import withdraw_release
from tests.operations.test_annual import receipt
from tests.support.frames import lake_rows
from tests.support.releases import FACTS, event
from tests.support.workspaces import make_workspace

#: In the fall window, whose last day is 2026-11-30; the year before is the reported one.
FALL, WINTER = date(2026, 11, 20), date(2026, 12, 1)
REPORTED, PRESENT = "2025-2026", "2026-2027"
SITES = ("0499901", "0499902", "3899901")
OTHER = "0499903"
YEARLY = ("pub10_participation", "pub10_awards", "pub10_quality")
PROGRESS = ("pub3_elements", "pub3_index")


def learned(completed, site="0499901", number=1):
    return {
        "site_id": site,
        "school_year": REPORTED,
        "element_code": "CBE1",
        "award_id": f"A{number}",
        "award_name": f"Award {number}",
        "n_completed": completed,
        "hours": 2.0,
    }


def profile(site, year=PRESENT, consent="Y", students=100):
    return {
        "site_id": site,
        "site_name": f"Invented {site}",
        "state_fips": site[:2],
        "leaid": site[:7],
        "school_year": year,
        "cohort_label": "One",
        "locale_code": "21",
        "consent_publish_name": consent,
        "schools_total": 1,
        "schools_in_pilot": 1,
        "students_total": 2 * students,
        "students_in_pilot": students,
        "educators_total": 10,
        "educators_in_pilot": 5,
    }


ELEMENTS = [*(f"CBE{n}" for n in range(1, 8)), *(f"DC{n:02d}" for n in range(1, 11))]


def rating(site, stage, window="fall"):
    """Rate the elements of a site alike; see `Publisher.rows`."""
    return {
        "site_id": site,
        "school_year": PRESENT,
        "window": window,
        "stage": stage,
        "stage_since": None,
    }


PROFILES = [profile(site, year) for site in SITES for year in (REPORTED, PRESENT)]
SENT = {
    "educator_learning": [learned(80), learned(38, "0499902", 2)],
    "site_profile": PROFILES,
    "implementation_status": [rating(site, 2) for site in SITES],
}
#: What sites correct or send late, each of which a reader must not find by subtracting.
CORRECTIONS = {
    "educators of one site": {
        "educator_learning": [learned(78), learned(38, "0499902", 2)]
    },
    "a small number": {
        "educator_learning": [*SENT["educator_learning"], learned(2, "3899901", 3)]
    },
    "students of one site": {
        "site_profile": [*PROFILES[1:], profile(SITES[0], REPORTED, students=97)]
    },
    "a stage": {
        "implementation_status": [
            rating(SITES[0], 4),
            *SENT["implementation_status"][1:],
        ]
    },
    "a late rating": {
        "site_profile": [*PROFILES, profile(OTHER, consent="N")],
        "implementation_status": [*SENT["implementation_status"], rating(OTHER, 3)],
    },
}


WRITERS = {
    "csv": lambda table, frame: csv_bytes(table, table.conform(frame)),
    "parquet": lambda table, frame: parquet_bytes(table.conform(frame)),
}


class Publisher:
    """Publishes tables as editions have them, and hands out what they say."""

    def __init__(self, folder):
        self.workspace = make_workspace(folder)
        self.store = self.workspace.store
        self.made = 0

    def rows(self, **changes):
        sent = {**SENT, **changes}
        sent["implementation_status"] = [
            {**row, "element_code": element}
            for row in sent["implementation_status"]
            for element in ELEMENTS
        ]
        frames = {
            dataset: lake_rows(dataset, sent.get(dataset, []))
            for dataset in self.workspace.catalogue.contracts
        }
        return LakeRows(self.workspace.lake, self.workspace.ledger, frames)

    def tables(self, day=FALL, **changes):
        """Return edition → path → bytes of what these tables would say now."""
        rows, found = self.rows(**changes), {}
        for edition in ("public", "network", "agency"):
            workspace = self.workspace
            scope = SummaryScope(workspace.network, workspace.catalogue, edition, day)
            fresh = {**annual(rows, scope), **progress_tables(rows, scope)}
            frames = repeated(self.store, rows, scope, fresh)
            found[edition] = {
                f"data/{table.name}.{ending}": write(table, frames[table.name])
                for table in TABLES
                if table.name in frames
                for ending, write in WRITERS.items()
            }
        return found

    def all_tables(self, day=FALL, **changes):
        """Return the same of every summary there is."""
        rows = self.rows(**changes)
        editions = summarise(self.workspace, rows, as_of=day).editions
        return {name: data_files(content) for name, content in editions.items()}

    def publish(self, day=FALL, make=None, **changes):
        data = (make or self.tables)(day, **changes)
        facts = FACTS.model_copy(update={"as_of": day})
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        pages = {edition: iter(()) for edition in data}
        draft = Draft(data, lambda _: pages, facts, at)
        write_release(self.store, draft, even_if_unchanged=True)
        return data

    def receive(self, number, dataset, accepted):
        day = datetime(2026, 8, 1, tzinfo=UTC)
        covers = {"school_year": (REPORTED,)}
        item = receipt(number, dataset, day, covers, accepted=accepted)
        self.workspace.ledger.record(item)


@pytest.fixture
def network(tmp_path):
    return Publisher(tmp_path)


def read(data, name, edition="public"):
    return pl.read_parquet(io.BytesIO(data[edition][f"data/{name}.parquet"]))


def subtracted(before, after, name):
    """Return every number of a table that is not as the release before had it."""
    old, new = (read(data, name) for data in (before, after))
    if old.shape != new.shape:
        return {name: "rows"}
    return {
        column: (old[column], new[column])
        for column in old.columns
        if not old[column].equals(new[column], null_equal=True)
    }


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_two_releases_tell_nothing_of_a_correction_between_them(network, correction):
    names = (*YEARLY, *PROGRESS)
    changes = CORRECTIONS[correction]
    unguarded = network.tables()
    moved = network.tables(**changes)
    assert any(subtracted(unguarded, moved, name) for name in names)

    first = network.publish()
    second = network.publish(date(2026, 11, 25), **changes)

    assert find_current(network.store).as_of == date(2026, 11, 25)
    assert {name: subtracted(first, second, name) for name in names} == {
        name: {} for name in names
    }
    for name in names:
        for ending in ("csv", "parquet"):
            path = f"data/{name}.{ending}"
            assert first["public"][path] == second["public"][path]


def test_releases_of_all_summaries_repeat_the_awards_to_the_letter(network):
    first = network.publish(make=network.all_tables)
    correction = CORRECTIONS["educators of one site"]
    asked = {"site_id": SITES[0], "requested_on": date(2026, 11, 21)}
    second = network.publish(
        date(2026, 11, 25), network.all_tables, **correction, ta_request=[asked]
    )

    for ending in ("csv", "parquet"):
        path = f"data/pub10_awards.{ending}"
        assert first["public"][path] == second["public"][path]
    help_wanted = "data/pub2_topics.csv"
    assert first["network"][help_wanted] != second["network"][help_wanted]


def test_how_many_rows_a_correction_had_is_not_told(network):
    network.receive(1, "outcome_metric", 90)
    first = network.publish()
    network.receive(2, "outcome_metric", 1)
    network.receive(3, "lesson_learned", 4)

    second = network.publish(date(2026, 11, 25))

    counts = {
        name: dict(read(data, "pub10_quality").select("dataset", "received").rows())
        for name, data in (("first", first), ("second", second))
    }
    assert counts["second"]["outcome_metric"] == 90
    # Of what nothing had come, something is told.
    assert "lesson_learned" not in counts["first"]
    assert counts["second"]["lesson_learned"] == 4


def test_the_next_year_is_told_anew(network):
    network.publish()

    later = network.tables(date(2027, 10, 1), educator_learning=[learned(50)])

    assert set(read(later, "pub10_participation")["school_year"]) == {PRESENT}
    assert read(later, "pub10_awards").is_empty()


def sites_behind(data):
    """Return how many sites stand behind the numbers of each window."""
    shown = read(data, "pub3_elements").filter(pl.col("element_code") == "CBE1")
    return dict(shown.select("window", "sites").rows())


def test_a_late_rating_is_told_once_the_window_has_ended(network):
    network.publish()
    late = CORRECTIONS["a late rating"]
    during = network.publish(date(2026, 11, 30), **late)
    after = network.publish(WINTER, **late)

    assert (sites_behind(during), sites_behind(after)) == ({"fall": 3}, {"fall": 4})
    # What comes after the window waits for the next one.
    stage = CORRECTIONS["a stage"]
    assert sites_behind(network.tables(date(2027, 1, 5), **stage)) == {"fall": 4}
    spring = [
        rating(site, 4, window) for site in SITES for window in ("fall", "spring")
    ]
    added = network.tables(date(2027, 3, 1), implementation_status=spring)
    assert sites_behind(added) == {"fall": 3, "spring": 3}


def test_a_site_that_wants_no_name_any_more_is_named_no_more(network):
    high = [rating(site, 3) for site in SITES]
    first = network.publish(implementation_status=high)
    assert set(read(first, "pub3_sites", "network")["site_name"]) == {
        f"Invented {site}" for site in SITES
    }
    profiles = [*PROFILES[2:], profile(SITES[0], consent="N")]

    second = network.publish(WINTER.replace(month=11, day=25), site_profile=profiles)

    assert f"Invented {SITES[0]}" not in set(
        read(second, "pub3_sites", "network")["site_name"]
    )
    assert subtracted(first, second, "pub3_elements") == {}


def end_of_release(network):
    """Take the only release back, as a withdrawal of rows does."""
    ended = event(network.store, "2026.11.1", "withdrawn", reason="Rows")
    assert withdraw_release(network.store, ended) is None


@pytest.mark.parametrize(
    ("dataset", "anew"),
    [
        ("lesson_learned", set()),
        ("educator_learning", {"pub10_awards"}),
        ("implementation_status", {"pub3_elements", "pub3_index"}),
        ("site_profile", {"pub10_participation", "pub3_elements", "pub3_index"}),
    ],
)
def test_only_what_was_made_of_withdrawn_rows_is_made_anew(network, dataset, anew):
    names = [name for name in (*YEARLY, *PROGRESS) if name != "pub10_quality"]
    first = network.publish()
    everything = {
        "educator_learning": [learned(78), learned(38, "0499902", 2)],
        "site_profile": [
            *PROFILES[1:],
            profile(SITES[0], REPORTED, students=97),
            profile(OTHER),
        ],
        "implementation_status": [
            *SENT["implementation_status"],
            rating(OTHER, 3),
            rating(SITES[0], 4, "spring"),
        ],
    }

    keep_apart(network.store, [dataset])
    end_of_release(network)
    second = network.tables(**everything)

    assert {name for name in names if subtracted(first, second, name)} == anew


def test_of_the_quality_note_the_rows_of_withdrawn_datasets_are_made_anew(network):
    for number, dataset in enumerate(("outcome_metric", "lesson_learned")):
        network.receive(number, dataset, 5)
    network.publish()
    for number, dataset in enumerate(("outcome_metric", "lesson_learned"), start=5):
        network.receive(number, dataset, 1)

    keep_apart(network.store, ["lesson_learned"])
    end_of_release(network)

    note = read(network.tables(), "pub10_quality").select("dataset", "received")
    counts = dict(note.rows())
    assert (counts["outcome_metric"], counts["lesson_learned"]) == (5, 6)


def test_what_was_kept_apart_gives_way_to_what_was_told_later(network):
    network.publish()
    keep_apart(network.store, [])
    kept = {item.key.split("/")[3] for item in network.store.list(layout.kept_tables())}
    assert kept == {"public", "network", "agency"}
    network.publish(WINTER, **CORRECTIONS["a late rating"])

    later = network.tables(date(2027, 1, 5), **CORRECTIONS["a stage"])

    assert sites_behind(later) == {"fall": 4}
