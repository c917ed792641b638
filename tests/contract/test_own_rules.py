"""Each rule of a dataset fires on what it is about, and on nothing else."""

import pytest

from pcbl_pipeline.validation.verdict import judge
from tests.support.example_rows import (
    PRAIRIE,
    example_circumstances,
    example_rows,
)
from tests.support.rows import text_frame

SCHOOL = {
    "site_level": "school",
    "site_id": "049990100123",
    "ncessch": "049990100123",
}
EARLIER = {"first_evidence_on": None}
NO_DATES = {"waiver_start": None, "waiver_end": None, "extension_no": None}
OPEN = NO_DATES | {"status": "open"}
DENIED = OPEN | {"status": "denied"}
IN_DAKOTA = {"site_id": PRAIRIE.sender_id}
UNSHOWN = {"level": "2", "demonstrated_on": None}
#: A lesson that builds on one of another site, with everything said.
TAKEN_UP = {
    "reused_lesson_id": "4f2a91c07b3e",
    "reuse_kind": "adapted",
    "reuse_result": "helped",
}
#: Rule → dataset and what makes a right row break this rule alone.
BROKEN = {
    "R351": ("lesson_learned", {"resource_license": None}),
    "R353": ("lesson_learned", {**TAKEN_UP, "reuse_kind": None}),
    "R354": ("lesson_learned", {**TAKEN_UP, "reuse_result": None}),
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
    "R341": ("barrier_and_waiver", DENIED | {"waiver_start": "2026-01-01"}),
    "R342": ("barrier_and_waiver", DENIED | {"waiver_end": "2026-12-31"}),
    "R343": ("barrier_and_waiver", {"waiver_end": "2026-01-01"}),
    "R344": ("barrier_and_waiver", IN_DAKOTA | {"waiver_end": "2027-01-02"}),
    "R345": ("barrier_and_waiver", {"status_date": "2025-09-14"}),
    "R346": ("barrier_and_waiver", {"extension_no": None}),
    "R347": ("barrier_and_waiver", {"waiver_start": None}),
    "R348": ("barrier_and_waiver", {"waiver_end": None}),
    "R349": ("state_action", {"decided_on": None}),
    "R396": ("state_action", {"effective_on": "2025-05-11"}),
    "R397": ("state_action", {"ended_on": "2025-06-30"}),
    "R398": ("state_action", {"ended_on": "2025-05-11", "effective_on": None}),
    "R399": ("state_action", {"amount_usd": None}),
    "K433": ("state_action", {"barrier_ids": "0499901-B-004;0499901-B-005"}),
    "R350": ("educator_learning", {"n_completed": "25"}),
    "K434": ("educator_learning", {"n_started": "172"}),
    "K435": ("educator_learning", {"site_id": "049990100123"}),
    "K431": ("barrier_and_waiver", OPEN | {"barrier_id": "denied", "revision": "5"}),
    "K432": ("barrier_and_waiver", {"barrier_id": "denied", "revision": "5"}),
    "R388": ("competency_record", {"first_evidence_on": "2026-02-13"}),
    "R389": ("competency_record", {"demonstrated_on": None}),
    "R390": ("competency_record", {"credits_earned": "0.51"}),
    "R391": ("competency_record", {"ncessch": "049990200123"}),
    "R392": ("competency_record", EARLIER | {"demonstrated_on": "2025-06-30"}),
    "R393": ("competency_record", {"demonstrated_on": "2026-07-01"}),
    "R394": ("competency_record", {"first_evidence_on": "2025-06-30"}),
    "R395": ("competency_record", UNSHOWN | {"first_evidence_on": "2026-07-01"}),
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
    ("lesson_learned", TAKEN_UP),
    # The version before only lacked columns that may be blank.
    ("lesson_learned", {"schema_version": "1.0"}),
    ("lesson_learned", {**TAKEN_UP, "reused_lesson_id": "3299901-2026-001"}),
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
    ("state_action", {"decided_on": "2025-07-01"}),
    ("state_action", {"ended_on": "2025-07-01"}),
    ("state_action", {"effective_on": None, "ended_on": "2025-05-12"}),
    ("state_action", {"decision": "considering", "decided_on": None}),
    ("state_action", {"mechanism": "rule", "amount_usd": None}),
    ("state_action", {"amount_usd": "0", "barrier_ids": None}),
    ("educator_learning", {"n_completed": "24"}),
    ("educator_learning", {"n_started": "171", "n_completed": "0"}),
    ("educator_learning", {"hours": "0.5", "competency_uri": None}),
    ("barrier_and_waiver", OPEN),
    ("barrier_and_waiver", {"status": "partly_granted"}),
    ("barrier_and_waiver", {"status": "expired", "waiver_start": None}),
    ("barrier_and_waiver", {"waiver_end": "2026-01-02"}),
    ("barrier_and_waiver", {"waiver_end": "2036-01-01"}),
    ("barrier_and_waiver", {"status_date": "2025-09-15"}),
    ("barrier_and_waiver", NO_DATES | {"request_type": "guidance"}),
    ("barrier_and_waiver", IN_DAKOTA | {"waiver_end": "2027-01-01"}),
    ("barrier_and_waiver", IN_DAKOTA | {"extension_no": "1"}),
    (
        "barrier_and_waiver",
        IN_DAKOTA | {"waiver_end": "2028-01-01", "extension_no": "2"},
    ),
    ("barrier_and_waiver", DENIED | {"barrier_id": "denied", "revision": "5"}),
    ("barrier_and_waiver", OPEN | {"barrier_id": "denied", "revision": "3"}),
    ("competency_record", UNSHOWN),
    ("competency_record", {"first_evidence_on": "2026-02-12"}),
    ("competency_record", EARLIER | {"demonstrated_on": "2025-07-01"}),
    ("competency_record", {"demonstrated_on": "2026-06-30"}),
    ("competency_record", {"first_evidence_on": "2025-07-01"}),
    ("competency_record", {"credits_earned": "0.5", "evidence_count": "0"}),
    ("competency_record", {"credits_earned": None, "credits_possible": None}),
    ("competency_record", {"ncessch": "049990100123", "site_id": "049990100123"}),
    ("competency_record", {"expected_by": "2027-05-28"}),
    ("competency_record", {"teacher_of_record_keys": None, "expected_by": None}),
    ("competency_record", {"competency_uri": "https://case.example/uri/0c9f0a52"}),
    ("competency_record", {"student_key": "0123456789abcdef" * 2}),
]


def priorities(count, others):
    chosen = [row | {"is_priority_next": "Y"} for row in others[:count]]
    return [*chosen, *others[count:]]


def found(catalogue, dataset, changes, beside=list):
    """Judge the example row with some changes, in row 2, and the rows beside it."""
    contract = catalogue.get(dataset)
    row, *others = example_rows(contract, **changes)
    rows = text_frame(contract, [row, *beside(others)])

    sender = PRAIRIE if row.get("site_id") == PRAIRIE.sender_id else None
    circumstances = example_circumstances(contract, sender)
    judgement = judge(rows.lazy(), contract, catalogue, circumstances)

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
