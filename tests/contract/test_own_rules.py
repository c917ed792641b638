"""Each rule of a dataset fires on what it is about, and on nothing else."""

import pytest

from pcbl_pipeline.validation.verdict import judge
from tests.support.example_rows import example_circumstances, example_rows
from tests.support.rows import text_frame

SCHOOL = {
    "site_level": "school",
    "site_id": "049990100123",
    "ncessch": "049990100123",
}
#: Rule → dataset and what makes a right row break this rule alone.
BROKEN = {
    "R351": ("lesson_learned", {"resource_license": None}),
    "R352": ("lesson_learned", {"lesson_id": "0499902-2026-001"}),
    "R361": ("site_profile", {"schools_in_pilot": "7"}),
    "R362": ("site_profile", {"students_in_pilot": "2841"}),
    "R363": ("site_profile", {"educators_in_pilot": "172"}),
    "R364": ("site_profile", {"state_fips": "32"}),
    "R365": ("site_profile", SCHOOL | {"leaid": "0499902"}),
    "R366": ("site_profile", {"leaid": "0499902"}),
    "R367": ("site_profile", SCHOOL | {"ncessch": "049990100124"}),
    "R368": ("site_profile", SCHOOL | {"ncessch": None}),
    "R369": ("site_profile", {"ncessch": "049990100123"}),
    "R371": ("ta_request", {"needed_by": "2026-01-19"}),
    "K413": ("ta_request", {"status": "fulfilled", "ta_request_id": "0499901-TA-9"}),
    "R381": ("ta_event", {"event_date": "2025-06-30"}),
    "R382": ("ta_event", {"event_date": "2026-07-01"}),
    "R383": ("ta_event", {"usefulness_sum": "19"}),
    "R384": ("ta_event", {"usefulness_sum": "101"}),
    "R385": ("ta_event", {"usefulness_n": None}),
    "R386": ("ta_event", {"usefulness_sum": None}),
    "R387": ("ta_event", {"resource_license": None}),
    "K411": ("ta_event", {"sites_served": "0499901;0499903"}),
    "K412": ("ta_event", {"ta_request_ids": "0499901-TA-2026-004"}),
    "R321": ("implementation_status", {"element_code": "MT1"}),
    "R322": ("implementation_status", {"stage_since": "2026-07-01"}),
    "R323": ("implementation_status", {"stage": "1", "evidence_note": None}),
    "E501": ("implementation_status", {}),
    "E502": ("implementation_status", {"is_priority_next": "Y"}),
    "R326": ("outcome_metric", {"numerator": "285"}),
    "R327": ("outcome_metric", {"metric_code": "M11"}),
    "R328": ("outcome_metric", {"metric_code": "M02", "denominator": "283"}),
    "E503": ("outcome_metric", {"student_group": "F"}),
    "E504": ("outcome_metric", {"denominator": "283"}),
    "E505": ("outcome_metric", {"numerator": "130"}),
    "R331": ("perception_survey", {"n_favorable": "489"}),
    "R332": ("perception_survey", {"n_responded": "611"}),
    "R333": ("perception_survey", {"scale_mean": "5.01"}),
    "R334": ("perception_survey", {"scale_max": None}),
    "R335": ("perception_survey", {"respondent": "leader", "student_group": "LEP"}),
    "E506": ("perception_survey", {"favorable_rule": "top box"}),
}
#: What is beside that row, where it is not the group of the example.
BESIDE = {
    "E501": lambda others: others[:-1],
    "E502": lambda others: priorities(3, others),
    "E503": lambda others: [row for row in others if row["student_group"] != "ALL"],
}
#: A blank that should be a value is a finding of its own.
ALSO = {"R385": {"R302"}, "R386": {"R302"}}
#: At the very edge, and still right.
KEPT = [
    ("lesson_learned", {"resource_url": None, "resource_license": None}),
    ("lesson_learned", {"site_id": "049990100123"}),
    ("site_profile", {"students_in_pilot": "2840", "schools_in_pilot": "0"}),
    ("site_profile", SCHOOL),
    ("ta_request", {"needed_by": "2026-01-20"}),
    ("ta_request", {"needed_by": None}),
    ("ta_request", {"status": "fulfilled"}),
    ("ta_request", {"status": "open", "ta_request_id": "0499901-TA-9"}),
    ("ta_event", {"event_date": "2025-07-01"}),
    ("ta_event", {"event_date": "2026-06-30"}),
    ("ta_event", {"usefulness_sum": "20"}),
    ("ta_event", {"usefulness_sum": "100"}),
    ("ta_event", {"usefulness_sum": "0", "usefulness_n": "0"}),
    ("ta_event", {"sites_served": "0499902 ; 0499901", "ta_request_ids": None}),
    ("ta_event", {"cost_usd": "0", "hours": "0.25", "resource_url": None}),
    ("implementation_status", {"stage_since": "2026-06-30"}),
    ("implementation_status", {"stage": "1"}),
    ("implementation_status", {"stage": "2", "evidence_note": None}),
    ("implementation_status", {"reach_pct": None, "is_priority_next": "Y"}),
    ("outcome_metric", {"numerator": "284"}),
    ("outcome_metric", {"numerator": "0", "student_group": "LEP", "denominator": "0"}),
    ("outcome_metric", {"metric_code": "M03", "grade_band": "09-12"}),
    ("outcome_metric", {"metric_code": "M02", "denominator": "284"}),
    ("perception_survey", {"n_favorable": "610", "n_responded": "610"}),
    ("perception_survey", {"n_favorable": "0", "n_responded": "0", "n_invited": "0"}),
    ("perception_survey", {"scale_mean": "5.0"}),
    ("perception_survey", {"scale_mean": None, "scale_max": None}),
    ("perception_survey", {"scale_mean": None}),
    ("perception_survey", {"respondent": "family"}),
    ("perception_survey", {"student_group": "MENA"}),
]


