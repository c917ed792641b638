"""Text rows as a site would send them: right ones, and ones with planted faults.

A right row is made of the contract's own examples, so that it agrees with itself.
All sites, people and texts are invented.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract, ContractField, FieldType
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.circumstances import Circumstances
from tests.support.lookups import looked_up

ROW_ID = "row_number"
#: Header = row 1, as the sender sees it.
FIRST_ROW = 2
SENDER = Sender(
    sender_id="0499901", name="Saguaro Flats (fictional)", kind="site", state_fips="04"
)
RECEIVED_ON = date(2026, 11, 22)
#: The column that tells rows apart, where it is not the first of the key.
_COUNTED = {
    "competency_record": "student_key",
    "educator_learning": "award_id",
    "state_action": "action_id",
}
#: School years that there are to be in.
_YEARS = 110
_KEY_YEARS = tuple(
    f"{year}-{year + 1}" for year in (1990 + (35 + n) % _YEARS for n in range(_YEARS))
)

Row = Mapping[str, str | None]

_WIDE_DIGITS = {digit: 0xFF10 + int(digit) for digit in "0123456789"}


def wide(text: str) -> str:
    """Write digits as East Asian full-width ones, which look like digits."""
    return text.translate(str.maketrans(_WIDE_DIGITS))


def seeded(words: str) -> random.Random:
    """Return a source of draws that is the same for the same words."""
    return random.Random(words)  # noqa: S311 - test data, no secret


_ANYWHERE = (
    *(None, None, "NA", "na", "N/A", "-", "?", "null", "nan", "NaN", "inf", "-inf"),
    *("None", "#REF!", "TRUE", "two", "1,5", "1 000", "1e3", "0x10", "1_000", "1."),
    *(".5", "+", ".", "--1", "+-1", "-0", "+7", "007", "-1", "0", "1.0", "2.50"),
    *("9" * 15, "9" * 16, "9" * 18, "9" * 19, "-" + "9" * 15, "9" * 400),
    *(
        "\u0663",
        "²",
        "½",
        wide("0499901"),
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "=1+1",
        "a\nb",
    ),
    *("  ", "\u00a0", "\u200b", "\x1c", "\x85", ";", " ; ", "a;b", "\\", "'", '"'),
)
_DATES = (
    *("2026-02-30", "2026-2-3", "2026-02- 3", "2026- 2-03", "0000-01-01", "0001-01-01"),
    *("9999-12-31", "20260-01-01", "2024-02-29", "2023-02-29", "1900-02-29"),
    *("2000-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-03-32"),
    *("2026/03/09", "03/09/2026", "09.03.2026", "2026-03-09T00:00:00", "2026-03-09 "),
    *("46090", "20260309", "2026-03", "March 9, 2026", "2026-3-09", "-2026-03-09"),
    *(f"{wide('2026')}-03-09", "2026-03-1\u0665", "2026-03-0\u0665", "2026-03-09\n"),
    *(f"2026-{wide('1')}0-05", f"2026-03-{wide('1')}0"),
    *("2025-07-01", "2026-06-30", "2025-06-30", "2026-07-01", "1677-01-01"),
)
_SCHOOL_YEARS = (
    *("2025-2027", "2025/2026", "2025-26", "2026-2025", "1989-1990", "1990-1991"),
    *("2099-2100", "2100-2101", "25-26", "2025\u20132026", " 2025-2026", "2025"),
)
_ADDRESSES = (
    *("http://", "https://x", "ftp://example.org", "example.org", "https://-x"),
    *("https://ex ample.org", "https://example.org/a b", "https://example.org/ä"),
    *("https://example.org:80/", "https://example.org:/", "HTTPS://EXAMPLE.ORG"),
    *("https://example.org/<", "https://example.org?q=1#f", "https://example.org\n"),
    *("https://example.org/\u00a0x", "https://example.org/\u2003x"),
    *("https://example.org/\x1cx", "https://example.org/\x0b", "javascript:alert(1)"),
)
_RIGHT: Mapping[FieldType, Sequence[str]] = {
    FieldType.DATE: ("2025-07-01", "2026-06-30", "2024-02-29", "2026-01-05"),
    FieldType.SCHOOL_YEAR: ("2023-2024", "2024-2025", "2026-2027"),
}
_WRONG: Mapping[FieldType, Sequence[str]] = {
    FieldType.DATE: _DATES,
    FieldType.SCHOOL_YEAR: _SCHOOL_YEARS,
    FieldType.URI: _ADDRESSES,
}
#: Values that together make keys of right rows; the last column changes first.
_KEYS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "implementation_status": {
        "school_year": _KEY_YEARS,
        "window": ("fall", "mid_year", "spring", "end_of_year"),
        "element_code": (
            *(f"CBE{number}" for number in range(1, 8)),
            *(f"DC{number:02d}" for number in range(1, 11)),
        ),
    },
    "outcome_metric": {
        "school_year": _KEY_YEARS,
        "metric_code": ("M01", "M02", "M04", "M05", "M07"),
        "grade_band": ("ALL", "06-08", "09-12"),
        "student_group": ("ALL", "F", "M", "ECODIS", "LEP", "IDEA"),
    },
    "perception_survey": {
        "school_year": _KEY_YEARS,
        "window": ("fall", "mid_year", "spring", "end_of_year"),
        "construct_code": ("agency", "engagement", "belonging", "support"),
        "student_group": ("ALL", "F", "M", "ECODIS", "LEP", "IDEA"),
    },
}
#: Ids of the network that exist, and one that does not.
_SITES = ("0499901", "0499902", "049990100123", "0499999", "3899901", "499901")


def right_row(contract: Contract, number: int = 0) -> dict[str, str | None]:
    """Return a row of the contract's examples whose key no other number has.

    Fields that a right row of that kind leaves blank are blank.
    """
    row: dict[str, str | None] = {f.name: f.example for f in contract.fields}
    if contract.dataset in _KEYS:
        return row | _key_of(_KEYS[contract.dataset], number)
    if contract.dataset == "site_profile":
        # The examples describe a district; only a school has a school's id.
        year = 1990 + (35 + number) % _YEARS
        district = f"04{99901 + number // _YEARS:05d}"
        row |= {"site_id": district, "leaid": district, "ncessch": None}
        return row | {"school_year": f"{year}-{year + 1}"}
    key = contract.field(_COUNTED.get(contract.dataset, contract.key[0]))
    row[key.name] = re.sub(r"[0-9]{3}$", f"{number % 1000:03d}", key.example)
    if contract.key[1:] == ("revision",) and number >= 1000:
        row[contract.key[1]] = str(1 + number // 1000)
    return row


def _key_of(pools: Mapping[str, Sequence[str]], number: int) -> dict[str, str]:
    key = {}
    for name in reversed(pools):
        number, position = divmod(number, len(pools[name]))
        key[name] = pools[name][position]
    return key


def text_frame(contract: Contract, rows: Iterable[Row]) -> pl.DataFrame:
    """Return rows as the reading room hands them over, numbered from 2."""
    schema = {ROW_ID: pl.Int64(), **dict.fromkeys(contract.field_names, pl.String())}
    numbered = [
        {ROW_ID: number, **row} for number, row in enumerate(rows, start=FIRST_ROW)
    ]
    return pl.DataFrame(numbered, schema=schema)


def drawn_rows(
    contract: Contract, catalogue: Catalogue, draw: random.Random, count: int
) -> pl.DataFrame:
    """Return rows of which most have a few other values, right and wrong ones."""
    return text_frame(contract, drawn(contract, catalogue, draw, count))


def drawn(
    contract: Contract, catalogue: Catalogue, draw: random.Random, count: int
) -> list[dict[str, str | None]]:
    """Return drawn rows as dicts; some repeat the key of an earlier one."""
    right = {f.name: right_values(f, catalogue) for f in contract.fields}
    wrong = {f.name: wrong_values(f, catalogue) for f in contract.fields}
    rows: list[dict[str, str | None]] = []
    for number in range(count):
        row = right_row(contract, number)
        for name in draw.sample(contract.field_names, k=draw.choice((0, 1, 1, 2, 4))):
            pool: Sequence[str | None] = draw.choice((right[name], wrong[name]))
            row[name] = draw.choice(pool)
        if rows and draw.random() < 0.1:
            earlier = draw.choice(rows)
            row |= {name: earlier[name] for name in contract.key}
        rows.append(row)
    return rows


def right_values(field: ContractField, catalogue: Catalogue) -> list[str | None]:
    """Return texts whose form is right for a field; other fields may contradict."""
    values: list[str | None] = [field.example, *_right(field, catalogue)]
    if "site_id" in field.name or "leaid" in field.name:
        values += _SITES[:2]
    return values


def _right(field: ContractField, catalogue: Catalogue) -> Sequence[str | None]:
    codes = catalogue.codes_of(field)
    match field.type:
        case FieldType.INTEGER | FieldType.DECIMAL:
            low = int(field.minimum or 0) + field.above_minimum
            high = int(field.maximum) if field.maximum is not None else low + 9
            return (str(low), str(high), str((low + high) // 2))
        case FieldType.CODE | FieldType.CODES if codes:
            one, two = codes.values[0], codes.values[-1]
            lists = (f"{one};{two}", f"{two} ; {one}")
            return codes.values if field.type is FieldType.CODE else (one, *lists)
        case FieldType.CODES:
            return ("0499901", "0499901; 0499902", "0499902;0499999", "none-such")
        case FieldType.NARRATIVE:
            return ("Läuft gut \u2013 „sehr“", "学习", "x" * (field.max_length or 9))
    return _RIGHT.get(field.type, ())


def wrong_values(field: ContractField, catalogue: Catalogue) -> list[str | None]:
    """Return texts most of which are wrong for a field, in many different ways."""
    values = [*_ANYWHERE, *_around(field.example), *_wrong(field, catalogue) * 3]
    if field.max_length:
        values += _lengths(field.max_length) * 2
    if "site_id" in field.name or "sites" in field.name:
        values += _SITES * 3
    return values


def _wrong(field: ContractField, catalogue: Catalogue) -> Sequence[str | None]:
    codes = catalogue.codes_of(field)
    match field.type:
        case FieldType.CODE if codes:
            return (f"{codes.values[-1]}x", codes.values[0].swapcase(), "no_such")
        case FieldType.CODES:
            return _broken_lists(field.example.split(";")[0])
        case FieldType.INTEGER | FieldType.DECIMAL:
            return [*_beyond(field), *_shares(field)]
    return _WRONG.get(field.type, ())


def _around(example: str) -> list[str | None]:
    """Return near misses of a right value."""
    return [
        *(
            f" {example}",
            f"{example} ",
            f"{example}\n",
            f"{example}\n\n",
            f"{example}1",
        ),
        *(example[1:], example[:-1], example.upper(), f"{example};{example}"),
        *(wide(example), f"\u00a0{example}", f"{example}\x1c"),
    ]


def _broken_lists(item: str) -> list[str | None]:
    return [
        *(f"{item};", f";{item}", f"{item};;{item}", f"{item}; {item}", f"{item},x"),
        *(f"{item}|x", f"{item};no_such", f"{item};\u00a0{item}", f"{item} ;\t{item}"),
        *(f"{item};\x1c{item}", f"{item}\n", ";;", f"{item}x", f"x{item}"),
    ]


def _beyond(field: ContractField) -> list[str | None]:
    low = field.minimum if field.minimum is not None else 0
    high = field.maximum if field.maximum is not None else 10
    return [f"{value:g}" for value in (low - 1, low, low + 0.5, high, high + 1)]


def _shares(field: ContractField) -> list[str | None]:
    return ["93%", "40 percent"] if field.is_count else []


def _lengths(limit: int) -> list[str | None]:
    return [
        *("x" * limit, "x" * (limit + 1), "é" * limit, "é" * (limit + 1)),
        *("😀" * limit, "😀" * (limit + 1), "e\u0301" * limit),
    ]


def circumstances_of(contract: Contract, sender: Sender = SENDER) -> Circumstances:
    """Return full knowledge: a sender, a day, and something known to refer to."""
    known = {
        column.reference: _known(column.reference.same)
        for column in contract.derived
        if column.reference and not column.is_lookup
    }
    return Circumstances(
        sender=sender,
        received_on=RECEIVED_ON,
        known=known,
        history=_history(contract),
        looked_up=looked_up(contract),
    )


def _history(contract: Contract) -> pl.DataFrame | None:
    """Return what the sender had sent for the year before all other rows."""
    if contract.dataset != "implementation_status":
        return None
    elements = _KEYS[contract.dataset]["element_code"]
    return pl.DataFrame(
        {
            "site_id": "0499901",
            "school_year": "2024-2025",
            "window": "end_of_year",
            "element_code": elements,
            "stage": [4] * len(elements),
        }
    )


def _known(same: tuple[str, ...]) -> pl.DataFrame:
    values = [*_SITES[:3], "0499901-TA-2026-003", "0499901-TA-2026-004"]
    values.append("0499901-B-004")
    return pl.DataFrame(
        {"value": values, **dict.fromkeys(same, ["2025-2026"] * len(values))}
    )
