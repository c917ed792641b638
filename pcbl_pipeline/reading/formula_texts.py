"""Texts that are written as formulas, such as `="007"`.

Programs write so to keep a spreadsheet from taking zeros away. Such a formula is
exactly its text, so nothing is guessed. What does not belong here: other formulas, which
stay as they were sent.
"""

import re
from collections.abc import Iterable, Iterator

_WHOLE = re.compile(r'="((?:[^"]|"")*+)"')


def holds_formula_texts(sample: str, delimiter: str) -> bool:
    """Tell whether some cell is such a formula, in quotation marks of its own or not."""
    before, after = _edges(delimiter)
    quoted = rf'{before}"=""[^"\r\n]*"""{after}'
    return bool(_bare(delimiter).search(sample) or re.search(quoted, sample))


def without_formulas(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Make a cell in quotation marks of each formula that has none around."""
    bare = _bare(delimiter)
    return (bare.sub(r'"\1"', line) for line in lines)


def text_of_formula(cell: str) -> str:
    """Return the text in a formula; any other cell as it is."""
    found = _WHOLE.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


def _bare(delimiter: str) -> re.Pattern[str]:
    before, after = _edges(delimiter)
    return re.compile(rf'{before}="((?:[^"\r\n]|"")*+)"{after}')


def _edges(delimiter: str) -> tuple[str, str]:
    edge = re.escape(delimiter)
    return rf"(?:^|(?<=[{edge}\r\n]))", rf"(?=[{edge}\r\n]|$)"