def priorities(count, others):
    chosen = [row | {"is_priority_next": "Y"} for row in others[:count]]
    return [*chosen, *others[count:]]


def found(catalogue, dataset, changes, beside=list):
    """Judge the example row with some changes, in row 2, and the rows beside it."""
    contract = catalogue.get(dataset)
    row, *others = example_rows(contract, **changes)
    rows = text_frame(contract, [row, *beside(others)])

    judgement = judge(rows.lazy(), contract, catalogue, example_circumstances(contract))

    assert not judgement.suite.unchecked
    return judgement.occurrences


def codes_found(catalogue, dataset, changes, beside=list):
    return set(found(catalogue, dataset, changes, beside)["code"])


def test_every_rule_of_every_dataset_has_its_broken_row(catalogue):
    rules = [
        rule.code
        for contract in catalogue.contracts.values()
        for rule in contract.rules
    ]

    assert sorted(BROKEN) == sorted(rules)


@pytest.mark.parametrize("code", BROKEN)
def test_broken_row_fires_its_rule_and_no_other(catalogue, code):
    dataset, changes = BROKEN[code]

    occurrences = found(catalogue, dataset, changes, BESIDE.get(code, list))

    assert set(occurrences["code"]) - ALSO.get(code, set()) == {code}
    assert occurrences["row_number"].to_list() == [2] * len(occurrences)


@pytest.mark.parametrize(("dataset", "changes"), KEPT, ids=str)
def test_row_at_the_edge_is_right(catalogue, dataset, changes):
    assert codes_found(catalogue, dataset, changes) == set()


def test_three_priorities_are_not_too_many(catalogue):
    changes = {"is_priority_next": "Y"}

    assert not codes_found(
        catalogue, "implementation_status", changes, lambda rows: priorities(2, rows)
    )


def test_example_row_of_every_dataset_is_right(catalogue):
    for dataset in catalogue.contracts:
        assert codes_found(catalogue, dataset, {}) == set()


def test_word_in_place_of_a_number_is_one_finding(catalogue):
    assert codes_found(catalogue, "ta_event", {"usefulness_n": "twenty"}) == {"R304"}
    assert codes_found(catalogue, "site_profile", {"schools_total": "six"}) == {"R304"}
