"""Names and ids of sites that may not be named, in texts and in web addresses."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pcbl_pipeline.disclosure.scan.folding import fold_both_ways
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.disclosure.scan.words import SITE_WORDS
from pcbl_pipeline.model.narrative import HitKind

_WORD = re.compile(r"[^\W_]+")


def find_site_names(text: str, unnamed: tuple[str, ...]) -> Iterator[Span]:
    """Yield the names and ids of `unnamed` sites, also when only their core is given.

    The core of "Saguaro Flats Unified School District" is "Saguaro Flats"; it is
    found in "saguaroflats.example" too. A core of one word, such as "Summit", counts
    where it is capitalised or stands in a web address, for it may be a plain word.
    """
    if not unnamed:
        return
    for match in _pattern(unnamed).finditer(text):
        yield Span(HitKind.SITE_NAME, *match.span())


@lru_cache(maxsize=8)
def _pattern(unnamed: tuple[str, ...]) -> re.Pattern[str]:
    parts = sorted({part for name in unnamed for part in _parts(name)})
    # A name of signs only has no part; then the pattern must fit nothing.
    return re.compile("|".join(parts) or "(?!)")


def _parts(name: str) -> Iterator[str]:
    plain = next(iter(fold_both_ways(re.sub(r"\([^)]*\)", " ", name)))).text
    words = _WORD.findall(plain)
    core = [word for word in words if word.lower() not in SITE_WORDS] or words
    if not core:
        return
    if len(core) > 1 or core[0].isdigit():
        yield "(?i:" + r"[\W_]*".join(re.escape(word) for word in core) + ")"
        return
    word = core[0]
    capitalised = f"{re.escape(word[0].upper())}(?i:{re.escape(word[1:])})"
    yield rf"\b{capitalised}\b"
    yield rf"(?<=://)\S*(?i:{re.escape(word)})"
