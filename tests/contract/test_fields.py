"""The columns of every dataset: complete, in order, and true to their own example."""

import re
from datetime import date

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import FieldType, Presence, Privacy
from pcbl_pipeline.model.identifiers import is_school_year
from tests.support.reading_grade import reading_grade

CATALOGUE = load_catalogue()
FIELDS = [
    pytest.param(field, id=f"{contract.dataset}.{field.name}")
    for contract in CATALOGUE.contracts.values()
    for field in contract.fields
]
CONTRACTS = [pytest.param(item, id=name) for name, item in CATALOGUE.contracts.items()]

# Column : privacy class (P public, N network, R restricted, S as share_level says).
COLUMNS = {
    "site_profile": """
        schema_version:P site_id:P school_year:P state_fips:P leaid:P ncessch:P
        site_name:P site_level:P term_code:P cohort_label:P cohort_start_year:P
        network_role:P grant_phase:P grades_served:P locale_code:P
        schools_total:P schools_in_pilot:P students_total:P students_in_pilot:P
        educators_total:P educators_in_pilot:P graduate_profile:P case_document_uri:P
        willing_to_host:N consent_publish_name:N contact_role:R contact_email:R""",
    "lesson_learned": """
        schema_version:P lesson_id:P revision:P site_id:P school_year:P lesson_date:P
        element_code:P stage_at_time:P lesson_type:P title:S situation:S action:S
        result:S recommendation:S audience:P policy_area:P evidence_type:P
        evidence_tier:P effect_rating:P resource_url:S resource_license:S
        related_barrier_id:N share_level:P reviewed_no_pii:N
        reused_lesson_id:N reuse_kind:P reuse_result:P""",
    "ta_request": """
        schema_version:P ta_request_id:N site_id:N school_year:N requested_on:N topic:N
        element_code:N need:N urgency:N preferred_mode:N audience:N
        participants_expected:N needed_by:N tried_library:N open_to_peers:N status:N""",
    "ta_event": """
        schema_version:P ta_event_id:P school_year:P event_date:P mode:P
        provider_type:P topic:P support_category:P provider_name:P hours:P
        staff_hours:N cost_usd:N participants:P sites_served:N ta_request_ids:N
        resource_url:P resource_license:P usefulness_sum:N usefulness_n:N""",
    "implementation_status": """
        schema_version:P site_id:P school_year:P window:P element_code:P stage:N
        stage_since:N reach_pct:N evidence_type:N evidence_note:N is_priority_next:N
        rated_by_role:N""",
    "outcome_metric": """
        schema_version:P site_id:P school_year:P metric_code:P grade_band:P
        student_group:P numerator:R denominator:R measure_name:P pilot_scope:P
        is_baseline:P note:R""",
    "perception_survey": """
        schema_version:P site_id:P school_year:P window:P respondent:P instrument:P
        construct_code:P student_group:P n_invited:R n_responded:R n_favorable:R
        favorable_rule:P scale_mean:R scale_max:R""",
    "barrier_and_waiver": """
        schema_version:P barrier_id:N revision:N site_id:N school_year:N opened_on:N
        barrier_type:N policy_level:N policy_area:N element_code:N citation:N
        description:N severity:N students_affected:R workaround:N request_type:N
        status:N status_date:N waiver_start:P waiver_end:P extension_no:P
        agency_response:N""",
    "educator_learning": """
        schema_version:P site_id:P school_year:P award_id:P award_title:P award_type:P
        issuer:P award_uri:P competency_uri:P element_code:P hours:P n_started:N
        n_completed:N""",
    "state_action": """
        schema_version:P state_fips:P action_id:P decision_point:P decision:P
        policy_area:P logic_component:P support_category:P title:P description:P
        mechanism:P lead_actor:P supporting_actors:P state_phase:P status:P decided_on:P
        effective_on:P ended_on:P equity_statement:P equity_groups:P term_code:P
        amount_usd:P citation_url:P barrier_ids:N""",
    "competency_record": """
        schema_version:P site_id:P school_year:P ncessch:P student_key:R grade_level:R
        student_groups:R competency_uri:P level:R evidence_count:R first_evidence_on:R
        demonstrated_on:R learning_setting:R credits_earned:R credits_possible:R
        teacher_of_record_keys:R expected_by:R""",
}
CODE_LISTS = {
    "site_profile": """
        schema_version:schema_version state_fips:state_fips site_level:site_level
        term_code:term_code network_role:network_role grant_phase:grant_phase
        grades_served:grade_level locale_code:locale_code
        graduate_profile:graduate_profile willing_to_host:yes_no
        consent_publish_name:yes_no""",
    "lesson_learned": """
        schema_version:schema_version element_code:element_code lesson_type:lesson_type
        stage_at_time:stage_code
        audience:audience policy_area:policy_area evidence_type:evidence_type
        evidence_tier:evidence_tier effect_rating:effect_rating share_level:share_level
        reviewed_no_pii:yes_no reuse_kind:reuse_kind reuse_result:reuse_result""",
    "ta_request": """
        schema_version:schema_version topic:ta_topic element_code:element_code
        urgency:urgency
        preferred_mode:ta_mode audience:audience tried_library:yes_no
        open_to_peers:yes_no status:ta_status""",
    "ta_event": """
        schema_version:schema_version mode:ta_mode provider_type:provider_type
        topic:ta_topic support_category:support_category""",
    "implementation_status": """
        schema_version:schema_version window:window element_code:element_code
        evidence_type:evidence_type is_priority_next:yes_no rated_by_role:audience""",
    "outcome_metric": """
        schema_version:schema_version metric_code:metric_code grade_band:grade_band
        student_group:student_group pilot_scope:pilot_scope is_baseline:yes_no""",
    "perception_survey": """
        schema_version:schema_version window:window respondent:respondent
        instrument:instrument construct_code:construct_code
        student_group:student_group""",
    "barrier_and_waiver": """
        schema_version:schema_version barrier_type:barrier_type
        policy_level:policy_level policy_area:policy_area element_code:element_code
        request_type:request_type status:barrier_status""",
    "educator_learning": """
        schema_version:schema_version award_type:award_type
        element_code:element_code""",
    "state_action": """
        schema_version:schema_version state_fips:state_fips
        decision_point:decision_point decision:decision policy_area:policy_area
        logic_component:logic_component support_category:support_category
        mechanism:mechanism lead_actor:lead_actor supporting_actors:lead_actor
        state_phase:state_phase status:action_status equity_groups:student_group
        term_code:term_code""",
    "competency_record": """
        schema_version:schema_version grade_level:grade_level
        student_groups:student_group learning_setting:learning_setting""",
}
MAX_LENGTHS = {
    "site_profile": "site_name:120 cohort_label:40 contact_role:60 contact_email:254",
    "lesson_learned": """title:120 situation:600 action:600 result:600
        recommendation:400 resource_license:60 related_barrier_id:60""",
    "ta_request": "ta_request_id:60 need:500",
    "ta_event": "ta_event_id:60 provider_name:80 resource_license:60",
    "implementation_status": "evidence_note:500",
    "outcome_metric": "measure_name:80 note:300",
    "perception_survey": "favorable_rule:120",
    "barrier_and_waiver": """barrier_id:60 citation:120 description:600
        workaround:400 agency_response:600""",
    "educator_learning": "award_id:60 award_title:120 issuer:120",
    "state_action": "action_id:60 title:120 description:600 equity_statement:400",
    "competency_record": "competency_uri:300",
}
#: Number, delivery, key and sender of each dataset.
DATASETS = {
    "site_profile": ("S1", "snapshot", ("site_id", "school_year"), "site"),
    "lesson_learned": ("S5", "upsert", ("lesson_id", "revision"), "site"),
    "ta_request": ("S7", "upsert", ("ta_request_id",), "site"),
    "ta_event": ("S8", "upsert", ("ta_event_id",), "agency"),
    "implementation_status": (
        "S2",
        "snapshot",
        ("site_id", "school_year", "window", "element_code"),
        "site",
    ),
    "outcome_metric": (
        "S3",
        "snapshot",
        ("site_id", "school_year", "metric_code", "grade_band", "student_group"),
        "site",
    ),
    "perception_survey": (
        "S4",
        "snapshot",
        (
            *("site_id", "school_year", "window", "respondent", "instrument"),
            *("construct_code", "student_group"),
        ),
        "site",
    ),
    "barrier_and_waiver": ("S6", "upsert", ("barrier_id", "revision"), "site"),
    "educator_learning": (
        "S9",
        "snapshot",
        ("site_id", "school_year", "award_id"),
        "site",
    ),
    "state_action": ("S10", "upsert", ("state_fips", "action_id"), "agency"),
    "competency_record": (
        "S11",
        "snapshot",
        ("site_id", "school_year", "student_key", "competency_uri"),
        "site",
    ),
}
#: What a newer file replaces as a whole, where that is not the key itself.
SCOPES = {
    "implementation_status": ("site_id", "school_year", "window"),
    "outcome_metric": ("site_id", "school_year", "metric_code"),
    "perception_survey": (
        *("site_id", "school_year", "window", "respondent", "instrument"),
    ),
    "competency_record": ("site_id", "school_year"),
    "educator_learning": ("site_id", "school_year"),
}
#: The column that names whose rows they are. Help is given to several sites.
OWNERS = dict.fromkeys(DATASETS, "site_id") | {
    "ta_event": None,
    "state_action": "state_fips",
}
PRIVACY_LETTERS = {
    "P": Privacy.PUBLIC,
    "N": Privacy.NETWORK,
    "R": Privacy.RESTRICTED,
    "S": Privacy.SHARE_LEVEL,
}


