"""Encodings: a text file's bytes as UTF-8, whatever they are at first.

A file that is clean UTF-8 stays as it is; any other is written anew as UTF-8 beside,
in blocks, so that one way of reading serves all. What was assumed has its sentence.
What does not belong here: which of the old code pages makes sense (`letters`).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pcbl_pipeline.reading.letters import (
    CODE_PAGES,
    PLACES_LOOKED_AT,
    choose_code_page,
    tokens_in,
)
from pcbl_pipeline.reading.saved_twice import put_right, was_saved_twice
from pcbl_pipeline.scratch import Scratch

_SAMPLE_BYTES = 64_000
_CHUNK_BYTES = 1_000_000

#: First bytes → codec; the longer ones first, because one begins like another.
_WIDE_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
#: A text with more letters of UTF-8 for each other byte was UTF-8 before it was mixed.
#: Where each letter has one byte, hardly any two look like a letter of UTF-8.
_PROVEN_PER_STRAY = 0.8
#: So many other bytes without one letter of UTF-8 tell that it is none.
_ENOUGH_STRAYS = 10_000

#: Signs that nobody sees, and that get into files by accident.
_UNSEEN = re.compile("[\x00\ufeff]")
#: Stands for what cannot be read.
LOST = "\ufffd"

#: A byte that is not UTF-8 is decoded as one of these → the same in Windows-1252.
_STRAYS = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", errors="replace")
    for byte in range(0x80, 0x100)
}
_STRAY = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, eq=False)
class Text:
    """A text file in UTF-8, and how it came to be."""

    path: Path
    #: Name of the encoding as it was sent, for a sentence.
    encoding: str
    #: Letters that were read as Windows-1252 in a file of UTF-8.
    strays: int = 0
    #: Whether there are signs that cannot be read; `LOST` stands for each.
    is_damaged: bool = False
    #: Whether `LOST` was there when the file was sent.
    has_lost: bool = False
    #: Whether signs that nobody sees were taken out of clean UTF-8.
    is_cleaned: bool = False
    #: Whether all letters were saved twice, and were put right.
    was_twice: bool = False
    #: Holds the file, if it is not the one that was sent.
    scratch: Scratch | None = None


def decode_file(path: Path) -> Text:
    """Return a file as UTF-8 text."""
    wide = _find_wide_codec(path)
    if wide is not None:
        return _rewrite(path, wide, wide[:6].upper())
    facts = _look_through(path)
    if facts.is_utf8:
        if facts.proven and was_saved_twice(path):
            return _put_right(path, facts)
        return _keep_or_clean(path, facts)
    if facts.was_utf8:
        return _rewrite(path, "utf-8", "UTF-8", strays=facts.strays)
    page = choose_code_page(_tokens(path))
    if page is None:
        return _rewrite(path, "utf-8", "UTF-8")
    return _rewrite(path, page, CODE_PAGES[page])


def find_wide_codec(sample: bytes) -> str | None:
    """Tell UTF-16 and UTF-32 by their mark, or as every second byte is zero."""
    for bom, codec in _WIDE_BOMS.items():
        if sample.startswith(bom):
            return codec
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if max(even, odd) * 10 > half * 4 and min(even, odd) * 10 < half:
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _find_wide_codec(path: Path) -> str | None:
    with path.open("rb") as file:
        return find_wide_codec(file.read(_SAMPLE_BYTES))


@dataclass
class _Facts:
    """What the bytes of a whole file say about UTF-8."""

    has_mark: bool = False
    #: Letters beyond ASCII that are whole in UTF-8, and bytes that are not.
    proven: int = 0
    strays: int = 0
    #: Whether the file ends in the middle of a letter.
    is_cut: bool = False
    has_unseen: bool = False
    has_lost: bool = False

    @property
    def is_utf8(self) -> bool:
        return self.strays == 0 and not self.is_cut

    @property
    def was_utf8(self) -> bool:
        """Whether the file was UTF-8 before it was mixed or cut."""
        return self.has_mark or self.proven > self.strays * _PROVEN_PER_STRAY


def _look_through(path: Path) -> _Facts:
    facts = _Facts()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for position, chunk in enumerate(_chunks(path)):
        text = decoder.decode(chunk)
        if position == 0:
            facts.has_mark = text.startswith("\ufeff")
            text = text.removeprefix("\ufeff")
        facts.has_unseen = facts.has_unseen or _has_unseen(text)
        if not text.isascii():
            facts.has_lost = facts.has_lost or LOST in text
            strays = _count_strays(text)
            facts.strays += strays
            facts.proven += len(text) - len(text.encode("ascii", "ignore")) - strays
            if facts.strays > _ENOUGH_STRAYS and not facts.proven:
                break
    facts.is_cut = bool(decoder.getstate()[0])
    return facts


def _count_strays(text: str) -> int:
    try:
        text.encode("utf-8")  # far quicker than to look for each
    except UnicodeEncodeError:
        return len(_STRAY.findall(text))
    return 0


def _has_unseen(text: str) -> bool:
    return "\0" in text or "\ufeff" in text


def _keep_or_clean(path: Path, facts: _Facts) -> Text:
    if not facts.has_unseen:
        return Text(path, "UTF-8", has_lost=facts.has_lost)
    text = _rewrite(path, "utf-8", "UTF-8")
    return replace(text, is_cleaned=True, is_damaged=False, has_lost=facts.has_lost)


def _put_right(path: Path, facts: _Facts) -> Text:
    """Write a file anew as it was before it was saved for the second time."""
    scratch = Scratch()
    target = scratch.folder / "text"
    with target.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_UNSEEN.sub("", text) for text in put_right(path))
    return Text(
        target, "UTF-8", has_lost=facts.has_lost, was_twice=True, scratch=scratch
    )


def _rewrite(path: Path, codec: str, words: str, *, strays: int = 0) -> Text:
    """Write a file anew as UTF-8.

    Bytes that are not UTF-8 are read as Windows-1252 if `strays` are known, else lost.
    """
    scratch = Scratch()
    target = scratch.folder / "text"
    handler = "surrogateescape" if strays else "replace"
    decoder = codecs.getincrementaldecoder(codec)(handler)
    is_damaged = False
    with target.open("w", encoding="utf-8", newline="") as file:
        for text in _decoded(path, decoder):
            readable = text.translate(_STRAYS) if strays else text
            is_damaged = is_damaged or LOST in readable
            if _has_unseen(readable):
                readable = _UNSEEN.sub("", readable)
            file.write(readable)
    return Text(target, words, strays, is_damaged, scratch=scratch)


def _decoded(path: Path, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    for chunk in _chunks(path):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _tokens(path: Path) -> set[bytes]:
    """Collect signs beyond ASCII with what stands around them, until it is enough."""
    found: set[bytes] = set()
    left = PLACES_LOOKED_AT
    rest = b""
    for chunk in _chunks(path):
        # The last word may go on in the next block.
        whole, blank, rest = (rest + chunk).rpartition(b" ")
        places = list(islice(tokens_in(whole + blank), left))
        found.update(places)
        left -= len(places)
        if left <= 0:
            return found
    return found.union(islice(tokens_in(rest), left))
