"""Content: what a file is inside, by its bytes and never by its name.

What does not belong here: reading the content, and what is refused because of it.
"""

import mmap
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from pcbl_pipeline.reading.encoding import find_wide_codec


class Kind(Enum):
    """The kinds of content that we tell apart, because each has its own answer."""

    TEXT = auto()
    WORKBOOK = auto()
    LOCKED_WORKBOOK = auto()
    #: The .xls of Excel 97 to 2003.
    OLD_WORKBOOK = auto()
    OPEN_DOCUMENT = auto()
    JSON = auto()
    PARQUET = auto()
    ARCHIVE = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Content:
    """A kind of content and its name in a sentence."""

    kind: Kind
    words: str


_SAMPLE_BYTES = 64_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
#: What an old workbook's content is called within its OLE container.
_OLD_BOOKS = ("Workbook", "Book")

#: A ZIP archive's table of contents: about 25,000 files, each a large object once read.
_MAX_DIRECTORY_BYTES = 2_000_000
#: The record that tells its size is followed by a comment of at most 65,535 bytes.
_END_OF_ARCHIVE_BYTES = 22 + 65_535

#: First bytes → what such a file is.
_SIGNATURES: Mapping[bytes, str] = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a text document (RTF)",
    b"\x1f\x8b": "a compressed file (GZIP)",
    b"7z\xbc\xaf\x27\x1c": "a compressed file (7-Zip)",
    b"Rar!": "a compressed file (RAR)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3\x00": "a database",
}

#: A part's name begins with this in a ZIP archive → what the archive is.
_ARCHIVES = {
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "word/": "a Word document",
    "ppt/": "a PowerPoint presentation",
}

#: Text that is no table: how it begins → what it is.
_TEXTS = {
    re.compile(
        rb"(?:\s|<!--.{0,2000}?-->)*<(?:!doctype\s+html|html|head|body|table|meta|style"
        rb"|title|div|script|center|font|form|tr)\b",
        re.I | re.S,
    ): "a web page",
    re.compile(
        rb"\s*<(?:\?xml\b|[a-z][\w:.-]*(?:\s[^<>]*)?>\s*<[a-z])", re.I
    ): "an XML file",
}
#: Bytes that text hardly has: no white space, and nothing that separates cells.
_NO_TEXT = bytes([0, *range(2, 9), *range(14, 26), 27])
_JSON = re.compile(rb'\s*(\{\s*"|\[\s*[\[{])')


def identify(path: Path) -> Content:
    """Tell what a file is inside."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if sample.startswith(_OLE):
        return _identify_ole(path)
    if sample.startswith(_ZIP):
        return _identify_zip(path)
    if sample.startswith(b"PAR1"):
        return Content(Kind.PARQUET, "a Parquet file")
    for signature, words in _SIGNATURES.items():
        if sample.startswith(signature):
            return Content(Kind.OTHER, words)
    return _identify_text(sample)


def _identify_ole(path: Path) -> Content:
    """Tell old Office files from new ones that are locked: both are OLE containers."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            return Content(Kind.LOCKED_WORKBOOK, "a workbook locked with a password")
        for name in _OLD_BOOKS:
            if content.find(f"{name}\0".encode("utf-16-le")) >= 0:
                return Content(Kind.OLD_WORKBOOK, "an old Excel workbook (.xls)")
    return Content(Kind.OTHER, "a damaged file, or one of an old Office version")


def _identify_zip(path: Path) -> Content:
    if _directory_bytes(path) > _MAX_DIRECTORY_BYTES:
        return Content(Kind.OTHER, "a ZIP archive of too many files")
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Content(Kind.OTHER, "a damaged or unfinished file")
    if "xl/workbook.xml" in names:
        return Content(Kind.WORKBOOK, "an Excel workbook")
    if "content.xml" in names:
        return Content(Kind.OPEN_DOCUMENT, "an OpenDocument file (such as .ods)")
    for beginning, words in _ARCHIVES.items():
        if any(name.startswith(beginning) for name in names):
            return Content(Kind.OTHER, words)
    return Content(Kind.ARCHIVE, "a ZIP archive")


def _directory_bytes(path: Path) -> int:
    """Return the size of a ZIP archive's table of contents, which is read whole."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_OF_ARCHIVE_BYTES))
        end = file.read()
    before, _, record = end.rpartition(b"PK\x05\x06")
    size = record[8:12]
    if size == b"\xff" * 4:  # too large for four bytes
        size = before.rpartition(b"PK\x06\x06")[2][36:44]
    return int.from_bytes(size, "little") if before else 0


def _identify_text(sample: bytes) -> Content:
    if find_wide_codec(sample) is not None:
        return Content(Kind.TEXT, "plain text")
    # A few NULs, or many behind the end, are left by programs that crashed while
    # saving; more are no text.
    text = sample.rstrip(b"\0")
    is_padded = text and len(text) == len(text.translate(None, _NO_TEXT))
    if sample.count(0) * 100 > len(sample) and not is_padded:
        return Content(Kind.OTHER, "not text")
    beginning = sample.removeprefix(b"\xef\xbb\xbf")
    for pattern, words in _TEXTS.items():
        if pattern.match(beginning):
            return Content(Kind.OTHER, words)
    if _JSON.match(beginning):
        return Content(Kind.JSON, "a JSON file")
    return Content(Kind.TEXT, "plain text")
