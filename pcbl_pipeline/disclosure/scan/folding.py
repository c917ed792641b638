"""Folding: a text as the detectors see it, with the way back to the original.

Accents, full-width and circled digits, typographic quotes and dashes, odd spaces and
invisible characters are brought to plain letters, so that one pattern fits all ways
to write the same. Each folded character knows which original one it came from.
"""

import html
import re
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
#: Marks that show in no printed text: tags, character references, signs of Markdown.
_MARKUP = re.compile(
    r"</?[A-Za-z][^<>\n]{0,200}>|&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
    r"|\*{2,3}|_{2,3}|~~"
)
#: Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0410\u0412\u0415\u041a"
        "\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0405\u0408\u0391\u0392\u0395"
        "\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03b9\u03bd",
        "aeopcyxisjABEKMHOPCTYXISJABEZHIKMNOPTYXoiv",
        strict=True,
    )
)


@dataclass(frozen=True)
class FoldedText:
    """Plain text and, for each of its characters, the place in the original."""

    text: str
    origins: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original that a part of the folded text came from."""
        return self.origins[start], self.origins[end - 1] + 1


def fold_both_ways(text: str) -> Iterator[FoldedText]:
    """Yield the folded text; again for each other way in which it can be read.

    An invisible character may stand inside a word, to hide it, or between two words as
    a space that cannot be seen; so may a mark of HTML or Markdown. A letter of another
    script may stand in for a Latin one that looks the same.
    """
    if text.isascii() and text.isprintable() and not _MARKUP.search(text):
        yield FoldedText(text, tuple(range(len(text))))
        return
    yield _fold(text, invisible="")
    if any(_is_invisible(char) for char in text) or _MARKUP.search(text):
        yield _fold(text, invisible=" ")
    if any(char in _LOOKALIKES for char in text):
        latin = "".join(_LOOKALIKES.get(char, char) for char in text)
        yield _fold(latin, invisible="")


def _fold(text: str, invisible: str) -> FoldedText:
    out: list[str] = []
    origins: list[int] = []
    behind = 0
    for match in _MARKUP.finditer(text):
        _fold_part(text, behind, match.start(), invisible, out, origins)
        meant = html.unescape(match.group()) if match.group()[0] == "&" else invisible
        plain = "".join(_plain(meant, place) for place in range(len(meant)))
        out.append(plain)
        origins.extend([match.start()] * len(plain))
        behind = match.end()
    _fold_part(text, behind, len(text), invisible, out, origins)
    return FoldedText("".join(out), tuple(origins))


def _fold_part(
    text: str, start: int, end: int, invisible: str, out: list[str], origins: list[int]
) -> None:
    for place in range(start, end):
        char = text[place]
        plain = invisible if _is_invisible(char) else _plain(text, place)
        out.append(plain)
        origins.extend([place] * len(plain))


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
