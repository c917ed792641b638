"""The crosswalk of terms: each state's own word, its years and its source."""

import pytest
from pydantic import ValidationError

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.terms import StateTerm, terms_in_use
from pcbl_pipeline.errors import ContractInvalid
from pcbl_pipeline.model.identifiers import STATE_FIPS


def term(state, wording, since=None, until=None, code="CBE"):
    return StateTerm(
        state_fips=state,
        term_code=code,
        wording=wording,
        since=since,
        until=until,
        source="invented",
    )


def test_every_term_is_of_a_state_has_a_code_and_a_source(catalogue):
    assert catalogue.state_terms
    for item in catalogue.state_terms:
        assert item.state_fips in STATE_FIPS
        assert item.term_code in catalogue.code_lists["term_code"].values
        assert item.source
    pairs = [(item.state_fips, item.term_code) for item in catalogue.state_terms]
    assert len(set(pairs)) == len(pairs)


def test_a_term_counts_in_its_years_and_a_new_one_takes_its_place():
    terms = [
        term("32", "competency-based education", 2017, 2025),
        term("32", "personalized, competency-based learning", 2026, code="PCBL"),
        term("38", "its word of old"),
    ]

    assert terms_in_use(terms, 2016) == {"38": ("its word of old",)}
    assert terms_in_use(terms, 2025)["32"] == ("competency-based education",)
    assert terms_in_use(terms, 2026)["32"] == (
        "personalized, competency-based learning",
    )


def test_a_term_cannot_end_before_it_begins():
    with pytest.raises(ValidationError, match="ends before it begins"):
        term("32", "x", 2025, 2024)


def test_term_that_is_no_code_is_refused(catalogue):
    with pytest.raises(ContractInvalid, match="`XYZ`"):
        Catalogue(
            tuple(catalogue.contracts.values()),
            tuple(catalogue.code_lists.values()),
            catalogue.generic_rules,
            tuple(catalogue.limit_tables.values()),
            state_terms=(term("32", "x", code="XYZ"),),
        )
