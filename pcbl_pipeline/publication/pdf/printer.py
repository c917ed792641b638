"""From a report to a PDF: tagged for screen readers (PDF/UA-1), the same bytes always.

The typesetter is Typst. Templates are files of ours; a report goes in as data and
cannot become program, and a template can read nothing outside its own folder.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from pcbl_pipeline.publication.pdf.report import Report

TEMPLATES = Path(__file__).parent / "templates"
#: What stands for a character that no font of ours has.
MISSING = "\N{REPLACEMENT CHARACTER}"
#: Tagged, with a title, a language and a text for every image.
_STANDARD: Literal["ua-1"] = "ua-1"
#: Images are code, in which nothing may be broken.
_DRAWING = "svg"
#: These have a glyph for certain; all others are looked up.
_KNOWN = re.compile(r"[\n\x20-\x7e\xa1-\xac\xae-\xff]*")
#: A word that would leave its column may be broken here.
_LONG_RUN = re.compile(r"\S{24}(?=\S{8})")
_BREAK = "\\g<0>\N{ZERO WIDTH SPACE}"


def report_pdf(template: str, report: Report) -> bytes:
    """Print a report; `template` is `mirror` or `annual`.

    Raises:
        typst.TypstError: If a chart is no SVG, or a table's rows do not fit its
            columns. That is a fault of ours.
    """
    return render_pdf(template, report.as_data())


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Print a template with plain values as `Report.as_data` gives them."""
    pdf = _compiler(template).compile(
        format="pdf",
        sys_inputs={"report": json.dumps(_printable(data), sort_keys=True)},
        pdf_standards=[_STANDARD],
        timestamp=_midnight(data),
    )
    # One document is one file; only images come as a list of pages.
    return pdf if isinstance(pdf, bytes) else b""


def _midnight(data: Mapping[str, Any]) -> datetime:
    year, month, day = data["day"]
    return datetime(year, month, day, tzinfo=UTC)


def _printable(value: object) -> object:
    """Return plain values with every text made of characters that can be printed."""
    if isinstance(value, str):
        return _LONG_RUN.sub(_BREAK, _covered(value))
    if isinstance(value, Mapping):
        return {
            name: _covered(item) if name == _DRAWING else _printable(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def _covered(text: str) -> str:
    return text if _KNOWN.fullmatch(text) else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isspace():
        return "\n" if character in "\n\r\u2028\u2029" else " "
    if not character.isprintable():
        return ""
    if _KNOWN.fullmatch(character) or _has_glyph(character):
        return character
    return MISSING


@cache
def _has_glyph(character: str) -> bool:
    """Tell whether a font of ours has a character, as the typesetter sees it."""
    try:
        _compiler("probe").compile(
            format="pdf",
            sys_inputs={"character": character},
            pdf_standards=[_STANDARD],
        )
    except typst.TypstError:
        return False
    return True


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / f"{template}.typ", root=TEMPLATES, ignore_system_fonts=True
    )
