"""Letters: how plausible a text is when its bytes are read in one code page.

Old code pages give every byte a meaning, so that only sense decides: an accented
letter stands inside a word, a dash between blanks or digits, a quotation mark at the
edge of a word. What does not belong here: Unicode encodings, which prove themselves.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

#: The code pages that are compared → their names in a sentence; the first wins a tie.
CODE_PAGES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman"}

#: Enough to tell code pages apart; a long file repeats itself.
PLACES_LOOKED_AT = 50_000

#: Some bytes beyond ASCII, and how many signs on either side say what they are.
_BEYOND = re.compile(rb"[\x80-\xff]{1,24}")
_REACH = 12

_USUAL = set("áàâäãåæçéèêëíìîïñóòôöõøœúùûüÿß")
_USUAL |= {letter.upper() for letter in _USUAL - {"ÿ", "ß"}}
#: Letters that are a word by themselves in some language.
_WORDS = set("àéèóÀÉÓ")
#: What follows an apostrophe in English, and stands before one in Romance languages.
_AFTER_APOSTROPHE = re.compile(r"(?:s|t|d|m|ll|re|ve)(?![^\W\d_])", re.IGNORECASE)
_BEFORE_APOSTROPHE = re.compile(r"(?:^|\W)(?:[cdjlmnst]|qu)$", re.IGNORECASE)
#: No word begins with these, and the other code page has opening marks there.
_OPENING_ELSEWHERE = set("ëì")
#: Spanish words in -ión and -ún, which look like a dash in the other code page.
_LAST_SYLLABLE = re.compile(r"ns?(?![^\W\d_])")

_APOSTROPHE = "\u2019"
_OPENING = "\u201c\u2018\u00ab\u201e"
_CLOSING = "\u201d\u00bb"
_MONEY_AND_MEASURES = "£€¥¢§±°½¼¾²³µ¹\u00d7÷º"
_AT_AN_EDGE = "•©®™…·¿¡†ª\u00a0"

_SURE, _LIKELY, _POSSIBLE, _ODD, _WRONG = 1.0, 0.6, 0.3, -0.6, -1.0
#: A byte without a meaning weighs more than any letter.
_MEANINGLESS = -3.0
#: A longer run of letters beyond ASCII is another script.
_LONGEST_RUN = 2


def tokens_in(content: bytes) -> Iterator[bytes]:
    """Yield each run of bytes beyond ASCII with what stands around it, up to blanks."""
    for match in _BEYOND.finditer(content):
        before = content[max(0, match.start() - _REACH) : match.start()]
        after = content[match.end() : match.end() + _REACH]
        yield (before.split()[-1] if before and not before[-1:].isspace() else b"") + (
            match[0] + (after.split()[0] if after and not after[:1].isspace() else b"")
        )


def choose_code_page(tokens: Iterable[bytes]) -> str | None:
    """Return the code page in which tokens make most sense; None if in none.

    Shape: `tokens` as `tokens_in` finds them, each once.
    """
    known = list(tokens)
    scores = {page: sum(_score(t, page) for t in known) for page in CODE_PAGES}
    best = max(scores, key=lambda page: scores[page])
    return best if scores[best] >= 0 else None


def _score(token: bytes, page: str) -> float:
    text = token.decode(page, errors="replace")
    places = [i for i, sign in enumerate(text) if not sign.isascii()]
    score = sum(_score_sign(text, place) for place in places)
    runs = re.findall(r"[^\W\d_a-zA-Z]+", text)
    return score + _WRONG * 2 * sum(len(run) for run in runs if len(run) > _LONGEST_RUN)


def _score_sign(text: str, place: int) -> float:
    sign, before, after = text[place], text[:place], text[place + 1 :]
    if sign == "\ufffd":
        return _MEANINGLESS
    if _is_letter(sign):
        return _score_letter(sign, before, after)
    kind = next((kind for signs, kind in _KINDS.items() if sign in signs), None)
    return kind(before, after) if kind else _WRONG


def _score_letter(sign: str, before: str, after: str) -> float:
    if not _is_letter(before[-1:]) and not _is_letter(after[:1]):
        return _score_lone_letter(sign, before, after)
    if sign.isupper() and (before[-1:].islower() or before[-1:].isdigit()):
        return _WRONG
    capitals = re.search(r"[^\W\d_]{2}$", before)
    small_in_capitals = sign.islower() and capitals and capitals[0].isupper()
    begins_oddly = sign in _OPENING_ELSEWHERE and not _is_letter(before[-1:])
    if small_in_capitals or begins_oddly or sign not in _USUAL:
        return _ODD
    if sign == "ó" and _LAST_SYLLABLE.match(after):
        return _SURE + _LIKELY
    return _SURE


def _score_lone_letter(sign: str, before: str, after: str) -> float:
    if after[:1] in ("'", _APOSTROPHE):
        return _POSSIBLE
    in_number = before[-1:].isdigit() or after[:1].isdigit()
    return 0.0 if sign in _WORDS and not in_number else _WRONG


def _score_apostrophe(before: str, after: str) -> float:
    if before[-1:].isalnum() and after[:1].isalpha():
        # A shorter word may be Spanish: `día` has an í there in the other page.
        is_long = len(after) > 2 and after[:3].isalpha()
        usual = _AFTER_APOSTROPHE.match(after) or (
            is_long and _BEFORE_APOSTROPHE.search(before)
        )
        return _SURE + _LIKELY if usual else _ODD
    return _LIKELY if before else _ODD


def _score_short_dash(before: str, after: str) -> float:
    # Between letters it is rare, and an ñ of the other page is not.
    if before[-1:].isalpha() and after[:1].isalpha():
        return _POSSIBLE
    return _SURE if before[-1:].isalnum() == after[:1].isalnum() else _POSSIBLE


def _score_long_dash(before: str, after: str) -> float:
    # Between letters it parts two whole words, and is an ó of the other page.
    if before[-1:].isalpha() and after[:1].isalpha():
        return _SURE if before[-3:].isalpha() and len(before) > 2 else _POSSIBLE
    return _SURE if before[-1:].isalnum() == after[:1].isalnum() else _POSSIBLE


def _score_opening(before: str, after: str) -> float:
    return _SURE if not before[-1:].isalnum() and after[:1].isalnum() else _ODD


def _score_closing(before: str, after: str) -> float:
    return _SURE if before and not after[:1].isalnum() else _ODD


def _score_measure(before: str, after: str) -> float:
    return _LIKELY if before[-1:].isdigit() or after[:1].isdigit() else _ODD


def _score_edge(before: str, after: str) -> float:
    in_a_word = before[-1:].isalpha() and after[:1].isalpha()
    return _WRONG if in_a_word else _POSSIBLE


#: Signs of one kind → how well one stands between what is before and after it.
_KINDS: Mapping[str, Callable[[str, str], float]] = {
    _APOSTROPHE: _score_apostrophe,
    "\u2013": _score_short_dash,
    "\u2014": _score_long_dash,
    _OPENING: _score_opening,
    _CLOSING: _score_closing,
    _MONEY_AND_MEASURES: _score_measure,
    _AT_AN_EDGE: _score_edge,
}


def _is_letter(sign: str) -> bool:
    # The marks of Spanish ordinals count as letters in Unicode.
    return sign.isalpha() and sign not in "ªº"
