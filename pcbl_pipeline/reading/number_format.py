"""Number formats: the two ways in which a cell shows another number than it holds.

A percent sign stands for a hundredth, and zeros in front belong to an id. All other
formats (dates aside, which the readers know) show the same number with fewer digits
or with separators, and the number itself is the better text.
"""

import re

from pcbl_pipeline.reading.texts import cell_text, padded_text, percent_text

#: The kinds of formats: none of these two, percent, or the number of digits shown.
PLAIN, PERCENT = 0, 255
#: The formats of Excel that a workbook names by number alone, as far as they are such.
BUILT_IN = {"9": "0%", "10": "0.00%"}

#: Quoted and escaped signs, colours and conditions, fill signs and gaps.
_DECORATION = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|\*.|_.')
_ZEROS = re.compile(r"0{2,30}")


def parse_format(code: str) -> int:
    """Return the kind of a format code, such as `0.0%` or `0000000`."""
    first = _DECORATION.sub("", code.split(";", maxsplit=1)[0])
    if "%" in first:
        return PERCENT
    return len(first) if _ZEROS.fullmatch(first) else PLAIN


def shown_text(value: float, kind: int) -> str:
    """Return a number as a cell with that kind of format shows it, without a sign."""
    if kind == PERCENT:
        return percent_text(value)
    return padded_text(value, kind) if kind else cell_text(value)
