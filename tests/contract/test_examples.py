"""What the contracts show as an example is nothing that we would hold back."""

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.disclosure.narratives import screen_text
from pcbl_pipeline.summaries.waivers import SCREENED_FIELDS


def test_no_example_of_a_text_is_held_by_the_scan(catalogue):
    held = [
        (contract.dataset, field.name)
        for contract in catalogue.every_version
        for field in contract.fields
        if field.type is FieldType.NARRATIVE or field.name in SCREENED_FIELDS
        if screen_text(field.example, minimum_group_size=10)
    ]

    assert held == []
