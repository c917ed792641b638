"""Pairs for the rules about what a mapping does not say. All content is invented."""

from collections.abc import Callable
from dataclasses import replace

from pcbl_pipeline.contracts.sources import parse_source
from pcbl_pipeline.operations.recognise_tables import Mappings
from tests.support.exports import KEYRING
from tests.support.rule_files import Example, Pair, as_csv, right_record

_MAPPING = """
source: own_tool
version: "1"
title: Our own tool
signs: {all: [Learner ID, Skill, Stage]}
crosswalks:
  stages: {Nearly: "2", Got it: "3"}
fields:
  site_id: {sender: site_id}
  ncessch: {constant: "049990100123"}
  school_year: {constant: 2025-2026}
  student_key: {column: Learner ID, hash: student}
  grade_level: {constant: "09"}
  student_groups: {constant: HI7}
  competency_uri: {combine: ["own:", {column: Skill}]}
  level: {column: Stage, crosswalk: stages}
  evidence_count: {constant: "1"}
  learning_setting: {constant: classroom}
"""
_DAY = '  demonstrated_on: {column: Day, parse: date, when: {level: ["3"]}}\n'
_HEADERS = ("Learner ID", "Skill", "Stage", "Day")


def _export(*rows: tuple[str, str, str, str], fields: str = "") -> Callable[[], Pair]:
    def made() -> Pair:
        source = parse_source(_MAPPING + fields, {}, name="own.yaml")
        mappings = Mappings(keyring=lambda: KEYRING, own=(source,))
        broken = Example("own.csv", as_csv([_HEADERS, *rows]))
        return Pair(
            right_record(), replace(broken, mappings=mappings), frozenset({"C220"})
        )

    return made


#: Code → what makes its pair.
OF_MAPPINGS: dict[str, Callable[[], Pair]] = {
    "C228": _export(("L-1", "C.1", "IE", ""), ("L-2", "C.1", "Nearly", "")),
    "C229": _export(("L-1", "C.1", "Got it", "2026-02-03")),
    "C230": _export(
        ("L-1", "C.1", "Nearly", "2026-02-03"), ("L-1", "C.1", "Nearly", "2026-03-03")
    ),
    "C231": _export(("L-1", "C.1", "Got it", "4/25/03"), fields=_DAY),
}
