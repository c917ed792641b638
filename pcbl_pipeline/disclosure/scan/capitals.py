"""Default-deny: a capitalised word holds the text unless something explains it.

It is explained if it is a plain word of the dictionary that begins a sentence and is in
no list of names, if it is in a short generic list (days, months, subjects, states,
acronyms of the field), or if it belongs to a name in the registry. What does not belong
here: names in lower case, and what the words beside a name say (`people`).
"""

import re
from collections.abc import Iterator, Sequence

from pcbl_pipeline.disclosure.lists import (
    dictionary,
    frequent_surnames,
    given_names,
    surnames,
)
from pcbl_pipeline.disclosure.scan.name_words import (
    AFTER_AN_IMPERATIVE,
    BEFORE_A_STATE,
    BORNE,
    COMMON,
    FUNCTION,
    GENERIC,
    INSTITUTIONS,
    MONTHS,
    MONTHS_DO_NOT,
    MORE_ACRONYMS,
    NAMED_STATES,
    OF_A_STATE,
    OF_SEVERAL,
    PLAIN_PHRASES,
    SCHOOL_WORDS,
    SPEAKING_VERBS,
    STATE_PHRASES,
    STRONG_VERBS,
    TIMES,
    TRADE,
    WEAK_VERBS,
    listed,
)
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.disclosure.scan.tokens import Word
from pcbl_pipeline.disclosure.scan.word_names import FINITE, VERBS_FIRST
from pcbl_pipeline.disclosure.scan.words import ACRONYMS, PEOPLE
from pcbl_pipeline.model.narrative import HitKind

_PHRASES: dict[str, list[tuple[str, ...]]] = {}
for _phrase in map(str.split, (*STATE_PHRASES, *PLAIN_PHRASES)):
    _PHRASES.setdefault(_phrase[0], []).append(tuple(_phrase))
#: Codes of standards and laws ("CBE4", "R7-2-302", "4-H"); longer numbers are ids.
_CODE = re.compile(r"[A-Z]{1,4}-?\d{1,3}[A-Z]?(?:-\d{1,3}){0,2}|4-H")
#: Nobody is called so; an abbreviation is.
_UNSPEAKABLE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{4,}")
_CONTRACTION = re.compile(r"[a-z]+(?:n't|'(?:ll|re|ve|d|m|t))")
#: A single letter behind one of these, or before a stop, names a thing.
_LABELS = listed(
    "plan plans grade grades option level levels step part section group team type room version"
    " track tier model form phase an a vitamin unit strand goal box exhibit cohort part"
    " cohorts schedule appendix wave block zone perkins the"
)

#: They make a compound of any word ("Mastery-Based").
_ENDINGS = listed("based wide driven ready led level style centered")
#: Words of a title on either side.
_TITLE = 8
#: Inside the name of a law or a body.
_JOINTS = listed("of for the and in on")
_RANGE = listed("to and or through")


def find_unexplained(words: Sequence[Word]) -> Iterator[Span]:
    """Yield every capitalised word that nothing explains."""
    explained = _in_phrases(words)
    for place, word in enumerate(words):
        if not word.is_capitalised or place in explained:
            continue
        if not _is_explained(words, place) and not _is_in_a_title(words, place):
            yield Span(_kind(word.plain), word.start, word.end)


def _is_in_a_title(words: Sequence[Word], place: int) -> bool:
    """Tell whether a plain word belongs to the name of a law, a body or a programme."""
    first, last = place, place
    while place - first < _TITLE and _goes_on(words, first - 1, first):
        first -= 1
    while last - place < _TITLE and _goes_on(words, last + 1, last + 1):
        last += 1
    named = [word.plain for word in words[first : last + 1] if word.is_capitalised]
    is_titled = not INSTITUTIONS.isdisjoint((*named, _word(words, last + 1)))
    if len(named) < 2 or not is_titled:
        return False
    return all(_is_impersonal(plain) for plain in named)


def _goes_on(words: Sequence[Word], place: int, behind: int) -> bool:
    """Tell whether a word is part of the same title as its neighbour."""
    if not 0 <= place < len(words):
        return False
    is_joint = words[place].plain in _JOINTS
    return (
        not words[behind].gap.strip()
        and (words[place].is_capitalised or is_joint)
        and not words[place].in_capitals
    )


