"""Marks that stand where something was taken out of a text when it came in."""

import re
from collections.abc import Iterator, Mapping

from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind

#: What stands in place of what was taken out.
MARKS: Mapping[HitKind, str] = {
    HitKind.EMAIL: "[e-mail]",
    HitKind.PHONE: "[phone]",
    HitKind.LONG_NUMBER: "[number]",
    HitKind.BIRTH_DATE: "[birth date]",
    HitKind.ADDRESS: "[address]",
    HitKind.HANDLE: "[account]",
}
_MARK = re.compile("|".join(map(re.escape, MARKS.values())))


def find_redactions(text: str) -> Iterator[Span]:
    """Yield the marks in a text: a person should see that the rest of it is harmless."""
    for match in _MARK.finditer(text):
        yield Span(HitKind.REDACTED, *match.span())
