"""Numbers as people write them in a sentence: in digits, or in words below a hundred.

What does not belong here: whether a number counts students.
"""

from pcbl_pipeline.disclosure.scan import words


def number_of(written: str) -> int | None:
    """Return the whole number that digits or words say, or None.

    Shape: lower case; "twenty-one" or "twenty one" is one number.
    """
    if written.isdecimal():
        return int(written)
    tens, between, unit = written.replace(" ", "-").partition("-")
    if not between:
        return (words.UNITS_OF_NUMBER | words.TENS_OF_NUMBER).get(written)
    if tens in words.TENS_OF_NUMBER and unit in words.UNITS_OF_NUMBER:
        return words.TENS_OF_NUMBER[tens] + words.UNITS_OF_NUMBER[unit]
    return None
