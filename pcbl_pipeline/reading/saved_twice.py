"""Text that was saved as UTF-8 twice: `JosÃ©` for `José`.

A program that took UTF-8 for Windows-1252 and saved it as UTF-8 again leaves such
letters. They are put right only where every letter beyond ASCII is one of them, so that
nothing else can be meant. What does not belong here: files in which some letters are.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pcbl_pipeline.reading.records import open_text

#: Each byte as the letter that such a program took it for: of Windows-1252, or of
#: Latin-1 where that has none.
_LETTERS = [
    bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(256)
]
#: The same bytes, of a program that knew Latin-1 alone.
_BYTES = {letter: byte for byte, letter in enumerate(_LETTERS)} | {
    chr(byte): byte for byte in range(0x80, 0xA0)
}
_REST = "[" + "".join(letter for letter, n in _BYTES.items() if 0x80 <= n < 0xC0) + "]"
_TWICE = re.compile(
    f"[\xc2-\xdf]{_REST}|[\xe0-\xef]{_REST}{{2}}|[\xf0-\xf4]{_REST}{{3}}"
)
#: What no text has by itself, as its letters never stand together.
_CERTAIN = re.compile("[\xc2\xc3][\xa1-\xbf]|\xe2\u20ac|\xc2\xa0|\xf0\u0178")
#: Letters and signs of Latin scripts, and pictures: what such a text is known to hold.
_LIKELY = re.compile(
    "[\xa0-\u017f\u2010-\u2044\u20ac\u2122\ufeff\U0001f000-\U0001faff]"
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LONGEST_LINE = 1_000_000


def was_saved_twice(path: Path) -> bool:
    """Tell whether all letters beyond ASCII of a text in UTF-8 were saved twice."""
    is_certain = False
    for line in _lines(path):
        if line.isascii():
            continue
        found = _TWICE.findall(line)
        if _BEYOND_ASCII.search(_TWICE.sub("", line)) or not all(map(_is_right, found)):
            return False
        is_certain = is_certain or _CERTAIN.search(line) is not None
    return is_certain


def put_right(path: Path) -> Iterator[str]:
    """Yield the text as it was before it was saved for the second time."""
    for line in _lines(path):
        yield line if line.isascii() else _TWICE.sub(lambda m: _once(m[0]), line)


def _lines(path: Path) -> Iterator[str]:
    with open_text(path) as text:
        yield from iter(lambda: text.readline(_LONGEST_LINE), "")


def _is_right(letters: str) -> bool:
    return _LIKELY.fullmatch(_once(letters)) is not None


def _once(letters: str) -> str:
    return bytes(_BYTES[letter] for letter in letters).decode("utf-8", "replace")
