"""Landing: exactly once, whatever the order, the crashes and the company."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.derived import Reference
from pcbl_pipeline.contracts.schema import row_schema
from pcbl_pipeline.lake.tables import Lake, Landing
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.verdict import judge
from tests.support.builders import catalogue, make_submission, text_rows
from tests.support.rows import right_row
from tests.support.versions import with_second_version

CATALOGUE: Catalogue = catalogue()
PROFILE = CATALOGUE.get("site_profile")
LESSON = CATALOGUE.get("lesson_learned")
OUTCOME = CATALOGUE.get("outcome_metric")
STATUS = CATALOGUE.get("implementation_status")


def typed(contract: Contract, *changes: dict[str, str | None]) -> pl.DataFrame:
    """Return accepted rows as the validation hands them on."""
    rows = text_rows(contract, *changes).lazy()
    judged = judge(rows, contract, CATALOGUE, Circumstances())
    keyed = judged.accepted.collect()
    assert len(keyed) == len(changes), judged.occurrences
    return keyed.with_columns(sheet=pl.lit(None, pl.String))


def lessons(*numbers: int, title: str = "A title") -> pl.DataFrame:
    return typed(
        LESSON,
        *[{"lesson_id": f"0499901-2026-{n:03d}", "title": title} for n in numbers],
    )


def profile(*years: str, name: str) -> pl.DataFrame:
    changes = [{"school_year": y, "site_name": name, "ncessch": None} for y in years]
    return typed(PROFILE, *changes)


def scope_of(numbers: tuple[int, ...]) -> tuple[str, ...]:
    school, year, metric = numbers
    return f"04999010000{school}", f"202{year}-202{year + 1}", f"M0{metric}"


def outcomes(scopes: set[tuple[int, ...]], name: str) -> pl.DataFrame:
    rows = [
        dict(zip(OUTCOME.delivery.scope, scope_of(scope), strict=True))
        | {"grade_band": "09-12", "measure_name": name}
        for scope in sorted(scopes)
    ]
    return typed(OUTCOME, *rows)


def lake_in(folder: Path) -> Lake:
    return Lake(LocalStore(folder), CATALOGUE)


def contents(lake: Lake, contract: Contract) -> list[dict[str, object]]:
    rows = lake.current(contract.dataset).sort("sender_id", *contract.key).collect()
    return rows.to_dicts()


def test_lands_rows_with_where_they_came_from(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    submission = make_submission("first")

    landing = lake.land(submission, LESSON, lessons(1, 2), revision=1)

    assert landing == Landing(landed=2, superseded=0)
    first, second = contents(lake, LESSON)
    assert (first["submission_id"], first["row_number"]) == (
        submission.submission_id,
        2,
    )
    assert first["received_at"] == submission.received_at
    assert first["source_object"] == submission.source_object
    assert (first["contract_version"], second["row_number"]) == ("1.1", 3)


@pytest.mark.parametrize("dataset", CATALOGUE.contracts)
def test_rows_of_every_dataset_land_as_they_were_accepted(
    tmp_path: Path, dataset: str
) -> None:
    contract = CATALOGUE.get(dataset)
    lake = lake_in(tmp_path)
    rows = typed(contract, *[right_row(contract, number) for number in range(3)])

    lake.land(make_submission("all"), contract, rows, revision=1)

    names = list(contract.field_names)
    kept = lake.current(dataset).sort("row_number").collect()
    assert kept.schema == row_schema(contract)
    assert kept.select(names).equals(rows.select(names))


def test_names_the_sheet_of_a_workbook(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    rows = lessons(1).with_columns(sheet=pl.lit("Fall"))

    lake.land(make_submission("book"), LESSON, rows, revision=1)

    assert (
        contents(lake, LESSON)[0]["source_object"]
        == "sites/0499901/inbox/book.csv#Fall"
    )


@pytest.mark.parametrize("contract", [LESSON, PROFILE], ids=["upsert", "snapshot"])
def test_landing_twice_changes_nothing(tmp_path: Path, contract: Contract) -> None:
    lake = lake_in(tmp_path)
    rows = lessons(1, 2) if contract is LESSON else profile("2025-2026", name="Mesa")
    submission = make_submission("once")
    lake.land(submission, contract, rows, revision=1)
    before, version = contents(lake, contract), lake.versions()[contract.dataset]

    lake.land(submission, contract, rows, revision=1)

    assert contents(lake, contract) == before
    assert lake.versions()[contract.dataset] == version


def test_a_replay_puts_its_rows_in_place_of_the_first_ones(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    submission = make_submission("waits")
    lake.land(submission, LESSON, lessons(1), revision=1)

    lake.land(submission, LESSON, lessons(1, 2), revision=2)

    assert [row["lesson_id"][-3:] for row in contents(lake, LESSON)] == ["001", "002"]


@pytest.mark.parametrize("left", [(), (2,)], ids=["none", "one"])
def test_a_replay_takes_away_lessons_that_it_no_longer_accepts(
    tmp_path: Path, left: tuple[int, ...]
) -> None:
    lake = lake_in(tmp_path)
    submission = make_submission("waits")
    lake.land(submission, LESSON, lessons(1, 2, 3), revision=1)
    lake.land(make_submission("other"), LESSON, lessons(4), revision=1)

    lake.land(submission, LESSON, lessons(1).clear(), revision=2)
    lake.land(submission, LESSON, lessons(1, *left).slice(1), revision=3)

    numbers = [int(str(row["lesson_id"])[-3:]) for row in contents(lake, LESSON)]
    assert numbers == [*left, 4]


@pytest.mark.parametrize("left", [(), ("2026-2027",)], ids=["none", "one"])
def test_a_replay_takes_away_a_scope_that_it_no_longer_accepts(
    tmp_path: Path, left: tuple[str, ...]
) -> None:
    lake = lake_in(tmp_path)
    submission = make_submission("waits")
    both = profile("2025-2026", "2026-2027", name="Mesa")
    lake.land(submission, PROFILE, both, revision=1)

    still = both.filter(pl.col("school_year").is_in(left))
    lake.land(submission, PROFILE, still, revision=2)

    assert [row["school_year"] for row in contents(lake, PROFILE)] == [*left]


def test_an_upsert_across_years_keeps_all_that_it_does_not_name(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    years = {1: "2024-2025", 2: "2025-2026", 3: "2026-2027", 4: None}
    moved = pl.col("lesson_id").str.slice(-3).cast(pl.Int64)
    sent = lessons(*years).with_columns(
        school_year=moved.replace_strict(years, return_dtype=pl.String)
    )
    lake.land(make_submission("first", hour=1), LESSON, sent, revision=1)
    # The second lesson moves to the year of the first.
    again = lessons(2, title="Newer").with_columns(school_year=pl.lit("2024-2025"))

    lake.land(make_submission("second", hour=2), LESSON, again, revision=1)

    kept = [
        (int(str(row["lesson_id"])[-3:]), row["school_year"], row["title"])
        for row in contents(lake, LESSON)
    ]
    assert kept == [
        (1, "2024-2025", "A title"),
        (2, "2024-2025", "Newer"),
        (3, "2026-2027", "A title"),
        (4, None, "A title"),
    ]


def test_a_newer_snapshot_replaces_its_scope_and_no_other(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    both = profile("2025-2026", "2026-2027", name="Old")
    lake.land(make_submission("old", hour=1), PROFILE, both, revision=1)

    newer = profile("2026-2027", name="New")
    lake.land(make_submission("new", hour=2), PROFILE, newer, revision=1)

    names = {row["school_year"]: row["site_name"] for row in contents(lake, PROFILE)}
    assert names == {"2025-2026": "Old", "2026-2027": "New"}


@given(
    st.sets(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))),
    st.sets(
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)), min_size=1
    ),
)
@settings(max_examples=10, deadline=None)
def test_exactly_the_scopes_of_a_newer_file_are_replaced(
    earlier: set[tuple[int, ...]], newer: set[tuple[int, ...]]
) -> None:
    """Whatever the combination of schools, years and measures."""
    with TemporaryDirectory() as folder:
        lake = lake_in(Path(folder))
        for hour, scopes in enumerate((earlier, newer)):
            name = f"file {hour}"
            rows = outcomes(scopes, name)
            lake.land(make_submission(name, hour=hour), OUTCOME, rows, revision=1)
        got = {
            tuple(row[n] for n in OUTCOME.delivery.scope): row["measure_name"]
            for row in contents(lake, OUTCOME)
        }

    assert got == dict.fromkeys(map(scope_of, earlier), "file 0") | dict.fromkeys(
        map(scope_of, newer), "file 1"
    )


def test_an_old_file_that_lands_late_is_superseded(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    newer = profile("2026-2027", name="New")
    lake.land(make_submission("new", hour=2), PROFILE, newer, revision=1)

    late = lake.land(
        make_submission("old", hour=1),
        PROFILE,
        profile("2025-2026", "2026-2027", name="Old"),
        revision=1,
    )

    assert late == Landing(landed=1, superseded=1)
    names = {row["school_year"]: row["site_name"] for row in contents(lake, PROFILE)}
    assert names == {"2025-2026": "Old", "2026-2027": "New"}


def test_senders_do_not_overwrite_each_other(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    mine, theirs = (
        make_submission("a"),
        make_submission("b", hour=1, sender_id="0499902"),
    )

    lake.land(mine, LESSON, lessons(1, title="Mine"), revision=1)
    lake.land(theirs, LESSON, lessons(1, title="Theirs"), revision=1)

    assert [row["title"] for row in contents(lake, LESSON)] == ["Mine", "Theirs"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.sets(st.integers(1, 4), min_size=1, max_size=3)
        ),
        min_size=2,
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=8, deadline=None)
def test_the_order_of_landing_does_not_matter(tmp_path_factory, sent, random) -> None:
    """Whatever lands first, the lake ends with what was received last."""
    work: list[tuple[Submission, pl.DataFrame]] = [
        (make_submission(f"s{i}", hour=hour), lessons(*sorted(keys), title=f"Text {i}"))
        for i, (hour, keys) in enumerate(sent)
    ]
    shuffled = work.copy()
    random.shuffle(shuffled)
    ends = []
    for order in (work, shuffled):
        lake = lake_in(tmp_path_factory.mktemp("lake"))
        for submission, rows in order:
            lake.land(submission, LESSON, rows, revision=1)
        ends.append(contents(lake, LESSON))

    assert ends[0] == ends[1]


def test_every_order_of_three_snapshots_ends_alike(tmp_path: Path) -> None:
    work = [
        (make_submission("a", hour=1), profile("2025-2026", "2026-2027", name="A")),
        (make_submission("b", hour=2), profile("2026-2027", name="B")),
        (make_submission("c", hour=2), profile("2025-2026", name="C")),
    ]
    ends = []
    for number, order in enumerate(itertools.permutations(work)):
        lake = lake_in(tmp_path / str(number))
        for submission, rows in order:
            lake.land(submission, PROFILE, rows, revision=1)
        ends.append(contents(lake, PROFILE))

    assert all(end == ends[0] for end in ends)


def test_many_hands_land_one_submission_once(tmp_path: Path) -> None:
    submission, rows = make_submission("raced"), lessons(1, 2, 3)
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda _: lake_in(tmp_path).land(submission, LESSON, rows, revision=1),
                range(4),
            )
        )

    assert len(contents(lake_in(tmp_path), LESSON)) == 3
    assert lake_in(tmp_path).versions()["lesson_learned"] == 1


def test_concurrent_submissions_lose_nothing(tmp_path: Path) -> None:
    work = [(make_submission(f"s{n}", hour=n), lessons(n, n + 100)) for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda item: lake_in(tmp_path).land(
                    item[0], LESSON, item[1], revision=1
                ),
                work,
            )
        )

    assert len(contents(lake_in(tmp_path), LESSON)) == 12


def test_known_values_are_the_accepted_ones(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    reference = Reference(
        dataset="site_profile", column="site_id", same=("school_year",)
    )
    assert lake.known_values(reference).is_empty()

    lake.land(
        make_submission("p"), PROFILE, profile("2025-2026", name="Mesa"), revision=1
    )

    assert lake.known_values(reference).to_dicts() == [
        {"value": PROFILE.field("site_id").example, "school_year": "2025-2026"}
    ]


# ------------------------------------------------------- what was sent before


def stages(**stage_of: int) -> pl.DataFrame:
    """Return ratings of one element by site; a school is `s` and five digits."""
    rows = [
        {"site_id": f"0499901{site[1:]}" if site[0] == "s" else f"049990{site[-1]}"}
        | {"stage": str(stage)}
        for site, stage in stage_of.items()
    ]
    return typed(STATUS, *rows)


def test_history_is_what_counts_now_about_the_sites_of_a_sender(
    tmp_path: Path,
) -> None:
    lake = lake_in(tmp_path)
    sender = Sender(sender_id="0499901", name="Mesa", kind="site", state_fips="04")
    lake.land(make_submission("a"), STATUS, stages(d1=1, s00123=2), revision=1)
    lake.land(make_submission("b", hour=1), STATUS, stages(d1=3), revision=1)
    other = make_submission("c", sender_id="0499902")
    lake.land(other, STATUS, stages(d2=4), revision=1)

    history = lake.history(STATUS, sender)

    assert history is not None
    assert tuple(history.columns) == STATUS.looks_back_at
    assert sorted(history.select("site_id", "stage").rows()) == [
        ("0499901", 3),
        ("049990100123", 2),
    ]


def test_history_is_empty_before_anything_landed_and_none_where_nobody_looks(
    tmp_path: Path,
) -> None:
    lake = lake_in(tmp_path)
    sender = Sender(sender_id="0499901", name="Mesa", kind="site", state_fips="04")

    history = lake.history(STATUS, sender)

    assert history is not None
    assert history.is_empty()
    assert history.schema["stage"] == pl.Int64
    assert lake.history(LESSON, sender) is None


def test_a_table_gets_the_columns_of_a_new_version_whoever_lands_first(
    tmp_path: Path,
) -> None:
    lake_in(tmp_path).land(make_submission("old"), LESSON, lessons(1), revision=1)
    newer = with_second_version(CATALOGUE)
    contract = newer.get("lesson_learned")

    def land(number: int) -> Landing:
        rows = lessons(number).with_columns(grant_usd=pl.lit(float(number)))
        submission = make_submission(f"new-{number}", hour=number)
        lake = Lake(LocalStore(tmp_path), newer)
        return lake.land(submission, contract, rows, revision=1)

    with ThreadPoolExecutor(4) as pool:
        landings = list(pool.map(land, range(2, 6)))

    assert {item.landed for item in landings} == {1}
    rows = Lake(LocalStore(tmp_path), newer).current("lesson_learned").collect()
    assert rows.sort("lesson_id")["grant_usd"].to_list() == [None, 2.0, 3.0, 4.0, 5.0]
    assert len(lake_in(tmp_path).current("lesson_learned").collect()) == 5
