"""One pair of files per rule: one that keeps it, and one that breaks it and no other.

Rules of a dataset are broken by the rows that `tests/contract/test_own_rules.py` holds;
here are the files for the rules that all datasets share, as far as a text of rows shows
them. Those of other files and of more than one file are in the modules beside this one.
All content is invented.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.markdown import link, table
from pcbl_pipeline.operations.explanations import EXPLAIN_COLUMNS
from pcbl_pipeline.operations.patch import PATCH_COLUMNS
from tests.contract.test_own_rules import ALSO, BESIDE, BROKEN
from tests.support.example_rows import PRAIRIE, SITE, example_rows
from tests.support.rule_examples_of_files import OF_FILES
from tests.support.rule_examples_of_mappings import OF_MAPPINGS
from tests.support.rule_examples_of_wholes import OF_WHOLES
from tests.support.rule_exchanges import EXCHANGES, ExchangePair
from tests.support.rule_files import (
    SIZE_LIMIT_BYTES,
    Cells,
    Example,
    Pair,
    as_csv,
    lesson,
    lessons,
    lines_of,
    own_catalogue,
    sheet,
    whole_rows,
)
from tests.support.versions import changed, with_second_version

#: How an encrypted workbook begins: an OLE container that names the encrypted package.
_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


def pairs() -> dict[str, Pair]:
    """Return the pair of every rule that has one, by its code."""
    own = {code: _own_pair(code) for code in BROKEN}
    shared = {**_SHARED, **OF_FILES, **OF_WHOLES, **OF_MAPPINGS}
    return {**{code: make() for code, make in shared.items()}, **own}


def _own_pair(code: str) -> Pair:
    dataset, changes = BROKEN[code]
    contract = own_catalogue().get(dataset)
    row, *others = example_rows(contract, **changes)
    beside = BESIDE.get(code, list)(others)
    sender = PRAIRIE if row.get("site_id") == PRAIRIE.sender_id else None
    kept = whole_rows(contract, example_rows(contract))
    broken = whole_rows(contract, [row, *beside], sender)
    return Pair(kept, broken, frozenset(ALSO.get(code, ())))


def _event(*rows: Cells) -> Example:
    return sheet(own_catalogue().get("ta_event"), *rows)


def _request(*rows: Cells, **how: object) -> Example:
    return sheet(own_catalogue().get("ta_request"), *rows, **how)


def _cell(**changes: str | None) -> Callable[[], Pair]:
    return lambda: Pair(lesson(), lesson(changes))


def _file(content: bytes, name: str = "lesson_learned.csv") -> Callable[[], Pair]:
    return lambda: Pair(lesson(), Example(name, content))


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


def _with_sheet(name: str, lines: Sequence[Sequence[str]]) -> Pair:
    data = ("lesson_learned", lines_of(lesson()))
    return Pair(_book(data), _book(data, (name, lines)))


def _header_only() -> Pair:
    return Pair(lesson(), Example("lesson_learned.csv", as_csv(lines_of(lesson())[:1])))


def _broken_off() -> Pair:
    right = lesson({"title": "Résumé"})
    end = right.content.rindex("é".encode()) + 1
    return Pair(right, Example(right.name, right.content[:end]))


def _unclosed() -> Pair:
    lines = lesson(*lessons(1, 2, 3)).content.decode().splitlines()
    lines[2] = '"' + lines[2].replace('"', "")
    return Pair(lesson(), Example("lesson_learned.csv", "\r\n".join(lines).encode()))


def _headless() -> Pair:
    right = lesson(*lessons(1, 2, 3))
    return Pair(right, Example(right.name, as_csv(lines_of(right)[1:])))


def _of_another_site() -> Pair:
    theirs = {"lesson_id": "0499902-2026-001", "site_id": "0499902"}
    return Pair(lesson(), lesson(theirs))


def _mixed_sites() -> Pair:
    theirs = {"lesson_id": "0499902-2026-001", "site_id": "0499902"}
    return Pair(lesson(*lessons(1, 2)), lesson({}, theirs))


def _from_a_site() -> Pair:
    right = _event()
    return Pair(right, Example(right.name, right.content, SITE))


def _repeated_header() -> Pair:
    return Pair(lesson(), lesson(more={"title": "Another title"}))


def _cells_too_many() -> Pair:
    right = lesson(*lessons(1, 2, 3))
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
    return Pair(lesson(right, catalogue=dated), lesson(wrong, catalogue=dated))


def _version_of_other_years() -> Pair:
    two = with_second_version(own_catalogue())
    old, year = two.version("lesson_learned", "1.1"), "2025-2026"
    right = {"school_year": year, "schema_version": "1.1"}
    wrong = {"school_year": year, "schema_version": "2.0"}
    return Pair(sheet(old, right, catalogue=two), sheet(old, wrong, catalogue=two))


def _list_of_ours(columns: Sequence[str], **filled: str) -> Example:
    """Return a list that lies beside a receipt, with one line; blank but for some."""
    known = {"submission_id": "0499901-0000", "row": "2", "finding": "w-0", **filled}
    line = [known.get(name, "") for name in columns]
    return Example("list.csv", as_csv([list(columns), line]))


def _part_of_a_lesson() -> Example:
    return Example("lessons.csv", b"title,situation,action,Kind,When\r\na,b,c,d,e\r\n")


def _year_not_collected() -> Pair:
    contract = own_catalogue().get("lesson_learned")
    ended = own_catalogue().with_contract(changed(contract, valid_to="2025-2026"))
    wrong = {"school_year": "2026-2027"}
    return Pair(lesson(catalogue=ended), lesson(wrong, catalogue=ended))


_SHARED: dict[str, Callable[[], Pair]] = {
    "F101": _file(b""),
    "F102": _header_only,
    "F103": _file(b"just text", "lessons.xlsx"),
    "F104": _broken_off,
    "F105": _file(b"x" * (SIZE_LIMIT_BYTES + 1)),
    "F106": _file(b"%PDF-1.7", "lessons.pdf"),
    "F107": _file(b"route,stop\r\n12,Elm Street\r\n", "bus.csv"),
    "F108": _of_another_site,
    "F109": _from_a_site,
    "F110": _unclosed,
    "F111": lambda: _with_sheet("Scratch", []),
    "F112": lambda: _with_sheet("Notes", [["who", "when"], ["me", "today"]]),
    "F113": _headless,
    "F128": lambda: _with_sheet(
        "site_profile", [["site_id", "name"], ["0499901", "Invented"]]
    ),
    "F129": _file(b"Student ID,Standard,Score\n1,MA.6.1,3\n", "scores.csv"),
    "F114": _file(_LOCKED + b"\x00" * 512, "lessons.xlsx"),
    "F115": lambda: Pair(
        _book(("lesson_learned", lines_of(lesson()))),
        _book(("lesson_learned", lines_of(lesson())), far=True),
    ),
    "F175": lambda: Pair(lesson(), _list_of_ours(PATCH_COLUMNS)),
    "F185": lambda: Pair(lesson(), _list_of_ours(EXPLAIN_COLUMNS)),
    "F186": lambda: Pair(lesson(), _list_of_ours(EXPLAIN_COLUMNS, explanation="Yes")),
    "F187": lambda: Pair(lesson(), _part_of_a_lesson()),
    "C201": lambda: Pair(lesson(), lesson(without=["title"])),
    "C202": lambda: Pair(lesson(), lesson(more={"shoe_size": "44"})),
    "C203": lambda: Pair(
        lesson(), lesson(without=["resource_url", "resource_license"])
    ),
    "C204": _repeated_header,
    "C205": _cell(schema_version="9.9"),
    "C206": lambda: Pair(
        _request(), _request(without=["open_to_peers"]), frozenset({"R302"})
    ),
    "C240": _version_of_other_years,
    "C241": _year_not_collected,
    "F191": _cell(action="Call (555) 010-0142 to join."),
    "R301": _cell(stage_at_time="9"),
    "R302": lambda: Pair(_request(), _request({"open_to_peers": None})),
    "R303": _cell(title=None),
    "R304": _cell(stage_at_time="two"),
    "R305": lambda: Pair(_event(), _event({"hours": "two"})),
    "R306": _cell(lesson_date="soon"),
    "R307": _cell(lesson_type="Worked!"),
    "R308": _cell(lesson_id="lesson 1"),
    "R309": _cell(title="x" * 200),
    "R310": _cell(school_year="2025-2027"),
    "R311": _cells_too_many,
    "R312": _cell(audience="educator;teachers"),
    "R313": _cell(resource_url="our website"),
    "R314": _code_of_other_years,
    "K401": lambda: Pair(lesson(*lessons(1, 2)), lesson({}, {})),
    "K402": _mixed_sites,
}


def coverage_page() -> str:
    """Return the page that lists, rule by rule, the pair of files that tests it."""
    found, rules = {**pairs(), **EXCHANGES}, own_catalogue().rules
    rows = [
        (
            link(code, f"rules/{code}.md"),
            rules[code].summary,
            _kind(found[code]),
            ", ".join(sorted(found[code].also)),
        )
        for code in sorted(rules)
        if code in found
    ]
    parts = [
        "<!-- Generated from the tests. Do not edit; run `make docs`. -->",
        "# Rules and their examples",
        (
            f"{len(rows)} of {len(rules)} rules have a pair of files in the tests: one "
            "keeps every rule, the other breaks this rule and no other. Both go the "
            "way that every dropped file goes. Where a rule is about a list of ours or "
            "about what came before, the pair is two exchanges: some files are sent and "
            "answered, and then the one that counts. A rule that cannot but break "
            "another one with it names that."
        ),
        table(("Rule", "What it finds", "Broken by", "Also breaks"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def _kind(pair: Pair | ExchangePair) -> str:
    if isinstance(pair, ExchangePair):
        return "an exchange"
    contract = "another contract, " if pair.broken.catalogue else ""
    return f"{contract}`{pair.broken.name}` from {pair.broken.sender.sender_id}"


def main() -> None:
    """Write the page."""
    page = Path(__file__).parents[2] / "docs" / "rule-coverage.md"
    page.write_text(coverage_page(), "utf-8")


if __name__ == "__main__":
    main()
