"""What changed between two versions, and what of it breaks something."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.diff import diff_code_lists, diff_contracts
from pcbl_pipeline.errors import ContractInvalid
from tests.support.versions import NEW_FIELD, changed, second_version, with_field

CATALOGUE = load_catalogue()
LISTS = CATALOGUE.code_lists
PROFILE = CATALOGUE.get("site_profile")
LESSON = CATALOGUE.get("lesson_learned")
EVENT = CATALOGUE.get("ta_event")


def fields(contract, *dropped, **added):
    kept = [f for f in contract.model_dump()["fields"] if f["name"] not in dropped]
    return [*kept, NEW_FIELD | added] if added else kept


def rule(**changes):
    first, *rest = PROFILE.model_dump()["rules"]
    return [first | changes, *rest]


def found(old, changes):
    there = diff_contracts(old, changed(old, **changes), LISTS, LISTS)
    return [(item.where, item.what, item.breaking) for item in there]


@pytest.mark.parametrize("contract", CATALOGUE.contracts.values(), ids=lambda c: c.code)
def test_a_contract_does_not_differ_from_itself(contract):
    assert diff_contracts(contract, contract, LISTS, LISTS) == ()


@pytest.mark.parametrize(
    ("old", "changes", "change"),
    [
        (PROFILE, {"key": ("site_id",)}, ("site_profile", "key")),
        (
            PROFILE,
            {"delivery": {"mode": "upsert"}},
            ("site_profile", "delivery"),
        ),
        (PROFILE, {"submitted_by": "agency"}, ("site_profile", "submitted_by")),
        (PROFILE, {"valid_to": "2030-2031"}, ("site_profile", "valid_to")),
        (
            PROFILE,
            {"fields": fields(PROFILE, "case_document_uri")},
            ("field case_document_uri", "removed"),
        ),
        (
            PROFILE,
            {"fields": fields(PROFILE, presence="required")},
            ("field grant_usd", "added"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "cohort_label", presence="required")},
            ("field cohort_label", "presence"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "schools_total", minimum=1)},
            ("field schools_total", "minimum"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "schools_total", maximum=900)},
            ("field schools_total", "maximum"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "site_name", max_length=100)},
            ("field site_name", "max_length"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "leaid", pattern="^04[0-9]{5}$")},
            ("field leaid", "pattern"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "leaid", synonyms=())},
            ("field leaid", "synonyms"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "site_name", privacy="network")},
            ("field site_name", "privacy"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "schools_total", unit="buildings")},
            ("field schools_total", "unit"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "schools_total", type="decimal")},
            ("field schools_total", "type"),
        ),
        (
            PROFILE,
            {
                "fields": with_field(
                    PROFILE, "contact_role", type="code", code_list="yes_no"
                )
            },
            ("field contact_role", "codes"),
        ),
        (
            PROFILE,
            {"rules": rule(kwargs={"column": "site_id"})},
            ("rule R361", "check"),
        ),
        (
            PROFILE,
            {"derived": [], "rules": PROFILE.model_dump()["rules"]},
            ("rule R364", "check"),
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_can_refuse_a_right_file_or_mislead_a_reader_breaks(old, changes, change):
    assert (*change, True) in found(old, changes)


@pytest.mark.parametrize(
    ("old", "changes", "change"),
    [
        (PROFILE, {"title": "Sites"}, ("site_profile", "title")),
        (PROFILE, {"grain": "one row"}, ("site_profile", "grain")),
        (
            PROFILE,
            {"fields": fields(PROFILE, presence="optional")},
            ("field grant_usd", "added"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "site_name", presence="recommended")},
            ("field site_name", "presence"),
        ),
        (
            PROFILE,
            {
                "fields": with_field(
                    PROFILE, "case_document_uri", presence="recommended"
                )
            },
            ("field case_document_uri", "presence"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "schools_total", minimum=None)},
            ("field schools_total", "minimum"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "cohort_start_year", maximum=2200)},
            ("field cohort_start_year", "maximum"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "site_name", max_length=None)},
            ("field site_name", "max_length"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "leaid", pattern=None)},
            ("field leaid", "pattern"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "site_name", synonyms=("school",))},
            ("field site_name", "synonyms"),
        ),
        (
            PROFILE,
            {"fields": with_field(PROFILE, "site_name", description="Other words.")},
            ("field site_name", "description"),
        ),
        (PROFILE, {"rules": rule(severity="warning")}, ("rule R361", "severity")),
        (PROFILE, {"rules": rule(message="Other words.")}, ("rule R361", "message")),
        (PROFILE, {"rules": rule()[1:]}, ("rule R361", "removed")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_only_allows_more_or_says_it_otherwise_breaks_nothing(
    old, changes, change
):
    assert found(old, changes) == [(*change, False)]


def test_severity_breaks_only_when_it_is_raised():
    milder = changed(PROFILE, rules=rule(severity="warning"))

    [change] = diff_contracts(milder, PROFILE, LISTS, LISTS)

    assert (change.before, change.after, change.breaking) == ("warning", "error", True)


def test_a_new_rule_breaks_only_when_it_is_an_error():
    without = changed(PROFILE, rules=rule()[1:])
    warns = changed(PROFILE, rules=rule(severity="warning"))

    for new, breaking in ((PROFILE, True), (warns, False)):
        [change] = diff_contracts(without, new, LISTS, LISTS)
        assert (change.where, change.what) == ("rule R361", "added")
        assert change.breaking == breaking


def test_codes_that_go_break_and_codes_that_come_do_not():
    codes = LISTS["lesson_type"]
    first, *rest = codes.codes
    ended = first.model_copy(update={"valid_to": codes.valid_from})

    def after(*items):
        lists = {**LISTS, "lesson_type": codes.model_copy(update={"codes": items})}
        there = diff_contracts(LESSON, LESSON, LISTS, lists)
        return [(i.what, i.before, i.after, i.breaking) for i in there]

    assert after(*rest) == [("codes taken out", first.code, "", True)]
    more = first.model_copy(update={"code": "more", "label": "More"})
    assert after(first, *rest, more) == [("codes added", "", "more", False)]
    day = str(codes.valid_from)
    assert after(ended, *rest) == [(f"last day of {first.code}", "", day, True)]
    begun = first.model_copy(update={"valid_from": codes.valid_from})
    assert after(begun, *rest) == [(f"first day of {first.code}", "", day, True)]
    named = first.model_copy(update={"label": "Other"})
    told = (f"label of {first.code}", first.label, "Other", False)
    assert after(named, *rest) == [told]


def test_two_code_lists_are_not_compared():
    with pytest.raises(ContractInvalid, match="two code lists"):
        diff_code_lists(LISTS["lesson_type"], LISTS["audience"])


def test_a_renamed_column_is_named_as_gone_with_its_new_name():
    renamed = with_field(LESSON, "title", name="headline", synonyms=("title",))

    changes = diff_contracts(LESSON, changed(LESSON, fields=renamed), LISTS, LISTS)

    gone = next(item for item in changes if item.what == "removed")
    assert (gone.where, gone.after, gone.breaking) == ("field title", "headline", True)


def test_what_breaks_comes_first():
    changes = diff_contracts(LESSON, second_version(LESSON), LISTS, LISTS)

    breaking = [item.breaking for item in changes]
    assert breaking == sorted(breaking, reverse=True)
    assert {True, False} == set(breaking)


def test_two_datasets_are_not_compared():
    with pytest.raises(ContractInvalid, match="two datasets"):
        diff_contracts(LESSON, EVENT, LISTS, LISTS)
