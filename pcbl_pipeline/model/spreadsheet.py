"""Texts that a spreadsheet program would run: what they begin with, and how to stop it.

Everything that we write and that people open in a spreadsheet goes through here: lists,
patches, published tables. A workbook's own writer stores texts as texts and needs none of
it. Source: OWASP, CSV Injection.
"""

import re

#: = + - @ as East Asian full-width characters, which some programs take alike.
_FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
#: Beginnings at which spreadsheet programs read a cell as a formula or a command.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *_FULL_WIDTH)
#: A number with its sign runs nothing, and stays a number.
NUMBER = r"^[+-]?[0-9]+(?:[.,][0-9]+)?$"
#: The same beginnings as a pattern, for whole columns.
FORMULA_PATTERN = "^[" + re.escape("".join(FORMULA_STARTS)) + "]"


def inert(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would compute."""
    return f"'{text}" if would_run(text) else text


def would_run(text: str) -> bool:
    """Tell whether a spreadsheet program would compute a text instead of showing it."""
    is_number = re.fullmatch(NUMBER, text, re.ASCII) is not None
    return text.startswith(FORMULA_STARTS) and not is_number
