"""Codes, lists and ids as people write them.

A code is taken from its spelling or its label where exactly one code fits. An id gets
its zero back where it is then the sender's own.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

import polars as pl

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.validation.written import Attempt, How

#: Between the words of a code it makes no difference which of these stands.
_BETWEEN_WORDS = r"[\s_\-\u{2010}-\u{2015}]+"
#: Around a code that stands beside its label.
_BESIDE = r"[:.,()]"
_YES_NO = {"Y": ("true", "t", "1"), "N": ("false", "f", "0")}
#: Instead of the semicolon between items. A line break is one too.
OTHER_LIST_MARKS = r"[,|\r\n]"
_ITEM = r"[A-Za-z0-9][A-Za-z0-9._:\-]*"
_LIST_OF_IDS = rf"^{_ITEM}(?:\s*[;,|\r\n]\s*{_ITEM})+$"


def code_attempts(codes: CodeList, text: pl.Expr) -> list[Attempt]:
    """Read one code: its spelling first, then its label."""
    return [Attempt(how, value) for how, value in _ways(codes, text)]


def code_list_attempts(codes: CodeList, text: pl.Expr) -> list[Attempt]:
    """Read several codes, whatever stands between them, unless a code contains it."""
    marks = ";,|\r\n"
    holding = "".join([*codes.values, *codes.labels.values()])
    usable = [mark for mark in marks if mark == ";" or mark not in holding]
    split = text.str.replace_all(f"[{''.join(map(re.escape, usable))}]", ";")
    items = split.str.split(";").list.eval(pl.element().str.strip_chars())
    read = items.list.eval(_one_code(codes, pl.element()))
    joined = pl.when(read.list.eval(pl.element().is_not_null()).list.all()).then(
        read.list.eval(pl.element().filter(pl.element() != "")).list.join(";")
    )
    exact = items.list.eval(pl.element().filter(pl.element() != "")).list.join(";")
    return [
        Attempt(How.LIST_MARK, pl.when(split != text).then(exact)),
        Attempt(How.SPELLING, joined),
    ]


def id_list_attempts(text: pl.Expr) -> list[Attempt]:
    """Read several ids with another mark between them; none of them has spaces."""
    is_list = text.str.contains(_LIST_OF_IDS)
    joined = text.str.replace_all(r"\s*[;,|\r\n]\s*", ";")
    return [Attempt(How.LIST_MARK, pl.when(is_list).then(joined))]


def id_attempts(leaid: str | None, text: pl.Expr) -> list[Attempt]:
    """Read an id: as text that a spreadsheet marked, and with the zero that it lost.

    Its zero is certain only where the id is then the sender's, or one of its schools
    or records.
    """
    marked = text.str.replace(r"^'", "").str.replace(r"^([0-9]+)\.0$", "$1")
    dashed = marked.str.replace_all(r"[\u{2010}-\u{2015}]", "-").str.to_uppercase()
    tried = [Attempt(How.ID_FORM, marked), Attempt(How.ID_FORM, dashed)]
    if leaid is None or not leaid.startswith("0"):
        return tried
    longer = pl.concat_str(pl.lit("0"), dashed)
    is_own = longer.str.starts_with(leaid)
    return [*tried, Attempt(How.ZERO_LOST, pl.when(is_own).then(longer))]


def folded(text: str) -> str:
    """Return what of a code or label does not depend on how it is spelled."""
    return re.sub(r"[\s_\-\u2010-\u2015]+", "", text).lower()


def _ways(codes: CodeList, text: pl.Expr) -> Iterable[tuple[How, pl.Expr]]:
    spelled = text.str.replace_all(_BETWEEN_WORDS, "").str.to_lowercase()
    beside = spelled.str.replace_all(_BESIDE, "")
    yield How.SPELLING, _looked_up(spelled, _by_spelling(codes))
    yield How.ZERO_LOST, _looked_up(_plain_number(text), _by_number(codes))
    if set(codes.values) == set(_YES_NO):
        words = {word: code for code, found in _YES_NO.items() for word in found}
        yield How.YES_NO, _looked_up(spelled, words | _by_label(codes))
    yield How.LABEL, _looked_up(spelled, _by_label(codes))
    yield How.LABEL, _looked_up(beside, _by_both(codes))


def _one_code(codes: CodeList, text: pl.Expr) -> pl.Expr:
    """Return the code that an item means; a blank item is blank, another null."""
    blank = pl.when(text == "").then(pl.lit(""))
    return pl.coalesce(blank, *[value for _, value in _ways(codes, text)])


def _looked_up(text: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    return text.replace_strict(dict(table), default=None, return_dtype=pl.String)


def _by_spelling(codes: CodeList) -> dict[str, str]:
    return _unmistakable((folded(code), code) for code in codes.values)


def _by_label(codes: CodeList) -> dict[str, str]:
    """Return labels that mean one code and are not the spelling of another."""
    labels = _unmistakable((folded(item.label), item.code) for item in codes.codes)
    spelled = {folded(code) for code in codes.values}
    return {label: code for label, code in labels.items() if label not in spelled}


def _by_both(codes: CodeList) -> dict[str, str]:
    """Return a code with its label, in either order."""
    pairs = []
    for item in codes.codes:
        code, label = (re.sub(_BESIDE, "", folded(t)) for t in (item.code, item.label))
        pairs += [(code + label, item.code), (label + code, item.code)]
    return _unmistakable(pairs)


def _by_number(codes: CodeList) -> dict[str, str]:
    """Return codes that are numbers by their value, as a spreadsheet keeps them."""
    return _unmistakable(
        (number, code) for code in codes.values if (number := _normal(code)) is not None
    )


def _normal(code: str) -> str | None:
    try:
        value = Decimal(code) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", code) else None
    except InvalidOperation:
        return None
    return None if value is None else f"{value.normalize():f}"


def _plain_number(text: pl.Expr) -> pl.Expr:
    """Return a number without needless zeros; null where the text is none."""
    is_number = text.str.contains(r"^[0-9]+(?:\.[0-9]+)?$")
    short = text.str.replace(r"^0+([0-9])", "$1").str.replace(r"\.0+$", "")
    short = short.str.replace(r"(\.[0-9]*[1-9])0+$", "$1")
    return pl.when(is_number).then(short)


def _unmistakable(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep what leads to one code only."""
    found: dict[str, set[str]] = {}
    for key, code in pairs:
        found.setdefault(key, set()).add(code)
    return {key: min(codes) for key, codes in found.items() if key and len(codes) == 1}
