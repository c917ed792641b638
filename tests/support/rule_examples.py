"""One pair of files per rule: one that keeps it, and one that breaks it and no other.

Rules of a dataset are broken by the rows that `tests/contract/test_own_rules.py` holds;
here are the files for the rules that all datasets share. All content is invented.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import xlsxwriter

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.markdown import link, table
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.operations.examine import (
    FileReading,
    judge_dataset,
    read_submission,
)
from tests.contract.test_own_rules import ALSO, BROKEN
from tests.support.example_rows import (
    AGENCY,
    SITE,
    example_circumstances,
    example_row,
)
from tests.support.versions import changed, with_second_version

SIZE_LIMIT_BYTES = 1_000_000
#: How an encrypted workbook begins: an OLE container that names the encrypted package.
_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")

Cells = Mapping[str, str | None]


@dataclass(frozen=True)
class Example:
    """One file, as somebody sends it."""

    name: str
    content: bytes
    sender: Sender = SITE
    #: Contracts other than the project's own, where the rule needs them.
    catalogue: Catalogue | None = None


@dataclass(frozen=True)
class Pair:
    """Two files about one rule."""

    kept: Example
    broken: Example
    #: Rules that cannot but break with it.
    also: frozenset[str] = frozenset()


@cache
def own_catalogue() -> Catalogue:
    return load_catalogue()


def codes_found(example: Example, folder: Path) -> set[str]:
    """Take a file the way that every file goes, and return what was found."""
    path = folder / "submission"
    path.write_bytes(example.content)
    catalogue = example.catalogue or own_catalogue()
    reading = read_submission(
        path,
        example.name,
        catalogue,
        sender=example.sender,
        size_limit_bytes=SIZE_LIMIT_BYTES,
    )
    return {*_before_rows(reading), *_in_rows(reading, catalogue)}


def _before_rows(reading: FileReading) -> Iterable[str]:
    yield from (finding.code for finding in reading.findings)
    tables = [*reading.refused]
    for dataset in reading.datasets:
        tables += dataset.recognitions
    yield from (finding.code for table in tables for finding in table.findings)


def _in_rows(reading: FileReading, catalogue: Catalogue) -> Iterable[str]:
    for tables in reading.datasets:
        known = example_circumstances(tables.contract)
        judged = judge_dataset(tables, catalogue, known)
        assert not judged.not_checked
        yield from judged.occurrences["code"]


def pairs() -> dict[str, Pair]:
    """Return the pair of every rule that has one, by its code."""
    own = {code: _own_pair(code) for code in BROKEN}
    return {**{code: make() for code, make in _SHARED.items()}, **own}


def _own_pair(code: str) -> Pair:
    dataset, changes = BROKEN[code]
    contract = own_catalogue().get(dataset)
    also = frozenset(ALSO.get(code, ()))
    return Pair(_sheet(contract), _sheet(contract, changes), also)


def _sheet(
    contract: Contract,
    *rows: Cells,
    without: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
    catalogue: Catalogue | None = None,
) -> Example:
    """Write right rows with some cells changed, and some columns less or more."""
    names = [name for name in contract.field_names if name not in without]
    lines = [[*names, *(more or {})]]
    for changes in rows or ({},):
        row = example_row(contract, **changes)
        lines.append([*(row[name] or "" for name in names), *(more or {}).values()])
    sender = SITE if contract.submitted_by == "site" else AGENCY
    return Example(f"{contract.dataset}.csv", _csv(lines), sender, catalogue)


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def _lesson(*rows: Cells, **how: object) -> Example:
    return _sheet(own_catalogue().get("lesson_learned"), *rows, **how)


def _event(*rows: Cells) -> Example:
    return _sheet(own_catalogue().get("ta_event"), *rows)


def _request(*rows: Cells, **how: object) -> Example:
    return _sheet(own_catalogue().get("ta_request"), *rows, **how)


def _cell(**changes: str | None) -> Callable[[], Pair]:
    return lambda: Pair(_lesson(), _lesson(changes))


def _file(content: bytes, name: str = "lesson_learned.csv") -> Callable[[], Pair]:
    return lambda: Pair(_lesson(), Example(name, content))


def _book(*sheets: tuple[str, Sequence[Sequence[str]]], far: bool = False) -> Example:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, lines in sheets:
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for position, text in enumerate(line):
                    sheet.write_string(number, position, text)
            if far:
                sheet.write_string(1_048_575, 16_383, "x")
    return Example("lessons.xlsx", out.getvalue())


def _lines() -> list[list[str]]:
    text = _lesson().content.decode()
    return [list(line) for line in csv.reader(io.StringIO(text))]


def _with_sheet(name: str, lines: Sequence[Sequence[str]]) -> Pair:
    data = ("lesson_learned", _lines())
    return Pair(_book(data), _book(data, (name, lines)))


def _lessons(*numbers: int, **changes: str) -> list[Cells]:
    ids = [f"0499901-2026-{number:03d}" for number in numbers]
    return [{"lesson_id": lesson_id, **changes} for lesson_id in ids]


def _header_only() -> Pair:
    return Pair(_lesson(), Example("lesson_learned.csv", _csv(_lines()[:1])))


def _not_utf8() -> Pair:
    right = _lesson({"title": "Résumé"})
    wrong = right.content.decode().encode("cp1252")
    return Pair(right, Example(right.name, wrong))


def _unclosed() -> Pair:
    lines = _lesson(*_lessons(1, 2, 3)).content.decode().splitlines()
    lines[2] = '"' + lines[2].replace('"', "")
    return Pair(_lesson(), Example("lesson_learned.csv", "\r\n".join(lines).encode()))


def _headless() -> Pair:
    return Pair(_lesson(), Example("lesson_learned.csv", _csv(_lines()[1:] * 2)))


def _of_another_site() -> Pair:
    theirs = {"lesson_id": "0499902-2026-001", "site_id": "0499902"}
    return Pair(_lesson(), _lesson(theirs))


def _mixed_sites() -> Pair:
    theirs = {"lesson_id": "0499902-2026-001", "site_id": "0499902"}
    return Pair(_lesson(*_lessons(1, 2)), _lesson({}, theirs))


def _from_a_site() -> Pair:
    right = _event()
    return Pair(right, Example(right.name, right.content, SITE))


def _repeated_header() -> Pair:
    return Pair(_lesson(), _lesson(more={"title": "Another title"}))


def _cells_too_many() -> Pair:
    right = _lesson(*_lessons(1, 2, 3))
    lines = right.content.decode().splitlines()
    lines[2] += ",more"
    return Pair(right, Example(right.name, "\r\n".join(lines).encode()))


def _code_of_other_years() -> Pair:
    catalogue = own_catalogue()
    first, *rest = catalogue.code_lists["lesson_type"].codes
    ended = first.model_copy(update={"valid_to": date(2024, 6, 30)})
    codes = catalogue.code_lists["lesson_type"].model_copy(
        update={"codes": (ended, *rest)}
    )
    lists = {**catalogue.code_lists, "lesson_type": codes}
    dated = Catalogue(
        tuple(catalogue.contracts.values()),
        tuple(lists.values()),
        catalogue.generic_rules,
        tuple(catalogue.limit_tables.values()),
    )
    right = {"lesson_type": rest[0].code}
    wrong = {"lesson_type": ended.code}
    return Pair(_lesson(right, catalogue=dated), _lesson(wrong, catalogue=dated))


def _version_of_other_years() -> Pair:
    two = with_second_version(own_catalogue())
    old, year = two.version("lesson_learned", "1.0"), "2025-2026"
    right = {"school_year": year, "schema_version": "1.0"}
    wrong = {"school_year": year, "schema_version": "2.0"}
    return Pair(_sheet(old, right, catalogue=two), _sheet(old, wrong, catalogue=two))


def _year_not_collected() -> Pair:
    lesson = own_catalogue().get("lesson_learned")
    ended = own_catalogue().with_contract(changed(lesson, valid_to="2025-2026"))
    wrong = {"school_year": "2026-2027"}
    return Pair(_lesson(catalogue=ended), _lesson(wrong, catalogue=ended))


_SHARED: dict[str, Callable[[], Pair]] = {
    "F101": _file(b""),
    "F102": _header_only,
    "F103": _file(b"just text", "lessons.xlsx"),
    "F104": _not_utf8,
    "F105": _file(b"x" * (SIZE_LIMIT_BYTES + 1)),
    "F106": _file(b"%PDF-1.7", "lessons.pdf"),
    "F107": _file(b"route,stop\r\n12,Elm Street\r\n", "bus.csv"),
    "F108": _of_another_site,
    "F109": _from_a_site,
    "F110": _unclosed,
    "F111": lambda: _with_sheet("Scratch", []),
    "F112": lambda: _with_sheet("Notes", [["who", "when"], ["me", "today"]]),
    "F113": _headless,
    "F114": _file(_LOCKED + b"\x00" * 512, "lessons.xlsx"),
    "F115": lambda: Pair(
        _book(("lesson_learned", _lines())),
        _book(("lesson_learned", _lines()), far=True),
    ),
    "C201": lambda: Pair(_lesson(), _lesson(without=["title"])),
    "C202": lambda: Pair(_lesson(), _lesson(more={"shoe_size": "44"})),
    "C203": lambda: Pair(
        _lesson(), _lesson(without=["resource_url", "resource_license"])
    ),
    "C204": _repeated_header,
    "C205": _cell(schema_version="9.9"),
    "C206": lambda: Pair(
        _request(), _request(without=["open_to_peers"]), frozenset({"R302"})
    ),
    "C240": _version_of_other_years,
    "C241": _year_not_collected,
    "R301": _cell(stage_at_time="9"),
    "R302": lambda: Pair(_request(), _request({"open_to_peers": None})),
    "R303": _cell(title=None),
    "R304": _cell(stage_at_time="two"),
    "R305": lambda: Pair(_event(), _event({"hours": "two"})),
    "R306": _cell(lesson_date="March 9, 2026"),
    "R307": _cell(lesson_type="Worked!"),
    "R308": _cell(lesson_id="lesson 1"),
    "R309": _cell(title="x" * 200),
    "R310": _cell(school_year="2025-2027"),
    "R311": _cells_too_many,
    "R312": _cell(audience="educator;teachers"),
    "R313": _cell(resource_url="our website"),
    "R314": _code_of_other_years,
    "K401": lambda: Pair(_lesson(*_lessons(1, 2)), _lesson({}, {})),
    "K402": _mixed_sites,
}
#: Rules that need more than one file, and the test that breaks them.
ELSEWHERE = {"F190": "tests/contract/test_rule_examples.py"}


def coverage_page() -> str:
    """Return the page that lists, rule by rule, the pair of files that tests it."""
    found, rules = pairs(), own_catalogue().rules
    rows = [
        (
            link(code, f"rules/{code}.md"),
            rules[code].summary,
            _kind(found[code]) if code in found else f"two drops, in {ELSEWHERE[code]}",
            ", ".join(sorted(found[code].also)) if code in found else "",
        )
        for code in sorted(rules)
        if code in found or code in ELSEWHERE
    ]
    parts = [
        "<!-- Generated from the tests. Do not edit; run `make docs`. -->",
        "# Rules and their examples",
        (
            f"{len(rows)} of {len(rules)} rules have a pair of files in the tests: one "
            "keeps every rule, the other breaks this rule and no other. Both go the "
            "way that every dropped file goes. A rule that cannot but break another "
            "one with it names that."
        ),
        table(("Rule", "What it finds", "Broken by", "Also breaks"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def _kind(pair: Pair) -> str:
    contract = "another contract, " if pair.broken.catalogue else ""
    return f"{contract}`{pair.broken.name}` from {pair.broken.sender.sender_id}"


def main() -> None:
    """Write the page."""
    page = Path(__file__).parents[2] / "docs" / "rule-coverage.md"
    page.write_text(coverage_page(), "utf-8")


if __name__ == "__main__":
    main()
