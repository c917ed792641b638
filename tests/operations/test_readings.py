"""What was read otherwise than it stands is said in the receipt, in plain words."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.readings import _WORDS, _phrase
from pcbl_pipeline.validation.written import How
from tests.support.example_rows import example_row
from tests.support.reading_grade import reading_grade

CATALOGUE = load_catalogue()


def test_a_receipt_says_how_many_values_were_read_and_how(tmp_path):
    contract = CATALOGUE.get("ta_event")
    header = ";".join(contract.field_names)
    lines = [header]
    for number in range(3):
        row = example_row(
            contract, ta_event_id=f"04-2026-00{number}", cost_usd="1.234,5"
        )
        lines.append(";".join(f'"{row[name] or ""}"' for name in contract.field_names))
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines), encoding="utf-8")

    receipt = check_file(path, catalogue=CATALOGUE)

    (found,) = [item for item in receipt.all_findings if item.code == "R317"]
    assert (
        found.message == "In `cost_usd` 3 numbers have a decimal comma, read as such."
    )
    assert found.severity == "info"
    assert receipt.rows.accepted == 3


@pytest.mark.parametrize("how", [h for h in How if How.AS_SENT < h < How.ERROR])
def test_every_kind_of_reading_has_plain_words(how):
    assert how in _WORDS
    for count in (1, 2_000):
        sentence = f"In `column` {_phrase(how, count)}."
        assert reading_grade(sentence) <= 8, sentence
