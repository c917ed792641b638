"""Pairs for the rules that look at a whole: its cause, its source, what came before.

All content is invented.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.model.identifiers import sha256_hex
from pcbl_pipeline.model.site_mapping import ConfirmedCode, SiteMapping
from pcbl_pipeline.operations.recognise_tables import Mappings, throwaway_keyring
from tests.support.example_rows import Row, example_row, example_rows
from tests.support.exports import EXPORTS, KEYRING
from tests.support.lessons import as_csv as frame_as_csv
from tests.support.lessons import lesson_rows, shift, swap
from tests.support.rule_files import (
    Cells,
    Example,
    Pair,
    lesson,
    lessons,
    own_catalogue,
    right_record,
    sheet,
    whole_rows,
)

_LAST_YEAR = "2024-2025"
_TEN = tuple(range(1, 11))


# --------------------------------------------------------------- what names people


def _record_with(**more: str) -> Callable[[], Pair]:
    return lambda: Pair(right_record(), right_record(more=more))


def _raw_ids() -> Pair:
    record = own_catalogue().get("competency_record")
    return Pair(right_record(), sheet(record, {"teacher_of_record_keys": "T-100"}))


# ------------------------------------------------------------------------- causes


def _lessons_changed(**changes: str | None) -> Pair:
    return Pair(lesson(), lesson(*lessons(*_TEN, **changes)))


def _shifted() -> Pair:
    moved = shift(lesson_rows(10), "school_year", {3}, "right")
    return Pair(lesson(), Example("lesson_learned.csv", frame_as_csv(moved)))


def _swapped() -> Pair:
    moved = swap(lesson_rows(8), "lesson_type", "lesson_date")
    return Pair(lesson(), Example("lesson_learned.csv", frame_as_csv(moved)))


# --------------------------------------------------------- exports of other products


def _export(name: str, *also: str, without: str | None = None) -> Callable[[], Pair]:
    return lambda: Pair(right_record(), _exported(name, without), frozenset(also))


def _exported(name: str, without: str | None) -> Example:
    text = (EXPORTS / f"{name}.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    headers = [header for header in rows[0] if header != without]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headers, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    mappings = Mappings(keyring=lambda: KEYRING, sources=own_catalogue().sources)
    return Example(f"{name}.csv", out.getvalue().encode(), mappings=mappings)


def _confirmed() -> Pair:
    said = ConfirmedCode(
        dataset="lesson_learned",
        field="lesson_type",
        value="It went well",
        code="worked",
        confirmed_on=date(2026, 3, 9),
        confirmed_by="Invented Ada",
        since_version=1,
    )
    mappings = Mappings(
        keyring=throwaway_keyring,
        site=SiteMapping(sender_id="0499901", version=1, codes=(said,)),
    )
    broken = lesson({"lesson_type": "It went well"})
    return Pair(
        replace(lesson(), mappings=mappings), replace(broken, mappings=mappings)
    )


# ---------------------------------------------------------------- what came before


def _records(count: int, year: str = "2025-2026", skills: int = 2) -> Example:
    """Write records of as many learners, in as many skills."""
    contract = own_catalogue().get("competency_record")
    dates: Cells = {}
    if year == _LAST_YEAR:
        dates = {"first_evidence_on": "2024-10-06", "demonstrated_on": "2025-02-12"}
    return whole_rows(contract, _learners(contract, count, skills, year, dates))


def _learners(
    contract: Contract, count: int, skills: int, year: str, dates: Cells
) -> Iterator[Row]:
    for number in range(count):
        yield example_row(
            contract,
            student_key=sha256_hex(b"%d" % number),
            competency_uri=f"https://case.example/uri/skill-{number % skills}",
            school_year=year,
            **dates,
        )


def _after(earlier: Example, kept: Example, broken: Example) -> Pair:
    return Pair(replace(kept, earlier=earlier), replace(broken, earlier=earlier))


def _stages(stage: str) -> Example:
    """Write the ratings of the window before."""
    contract = own_catalogue().get("implementation_status")
    before = {"school_year": _LAST_YEAR, "window": "end_of_year"}
    rows = [row | before | {"stage": stage} for row in example_rows(contract)]
    return whole_rows(contract, rows)


def _jumped() -> Pair:
    contract = own_catalogue().get("implementation_status")
    now = whole_rows(contract, example_rows(contract))
    stage = int(example_row(contract)["stage"] or "")
    return Pair(
        replace(now, earlier=_stages(str(stage))),
        replace(now, earlier=_stages(str(stage - 2))),
    )


def _copied() -> Pair:
    now = lesson(*lessons(1, 2, 3))
    return Pair(now, replace(now, elsewhere=now))


def _hours() -> Pair:
    contract = own_catalogue().get("educator_learning")
    before = sheet(contract, {"school_year": _LAST_YEAR, "hours": "20"})
    return _after(
        before, sheet(contract, {"hours": "22"}), sheet(contract, {"hours": "220"})
    )


def _of_another_state() -> Pair:
    contract = own_catalogue().get("state_action")
    theirs = {"action_id": "another", "state_fips": "38"}
    return Pair(sheet(contract), sheet(contract, {}, theirs))


#: Code → what makes its pair.
OF_WHOLES: dict[str, Callable[[], Pair]] = {
    "F150": _record_with(**{"Student Name": "Learner One"}),
    "F151": _record_with(Remark="learner.one@example.org"),
    "F152": _raw_ids,
    "F160": _shifted,
    "F161": lambda: _lessons_changed(lesson_date="3/9/2026"),
    "F162": lambda: _lessons_changed(site_id="499902"),
    "F163": _swapped,
    "C220": _export("star_skill_area", "C227"),
    "C221": _export("iready_math", "C220", "C227"),
    "C222": _export("dibels8_benchmark", "C220", "C227"),
    "C224": _confirmed,
    "C226": _export("star_skill_area", without="SchoolYear"),
    "C227": _export("star_skill_area", "C220"),
    "R315": lambda: Pair(lesson(), lesson({"lesson_type": "#REF!"})),
    "R316": lambda: Pair(
        sheet(own_catalogue().get("ta_event")),
        sheet(own_catalogue().get("ta_event"), {"hours": "1,234"}),
    ),
    "R317": lambda: Pair(lesson(), lesson({"lesson_date": "9 Mar 2026"})),
    "R318": lambda: Pair(
        sheet(own_catalogue().get("ta_event")),
        sheet(own_catalogue().get("ta_event"), {"hours": "93%"}),
    ),
    "R319": lambda: Pair(lesson(), lesson({"lesson_date": "2/30/2026"})),
    "E531": lambda: _after(_records(40, _LAST_YEAR), _records(38), _records(10)),
    "E532": lambda: _after(_records(40), _records(38), _records(10)),
    "E533": lambda: _after(
        _records(40, _LAST_YEAR), _records(40), _records(40, skills=1)
    ),
    "E534": _jumped,
    "E535": _copied,
    "E536": _hours,
    "K436": _of_another_state,
}