def _is_impersonal(plain: str) -> bool:
    if plain in SCHOOL_WORDS or plain in GENERIC or plain in INSTITUTIONS:
        return True
    is_borne = is_name(plain) or plain in BORNE or plain in frequent_surnames()
    return not is_borne and (is_plain_word(plain) or plain in ACRONYMS)


def is_name(plain: str) -> bool:
    """Tell whether a plain word is in a list of given names and not all too common."""
    return plain in given_names() and plain not in COMMON


def is_plain_word(plain: str) -> bool:
    """Tell whether a word is in the dictionary or is a word of the trade."""
    return plain in dictionary() or plain in TRADE or plain in FUNCTION


def _kind(plain: str) -> HitKind:
    parts = plain.split("-")
    known = any(part in given_names() or part in surnames() for part in parts)
    return HitKind.PERSON_NAME if known else HitKind.UNEXPLAINED_NAME


def _is_explained(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    plain = word.plain
    if plain == "i" or _CONTRACTION.fullmatch(word.text.lower()):
        return True
    if len(plain) == 1:
        return _is_a_letter(words, place)
    if _CODE.fullmatch(word.text) or _is_acronym(word):
        return True
    if plain in GENERIC or plain in NAMED_STATES:
        return _is_generic_here(words, place)
    return _is_plain_here(words, place)


def _is_plain_here(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word may stand capitalised where it stands, name or not."""
    word = words[place]
    plain = word.plain
    if "-" in plain:
        return _is_compound(word)
    if plain in FUNCTION and not _does_a_deed(words, place):
        return True
    if word.in_capitals or word.text.isupper():
        return _is_emphasis(words, place)
    if word.opens:
        return _is_a_start(words, place)
    if word.in_heading:
        return _is_in_a_heading(plain)
    is_school = plain in SCHOOL_WORDS and plain not in BORNE
    return is_school and not is_name(plain) and not _is_owner(word)


def _is_a_start(words: Sequence[Word], place: int) -> bool:
    """Tell whether a plain word begins a sentence here, rather than a name."""
    plain, behind = words[place].plain, _word(words, place + 1)
    if not is_plain_word(plain) or (behind in WEAK_VERBS and plain in BORNE):
        return False
    if plain in BORNE and _does_a_deed(words, place):
        return False
    if behind.endswith("s") and _word(words, place + 2) in OF_SEVERAL:
        return True
    if plain in given_names():
        return _is_a_start_for_a_name(words, place)
    if plain in surnames() and plain not in SCHOOL_WORDS | PEOPLE:
        verbs = SPEAKING_VERBS
        if plain in frequent_surnames():
            verbs = STRONG_VERBS | WEAK_VERBS
        return behind not in verbs and not _is_owner(words[place])
    return not _goes_on_as_a_name(words, place) or plain not in surnames()


def _is_a_start_for_a_name(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word of the list of names is a plain word at this start."""
    plain, behind = words[place].plain, _word(words, place + 1)
    if _does_a_deed(words, place) or _goes_on_as_a_name(words, place):
        return False
    if plain in VERBS_FIRST and behind in FINITE:
        return False
    if behind in WEAK_VERBS and plain in frequent_surnames():
        return False
    return plain in COMMON or behind in AFTER_AN_IMPERATIVE


def _does_a_deed(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word that may be a name is followed by what a person does."""
    plain = words[place].plain
    is_plain = plain in SCHOOL_WORDS - BORNE | PEOPLE and plain != "an"
    if not (plain in given_names() or plain in BORNE) or is_plain:
        return False
    following = _word(words, place + 1)
    if place + 1 < len(words) and words[place + 1].gap.strip():
        return False
    return following in STRONG_VERBS and following not in {
        "read",
        "plan",
        "set",
        "works",
    }


def _goes_on_as_a_name(words: Sequence[Word], place: int) -> bool:
    """Tell whether a capitalised word follows that nothing explains by itself."""
    plain = words[place].plain
    if _is_owner(words[place]) and plain not in SCHOOL_WORDS | PEOPLE | TIMES:
        return True
    if place + 1 >= len(words):
        return False
    following = words[place + 1]
    if not following.is_capitalised or following.opens or following.gap.strip(" ."):
        return False
    plain = following.plain
    return not (following.in_heading or plain in GENERIC | FUNCTION | SCHOOL_WORDS)


def _is_generic_here(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    if word.plain in MONTHS and word.plain in given_names():
        speaks = _word(words, place + 1) in SPEAKING_VERBS | MONTHS_DO_NOT
        if speaks or _is_owner(word) or _is_first_of_two(words, place):
            return False
    if word.plain in NAMED_STATES:
        following = {_word(words, place + number) for number in range(1, 5)}
        if _is_owner(word) and following & OF_A_STATE:
            return True
        return _word(words, place - 1) in BEFORE_A_STATE
    return True


def _is_first_of_two(words: Sequence[Word], place: int) -> bool:
    """Tell whether a surname follows at once ("April Long")."""
    following = words[place + 1] if place + 1 < len(words) else None
    if following is None or following.gap != " " or following.opens:
        return False
    plain = following.plain
    return (
        following.is_capitalised
        and not following.text.isupper()
        and plain in surnames()
        and plain not in GENERIC | SCHOOL_WORDS
    )


def _is_a_letter(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    if word.plain == "a" and (word.opens or word.in_heading or word.in_capitals):
        return True
    before = _word(words, place - 1)
    if before in PEOPLE and word.plain in {"a", "b"}:
        return True
    following = words[place + 1] if place + 1 < len(words) else None
    if following is not None and following.gap.startswith("."):
        # "J. asked" and "J.M."; at the end of a sentence it may still be a label.
        return before in _LABELS and following.opens
    is_subject = before in GENERIC or before in {"hepatitis", "k", "x"}
    if before in _RANGE and len(_word(words, place - 2)) == 1:
        return True
    return before in _LABELS or is_subject or word.plain == "k"


def _is_acronym(word: Word) -> bool:
    plain = word.plain
    if word.in_capitals and plain in given_names():
        return False
    if plain in MORE_ACRONYMS or plain in ACRONYMS:
        return word.text[:2].isupper() or plain in {"ferpa", "ngss"}
    if _UNSPEAKABLE.fullmatch(word.text.removesuffix("'s").removesuffix("s")):
        return True
    # The plural of one ("IEPs").
    return word.text[:-1].isupper() and plain.removesuffix("s") in ACRONYMS


def _is_compound(word: Word) -> bool:
    """Judge each part of a word with hyphens by itself."""
    parts = word.text.removesuffix("'s").split("-")
    for number, part in enumerate(parts):
        if not part[:1].isupper():
            continue
        if not _is_part(part, is_first=number == 0 and word.opens, word=word):
            return False
    return True


def _is_part(part: str, *, is_first: bool, word: Word) -> bool:
    plain = part.lower()
    if plain in GENERIC | ACRONYMS | MORE_ACRONYMS | SCHOOL_WORDS | FUNCTION | _ENDINGS:
        return not is_name(plain)
    if is_name(plain) or not is_plain_word(plain):
        return False
    return is_first or word.in_heading or word.in_capitals


def _is_emphasis(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word in capitals is a plain one, set so for emphasis."""
    plain = words[place].plain
    if not is_plain_word(plain) or is_name(plain):
        return False
    if _does_a_deed(words, place):
        return False
    if words[place].in_capitals and plain in frequent_surnames():
        return plain in COMMON or plain in SCHOOL_WORDS
    return len(plain) > 2 or plain in FUNCTION


def _is_in_a_heading(plain: str) -> bool:
    if plain in SCHOOL_WORDS | FUNCTION | COMMON:
        return True
    if is_name(plain) or plain in frequent_surnames():
        return False
    return is_plain_word(plain)


def _is_owner(word: Word) -> bool:
    is_genitive = word.text.lower().endswith(("'s", "s'"))
    is_known = word.plain in given_names() or word.plain in surnames()
    return is_genitive and is_known


def _in_phrases(words: Sequence[Word]) -> set[int]:
    found: set[int] = set()
    plain = [word.plain for word in words]
    for place, first in enumerate(plain):
        for phrase in _PHRASES.get(first, ()):
            if tuple(plain[place : place + len(phrase)]) == phrase:
                found.update(range(place, place + len(phrase)))
    return found


def _word(words: Sequence[Word], place: int) -> str:
    return words[place].plain if 0 <= place < len(words) else ""