def pairs(text):
    return dict(item.split(":") for item in text.split())


def test_these_are_the_datasets_there_are():
    assert set(CATALOGUE.contracts) == set(DATASETS) == set(COLUMNS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_dataset_has_its_number_delivery_key_and_sender(contract):
    stated = (
        contract.code,
        contract.delivery.mode,
        contract.key,
        contract.submitted_by,
    )

    assert stated == DATASETS[contract.dataset]
    whole = contract.key if contract.delivery.mode == "snapshot" else ()
    assert contract.delivery.scope == SCOPES.get(contract.dataset, whole)
    assert contract.owner_field == OWNERS[contract.dataset]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_columns_are_complete_in_order_and_of_the_right_privacy_class(contract):
    expected = pairs(COLUMNS[contract.dataset])
    stated = [(field.name, field.privacy) for field in contract.fields]

    assert stated == [(name, PRIVACY_LETTERS[key]) for name, key in expected.items()]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_columns_have_the_right_code_lists(contract):
    stated = {item.name: item.code_list for item in contract.fields if item.code_list}

    assert stated == pairs(CODE_LISTS[contract.dataset])


@pytest.mark.parametrize("contract", CONTRACTS)
def test_texts_have_the_right_limits(contract):
    stated = {item.name: item.max_length for item in contract.fields if item.max_length}

    assert stated == {
        name: int(limit) for name, limit in pairs(MAX_LENGTHS[contract.dataset]).items()
    }


@pytest.mark.parametrize("contract", CONTRACTS)
def test_keys_are_required(contract):
    for name in (*contract.key, *contract.delivery.scope):
        assert contract.field(name).presence is Presence.REQUIRED


@pytest.mark.parametrize("field", FIELDS)
def test_example_is_a_right_value(field):
    assert problems(field, field.example) == []


@pytest.mark.parametrize("field", FIELDS)
def test_pattern_keeps_out_what_it_is_there_to_keep_out(field):
    if field.pattern is None:
        return
    for spoilt in (f" {field.example}", f"{field.example} ", f"{field.example};x"):
        assert problems(field, spoilt)


@pytest.mark.parametrize("field", FIELDS)
def test_numbers_have_a_unit_and_a_lowest_value(field):
    if field.type in {FieldType.INTEGER, FieldType.DECIMAL}:
        assert field.minimum is not None
        assert field.unit or field.name == "revision"


@pytest.mark.parametrize("field", FIELDS)
def test_free_text_has_a_limit(field):
    if field.type is FieldType.NARRATIVE:
        assert field.max_length


@pytest.mark.parametrize("contract", CONTRACTS)
def test_no_header_can_mean_two_columns(contract):
    headers = [
        re.sub(r"[^a-z0-9]", "", text.lower())
        for field in contract.fields
        for text in {field.name, *field.synonyms}
    ]

    assert len(set(headers)) == len(headers)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_description_says_who_when_and_how_it_goes_wrong_in_plain_words(contract):
    assert "It goes wrong when" in contract.description
    assert (
        "must not be used" in contract.description or "is not" in contract.description
    )
    assert reading_grade(contract.description) <= 8


def problems(field, value):
    """Judge a value by the field alone, without the engine's code."""
    codes = CATALOGUE.codes_of(field)
    items = value.split(";") if field.type is FieldType.CODES else [value]
    wrong = {
        "code": codes is not None and not set(items) <= set(codes.values),
        "pattern": field.pattern and not re.fullmatch(field.pattern, value),
        "length": field.max_length and len(value) > field.max_length,
        "type": not of_type(field, value),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def of_type(field, value):
    match field.type:
        case FieldType.INTEGER:
            return re.fullmatch("[0-9]+", value) and in_range(field, int(value))
        case FieldType.DECIMAL:
            return in_range(field, float(value))
        case FieldType.DATE:
            return date.fromisoformat(value).isoformat() == value
        case FieldType.SCHOOL_YEAR:
            return is_school_year(value)
        case FieldType.URI:
            return re.fullmatch(r"https?://[a-z.]+/\S*", value)
    return True


def in_range(field, number):
    if field.maximum is not None and number > field.maximum:
        return False
    if field.minimum is None:
        return True
    return number > field.minimum if field.above_minimum else number >= field.minimum
