"""Versions of a contract: which stand together, and which judges which year."""

import shutil

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import (
    Catalogue,
    default_expectations_dir,
    load_catalogue,
)
from pcbl_pipeline.contracts.schema import row_schema
from pcbl_pipeline.contracts.versions import (
    in_order,
    judging_version,
    years_in_words,
)
from pcbl_pipeline.errors import ContractInvalid, UnknownContract
from tests.support.versions import (
    changed,
    second_version,
    with_field,
    with_second_version,
)

CATALOGUE = load_catalogue()
LESSON = CATALOGUE.get("lesson_learned")
years = st.integers(1990, 2090).map(lambda year: f"{year}-{year + 1}")


def test_folder_of_versions_is_loaded_beside_the_present_one(tmp_path, catalogue):
    folder = tmp_path / "expectations"
    shutil.copytree(default_expectations_dir(), folder)
    home = folder / "lesson_learned"
    (home / "versions").mkdir()
    (home / "contract.yaml").rename(home / "versions" / "1.1.yaml")
    newer = second_version(catalogue.get("lesson_learned")).model_dump(mode="json")
    (home / "contract.yaml").write_text(yaml.safe_dump(newer), "utf-8")
    codes = folder / "codelists" / "schema_version.yaml"
    codes.write_text(
        codes.read_text("utf-8") + '  - {code: "2.0", label: "2.0"}\n', "utf-8"
    )

    loaded = load_catalogue(folder)

    assert loaded.get("lesson_learned").version == "2.0"
    assert [item.version for item in loaded.versions("lesson_learned")] == [
        "1.1",
        "2.0",
    ]
    assert loaded.version("lesson_learned", "1.1") == LESSON
    assert [item.version for item in loaded.versions("ta_event")] == ["1.0"]
    with pytest.raises(UnknownContract, match=r"lesson_learned 3\.0"):
        loaded.version("lesson_learned", "3.0")


def test_version_that_no_file_may_name_is_refused(catalogue):
    lists = tuple(catalogue.code_lists.values())
    newer = second_version(LESSON)

    with pytest.raises(
        ContractInvalid, match=r"lesson_learned 2\.0 is not in the code"
    ):
        Catalogue((newer,), lists, (), other_versions=(LESSON,))


def test_version_of_a_dataset_that_there_is_not_is_refused(catalogue):
    with pytest.raises(ContractInvalid, match="lesson_learned: a version without"):
        Catalogue(
            (), tuple(catalogue.code_lists.values()), (), other_versions=(LESSON,)
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "1.1"}, "same version: 1.1"),
        ({"valid_from": LESSON.valid_from}, "same valid_from"),
        ({"key": ("lesson_id",)}, "another key"),
        ({"delivery": {"mode": "snapshot", "scope": ("site_id",)}}, "another delivery"),
        ({"submitted_by": "agency"}, "another submitted_by"),
        ({"owner_field": None, "prefill": None}, "another owner_field"),
        (
            {"fields": with_field(LESSON, "stage_at_time", type="text")},
            r"lesson_learned\.stage_at_time holds another type",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_versions_that_cannot_share_a_table_are_refused(changes, words):
    with pytest.raises(ContractInvalid, match=words):
        in_order((LESSON, second_version(LESSON, **changes)))


def test_two_versions_do_not_judge_the_same_year():
    lasting = changed(LESSON, valid_to="2026-2027")

    with pytest.raises(ContractInvalid, match="both judge 2026-2027"):
        in_order((lasting, second_version(LESSON)))


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_to": "2019-2020"},
        {"valid_to": "2026"},
        {"valid_from": "2020-2022"},
    ],
    ids=str,
)
def test_dates_of_a_version_are_school_years_in_order(changes):
    with pytest.raises(ValueError, match=r"school year|ends before"):
        changed(LESSON, **changes)


@given(starts=st.sets(years, min_size=1, max_size=4), asked=years)
def test_a_year_is_judged_by_the_last_version_that_began_by_then(starts, asked):
    versions = in_order(
        [
            changed(LESSON, version=f"{number}.0", valid_from=start)
            for number, start in enumerate(starts)
        ]
    )

    judging = judging_version(versions, asked)

    begun = [start for start in starts if start <= asked]
    assert judging.valid_from == (max(begun) if begun else min(starts))


def test_which_years_a_version_judges_is_said_in_words():
    first, second = in_order((LESSON, second_version(LESSON)))
    third = second_version(LESSON, version="3.0", valid_from="2027-2028")
    ended = changed(LESSON, valid_to="2024-2025")

    def words(*versions):
        return [years_in_words(versions, item) for item in versions]

    assert words(first) == ["every school year"]
    assert words(first, second) == [
        "school years up to 2025-2026",
        "school years from 2026-2027 on",
    ]
    assert words(first, second, third)[1] == "the school year 2026-2027"
    assert words(ended, second)[0] == "school years up to 2024-2025"
    lasting = changed(third, valid_to="2029-2030")
    assert words(first, lasting)[1] == "school years from 2027-2028 to 2029-2030"


def test_a_table_has_the_columns_of_all_versions(catalogue):
    two = with_second_version(catalogue).versions("lesson_learned")

    schema = row_schema(*reversed(two))

    assert set(schema) == set(row_schema(two[0])) | {"grant_usd"}
    assert list(schema)[-1] == "not_applicable"


def test_present_version_is_the_one_that_begins_last(catalogue):
    future = with_second_version(catalogue)
    older = changed(LESSON, version="0.9", valid_from="2010-2011")

    assert future.get("lesson_learned").version == "2.0"
    assert catalogue.with_contract(older).get("lesson_learned") == LESSON
    assert catalogue.with_contract(LESSON).contracts == catalogue.contracts


def test_a_rule_keeps_its_code_from_version_to_version(catalogue):
    profile = catalogue.get("site_profile")
    rules = profile.model_dump()["rules"]
    milder = [rules[0] | {"severity": "warning"}, *rules[2:]]
    newer = changed(profile, version="2.0", valid_from="2026-2027", rules=milder)

    both = catalogue.with_contract(newer)

    code, gone = rules[0]["code"], rules[1]["code"]
    assert both.rule(code, profile).severity == "error"
    assert both.rule(code, newer).severity == "warning"
    assert both.rules[code].severity == "warning"
    assert gone in both.rules
    renamed = [rules[0] | {"name": "another-thing"}, *rules[1:]]
    with pytest.raises(ContractInvalid, match=f"used twice: {code}"):
        catalogue.with_contract(changed(newer, rules=renamed))


@pytest.mark.parametrize("contract", CATALOGUE.contracts.values(), ids=lambda c: c.code)
def test_a_column_is_since_a_version_that_there_was_and_need_not_be_there(contract):
    for field in contract.fields:
        if field.since is not None:
            assert field.since in {*contract.adds_to[1:], contract.version}
            assert field.presence != "required"


def test_a_version_that_was_only_added_to_is_known_without_what_was_added():
    present = CATALOGUE.get("lesson_learned")

    earlier = CATALOGUE.version("lesson_learned", "1.0")

    gone = [name for name in present.field_names if name not in earlier.field_names]
    assert gone == ["reused_lesson_id", "reuse_kind", "reuse_result"]
    rules = {rule.code for rule in present.rules} - {r.code for r in earlier.rules}
    assert rules == {"R353", "R354"}
    assert earlier.adds_to == ()
