"""The code lists: every value of the domain, no other, each list with its source."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.codelist import Code, CodeList
from pcbl_pipeline.model.identifiers import STATE_FIPS

CATALOGUE = load_catalogue()
LISTS = [pytest.param(item, id=name) for name, item in CATALOGUE.code_lists.items()]

VALUES = {
    "schema_version": "1.0 1.1",
    "yes_no": "Y N",
    "element_code": (
        "CBE1 CBE2 CBE3 CBE4 CBE5 CBE6 CBE7 DC01 DC02 DC03 DC04 DC05 DC06 DC07 DC08 "
        "DC09 DC10 MT1 MT2 MT3"
    ),
    "stage_code": "0 1 2 3 4",
    "network_role": "incubator active living_lab friend",
    "grant_phase": "planning implementation expansion none",
    "site_level": "lea school",
    "window": "fall mid_year spring end_of_year",
    "grade_band": "ALL PK-02 03-05 06-08 09-12",
    "term_code": "PCBL CBE MBL PBL_proficiency SCL DL OBE SBG CE PBE other",
    "student_group": (
        "ALL AM7 AS7 BL7 HI7 PI7 WH7 MU7 ECODIS LEP IDEA "
        "F M MENA NLEP NECODIS NIDEA MS HOM FOS MIL"
    ),
    "policy_area": "PA1 PA2 PA3 PA4 PA5 PA6 PA0",
    "decision_point": (
        "DP01 DP02 DP03 DP04 DP05 DP06 DP07 DP08 DP09 DP10 DP11 DP12 DP13"
    ),
    "decision": "considering decided_yes decided_no deferred",
    "logic_component": "inputs activities outcomes",
    "support_category": (
        "funding flexibility_waiver ta_coaching professional_learning "
        "networking_convening tools_frameworks evaluation_data resource_library "
        "communication_engagement"
    ),
    "lead_actor": (
        "governor legislature state_board chief_state_school_officer sea_staff "
        "educator_standards_board higher_education regional_service_agency "
        "intermediary local_board superintendent district_team school_leader "
        "educator_association parent_organization employer_community"
    ),
    "barrier_type": (
        "messaging_communication term_confusion teacher_of_record data_reporting "
        "educator_pipeline accountability assessment funding seat_time "
        "graduation_requirements grading_transcripts competing_initiatives "
        "time_for_teachers scaling_to_classrooms technology_systems "
        "calendar_staffing_rules community_buy_in other"
    ),
    "policy_level": (
        "federal_law state_statute state_rule state_guidance local_policy "
        "local_practice none"
    ),
    "barrier_status": (
        "open under_review granted partly_granted denied resolved_locally withdrawn "
        "expired"
    ),
    "request_type": (
        "waiver guidance rule_change statute_change data_system_change funding none"
    ),
    "barrier_severity": "1 2 3 4",
    "ta_topic": (
        "vision_profile competency_design performance_assessment grading_reporting "
        "learner_agency pacing_pathways student_supports_sel equity_practice "
        "schedule_staffing credit_transcript data_systems policy_waivers "
        "change_leadership family_community educator_credentials "
        "evaluation_measurement"
    ),
    "ta_mode": (
        "coaching peer_coaching site_visit workshop convening virtual_session "
        "fellowship strategic_planning library_resource help_desk"
    ),
    "provider_type": (
        "sea regional_agency intermediary peer_site higher_education contractor"
    ),
    "ta_status": "open scheduled fulfilled withdrawn declined",
    "urgency": "1 2 3",
    "evidence_type": (
        "observation survey interview_focus_group student_work administrative_data "
        "document_review external_evaluation practitioner_account"
    ),
    "evidence_tier": "1 2 3 4 0",
    "effect_rating": (
        "positive potentially_positive mixed no_discernible potentially_negative "
        "negative other"
    ),
    "lesson_type": "worked adapted did_not_work condition_needed open_question",
    "lesson_strength": "strong moderate emerging too_little question",
    "reuse_kind": "adopted adapted",
    "reuse_result": "helped helped_in_part did_not_help too_early",
    "audience": "district_leader school_leader educator state_agency family_community",
    "share_level": "public network sea_only",
    "metric_code": "M01 M02 M03 M04 M05 M06 M07 M08 M09 M10 M11 M12",
    "construct_code": (
        "agency engagement belonging support relationships efficacy "
        "mastery_orientation learning_targets flexible_assessment pacing_progression "
        "learning_anywhere equity_climate educator_confidence intent_to_stay"
    ),
    "award_type": (
        "MicroCredential Badge Certificate CertificateOfCompletion Certification "
        "Competency Course LearningProgram"
    ),
    "locale_code": "11 12 13 21 22 23 31 32 33 41 42 43",
    "grade_level": (
        "IT PR PK TK KG 01 02 03 04 05 06 07 08 09 10 11 12 13 PS UG Other"
    ),
    "graduate_profile": "adopted in_progress none",
    "pilot_scope": "pilot_students all_students",
    "respondent": "student educator leader family",
    "instrument": "kw air_cbe rel_cbl sc_toolkit state local",
    "mechanism": "statute rule guidance funding program partnership",
    "state_phase": "exploration replication statewide_transformation",
    "action_status": "considering planned enacted in_effect ended",
    "competency_level": "1 2 3 4",
    "learning_setting": "classroom out_of_school work_based online dual_enrollment",
    "state_fips": " ".join(sorted(STATE_FIPS)),
}


def test_these_are_the_code_lists_there_are():
    assert set(CATALOGUE.code_lists) == set(VALUES)


@pytest.mark.parametrize("codes", LISTS)
def test_list_holds_every_code_in_order_and_no_other(codes):
    assert " ".join(codes.values) == VALUES[codes.name]


@pytest.mark.parametrize("codes", LISTS)
def test_list_cites_a_public_source_or_says_that_it_is_our_own(codes):
    assert codes.source
    assert "proposal" in codes.source or "(" in codes.source
    assert "[" not in codes.source


@pytest.mark.parametrize("codes", LISTS)
def test_labels_tell_the_codes_apart(codes):
    assert len(set(codes.labels.values())) == len(codes.codes)


@pytest.mark.parametrize("codes", LISTS)
def test_codes_can_stand_in_a_list_and_a_pattern(codes):
    for value in codes.values:
        assert value == value.strip()
        assert ";" not in value


def test_code_that_came_with_the_new_race_standard_is_not_in_use_before_it():
    groups = CATALOGUE.code_lists["student_group"]

    assert "MENA" not in groups.valid_on(date(2024, 6, 30))
    assert "MENA" in groups.valid_on(date(2024, 7, 1))


def test_attendance_is_in_days_credit_in_credits_and_all_else_in_students():
    units = {item.code: item.unit for item in CATALOGUE.code_lists["metric_code"].codes}

    others = dict.fromkeys(CATALOGUE.code_lists["metric_code"].values, "students")
    assert units == others | {"M02": "days", "M09": "credits"}


def test_meaning_of_a_code_ends_with_its_unit():
    assert Code(code="a", label="A", unit="days").meaning == "Counted in days."
    assert Code(code="a", label="A", description="Days.").meaning == "Days."
    assert (
        Code(code="a", label="A", description="All.", unit="days").meaning
        == "All. Counted in days."
    )


def test_list_refuses_a_code_twice():
    code = Code(code="a", label="A")

    with pytest.raises(ValidationError, match="repeats a"):
        CodeList(
            name="x",
            title="X",
            source="own proposal",
            valid_from=date(2020, 7, 1),
            codes=(code, code),
        )


def test_code_cannot_end_before_it_begins():
    with pytest.raises(ValidationError, match="ends before it begins"):
        Code(
            code="a",
            label="A",
            valid_from=date(2024, 7, 1),
            valid_to=date(2024, 6, 30),
        )


@given(
    first=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    days=st.integers(0, 400),
    asked=st.integers(-500, 500),
)
def test_code_is_in_use_from_its_first_day_to_its_last(first, days, asked):
    last, day = first + timedelta(days), first + timedelta(asked)
    codes = CodeList(
        name="x",
        title="X",
        source="own proposal",
        valid_from=date(2000, 1, 1),
        codes=(Code(code="a", label="A", valid_from=first, valid_to=last),),
    )

    assert (codes.valid_on(day) == ("a",)) == (first <= day <= last)
