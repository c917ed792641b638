"""Folding: a text as the detectors see it, with the way back to the original.

Accents, full-width and circled digits, typographic quotes and dashes, odd spaces and
invisible characters are brought to plain letters, so that one pattern fits all ways
to write the same. Each folded character knows which original one it came from.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_SINGLE_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'")
_DOUBLE_QUOTES = dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-")
#: These part words; a space on both sides keeps the words apart.
_DASHES = dict.fromkeys("\u2014\u2015\u2e3a\u2e3b", " - ")
_EN_DASH = "\u2013"
_PLAIN = {**_SINGLE_QUOTES, **_DOUBLE_QUOTES, **_HYPHENS, **_DASHES, "\u2044": "/"}


@dataclass(frozen=True)
class FoldedText:
    """Plain text and, for each of its characters, the place in the original."""

    text: str
    origins: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original that a part of the folded text came from."""
        return self.origins[start], self.origins[end - 1] + 1


def fold_both_ways(text: str) -> Iterator[FoldedText]:
    """Yield the folded text; twice if it has invisible characters.

    Such a character may stand inside a word, to hide it, or between two words as a
    space that cannot be seen. So the text is read both without it and with a space.
    """
    yield _fold(text, invisible="")
    if any(_is_invisible(char) for char in text):
        yield _fold(text, invisible=" ")


def _fold(text: str, invisible: str) -> FoldedText:
    out: list[str] = []
    origins: list[int] = []
    for place, char in enumerate(text):
        plain = invisible if _is_invisible(char) else _plain(text, place)
        out.append(plain)
        origins.extend([place] * len(plain))
    return FoldedText("".join(out), tuple(origins))


def _is_invisible(char: str) -> bool:
    if char.isspace():
        return False
    # Format and control characters: zero-width spaces and joiners, soft hyphens,
    # marks of writing direction.
    return unicodedata.category(char) in {"Cf", "Cc"}


def _plain(text: str, place: int) -> str:
    char = text[place]
    if char.isascii():
        return char if char.isprintable() or char == "\n" else " "
    if char in _PLAIN:
        return _PLAIN[char]
    if char == _EN_DASH:
        between_digits = (
            text[place - 1 : place] + text[place + 1 : place + 2]
        ).isdigit()
        return "-" if between_digits else " - "
    return "".join(_plain_parts(char))


def _plain_parts(char: str) -> Iterator[str]:
    for part in unicodedata.normalize("NFKD", char):
        if part.isspace():
            yield " "
        elif part.isdecimal():
            yield str(unicodedata.decimal(part))
        elif part in _PLAIN:
            yield _PLAIN[part]
        elif not unicodedata.category(part).startswith("M"):
            yield part
