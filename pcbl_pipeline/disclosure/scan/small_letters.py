"""Names in lower case: what is in no dictionary, or is a word and stands as a person.

Phones and tired hands write names without capitals. A word that the dictionary lacks
holds the text if it is in a list of names or stands where a person stands; a name that
is a word as well ("hope") holds it where the words beside it make a person of it.
"""

from collections.abc import Iterator, Sequence

from pcbl_pipeline.disclosure.lists import given_names, surnames
from pcbl_pipeline.disclosure.scan.capitals import is_name, is_plain_word
from pcbl_pipeline.disclosure.scan.name_words import (
    BEFORE_A_DEED,
    BEFORE_A_PERSON,
    BORNE,
    COUNTED,
    FUNCTION,
    NAMES_IN_ANY_CASE,
    NO_PERSON_BEFORE,
    SMALL_TITLES,
    STRONG_VERBS,
    listed,
)
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.disclosure.scan.tokens import Word
from pcbl_pipeline.disclosure.scan.word_names import (
    ARTICLES,
    is_bare_name,
    is_no_verb,
    word_at,
)
from pcbl_pipeline.disclosure.scan.words import PEOPLE, STUDENT
from pcbl_pipeline.model.narrative import HitKind

_NAMED = frozenset({"named", "called", "nicknamed"})
#: In the list of names, and a verb behind "student" or "learners" more often.
_VERBS_TOO = listed("will mark hope chase grant drew rose may pat sue ran")
_MUST_SAY = listed("asked said told was wrote led wants wanted thinks knew")
#: Whom they are done to is a person.
_TO_A_PERSON = listed(
    "asked told thanked met helped gave taught ask tell interviewed congratulated"
)


def find_small_names(words: Sequence[Word]) -> Iterator[Span]:
    """Yield words in lower case that are, or may be, the name of a person."""
    for place, word in enumerate(words):
        if word.is_capitalised or not word.text[0].isalpha():
            continue
        if _is_a_person(words, place):
            yield Span(HitKind.PERSON_NAME, word.start, word.end)


def _is_a_person(words: Sequence[Word], place: int) -> bool:
    plain = words[place].plain
    if not plain.isascii() or _is_named(words, place) or _is_titled(words, place):
        return True
    if any(char.isdigit() for char in plain) or "-" in plain:
        return any(
            part in given_names() and not is_plain_word(part)
            for part in plain.split("-")
        )
    if not is_plain_word(plain) and len(plain) > 1:
        return _is_known(plain) or _stands_as_a_person(words, place)
    return _is_a_word_for_a_person(words, place)


def _is_a_word_for_a_person(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word of the dictionary that is a name too is one here."""
    plain = words[place].plain
    if plain in NAMES_IN_ANY_CASE and word_at(words, place - 1) not in ARTICLES:
        return True
    if is_no_verb(words, place):
        return True
    if not (is_name(plain) or plain in BORNE or plain in COUNTED):
        return False
    if is_bare_name(words, place) or _is_one_of_two(words, place):
        return True
    return is_name(plain) and _is_made_a_person(words, place)


def _is_titled(words: Sequence[Word], place: int) -> bool:
    """Tell whether a title stands before a name or an initial ("miss pat", "mr b")."""
    title, plain = word_at(words, place - 1), words[place].plain
    if title not in SMALL_TITLES or words[place].gap.strip(" ."):
        return False
    if title in {"mr", "mrs", "mx", "sra", "srta", "profe"}:
        return True
    is_initial = len(plain) == 1 and plain not in {"a", "i"}
    is_verb = plain in {"will", "may", "hope", "mark", "chase", "ran"}
    return is_initial or (is_name(plain) and not is_verb)


def _is_one_of_two(words: Sequence[Word], place: int) -> bool:
    """Tell whether two words that may be names are joined ("destiny and trinity")."""
    for joint, other, first in ((1, 2, place), (-1, -2, place - 2)):
        plain = word_at(words, place + other)
        if word_at(words, place + joint) not in {"and", "or"}:
            continue
        if not (is_name(plain) or plain in COUNTED):
            continue
        if word_at(words, first - 1) not in ARTICLES | NO_PERSON_BEFORE:
            return True
    return False


def _is_known(plain: str) -> bool:
    return plain in given_names() or plain in surnames()


def _is_named(words: Sequence[Word], place: int) -> bool:
    """Tell whether a person "named" or "called" so was spoken of before."""
    if word_at(words, place - 1) not in _NAMED or words[place].gap.strip("\"' "):
        return False
    before = {word_at(words, place - number) for number in (2, 3, 4)}
    is_person = bool(before & (STUDENT | PEOPLE))
    return is_person and words[place].plain not in ARTICLES | FUNCTION


def _stands_as_a_person(words: Sequence[Word], place: int) -> bool:
    """Tell whether an unknown word stands where a person does."""
    word = words[place]
    if "'" in word.text and not word.text.endswith("'s"):
        # A contraction, or a slip in one.
        return False
    before, behind = word_at(words, place - 1), word_at(words, place + 1)
    if word.text.endswith("'s") or behind in STRONG_VERBS:
        return True
    return before in BEFORE_A_PERSON or before in PEOPLE


def _is_made_a_person(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word that is a name too is used as one here."""
    word = words[place]
    before, behind = word_at(words, place - 1), word_at(words, place + 1)
    if word.text.endswith("'s"):
        return before not in ARTICLES
    does = behind in STRONG_VERBS and not (
        place + 1 < len(words) and words[place + 1].gap.strip()
    )
    if before in PEOPLE | {"named", "called", "nicknamed"} and not before.endswith("s"):
        return behind in _MUST_SAY or word.plain not in _VERBS_TOO
    if before in _TO_A_PERSON and word.plain not in _VERBS_TOO:
        return True
    return does and (word.opens or before in BEFORE_A_DEED)
