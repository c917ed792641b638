"""Numbers of laws: "NDCC 15.1-06-08" is no birth date and "Section 43-234-10" no id."""

import re

#: What stands right before the number of a law.
_BEFORE = re.compile(
    r"(?:\bsections?|\bsec\.|\xa7+|\b(?:ndcc|n\.d\.c\.c|ars|a\.r\.s|nrs|n\.r\.s|chapter|title|rule|regulation|reg\.?|article"
    r"|proviso|aac|cfr|usc|(?:century|administrative|admin\.|education|state) code(?: ann)?)\.?) ?\d{0,2}\.?$",
    re.IGNORECASE,
)
_REACH = 28


def follows_a_law(text: str, start: int) -> bool:
    """Tell whether the number at a place is that of a law."""
    return bool(_BEFORE.search(text[max(start - _REACH, 0) : start]))
