"""Names that are words too, written in lower case: "hope", "will", "chance", "rose".

No list tells the pupil from the thing. The grammar around the word does: a thing that is
counted needs an article, nobody tells hope to wait, and art is never absent or tired.
What does not belong here: words that the dictionary lacks (`small_letters`).
"""

from collections.abc import Sequence

from pcbl_pipeline.disclosure.scan.name_words import (
    BEFORE_A_DEAR_ONE,
    BEFORE_A_DEED,
    COUNTED,
    FUNCTION,
    NO_PERSON_BEFORE,
    OF_A_PERSON,
    ONLY_PEOPLE,
    PUT,
    STRONG_VERBS,
    WEAK_VERBS,
    listed,
)
from pcbl_pipeline.disclosure.scan.tokens import Word

ARTICLES = listed("the a an our your their his her my this that one its")
_DEAR = frozenset(BEFORE_A_DEAR_ONE)
_HE_OR_SHE = listed("he she his her him himself herself")
#: In most texts a verb, and a name where a finite verb follows.
VERBS_FIRST = listed("will mark drew chase sue rob pat chuck jack skip bob")
FINITE = listed("did does was is has had didn't doesn't wasn't isn't hasn't")
_GIVEN = listed("gave give tell told ask asked")
_WHAT_IS_GIVEN = listed("more another extra his her what that how why if")
_TOLD = listed("told asked wanted helped taught reminded allowed got invited")
_MOVED = listed("move moved moving put place placed switch switched send sent")
_ELSEWHERE = listed("to into out back up with from")
_ONLY_PEOPLE_DO = listed(
    "quit cried logged volunteered refused graduated enrolled transferred asked told skipped"
    " giggled whispered shrugged apologized apologised apologises attended"
)
_BEFORE_AN_OBJECT = listed(
    "for with to about from asked told helped gave met thanked put paired let made saw watched"
    " moved placed and or like than called emailed texted between without lost got had sent"
    " miss missed"
)


def is_bare_name(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word that may be a name stands as only a name does."""
    before, behind = word_at(words, place - 1), word_at(words, place + 1)
    if f"{word_at(words, place - 2)} {before}" in _DEAR and behind not in ARTICLES:
        return True
    if before in ARTICLES | NO_PERSON_BEFORE:
        return False
    begins = words[place].opens or before in BEFORE_A_DEED
    return (
        (begins and _is_a_persons_subject(words, place))
        or _is_a_persons_object(before, behind)
        or (
            words[place].plain in COUNTED
            and _lacks_its_article(words, place, begins=begins)
        )
    )


def is_no_verb(words: Sequence[Word], place: int) -> bool:
    """Tell whether a verb is a person: "will did not come", "we let will skip it"."""
    plain, before = words[place].plain, word_at(words, place - 1)
    if plain not in VERBS_FIRST:
        return False
    if plain == "will" and before == "let":
        return True
    begins = words[place].opens or before in BEFORE_A_DEED
    return begins and word_at(words, place + 1) in FINITE


def word_at(words: Sequence[Word], place: int) -> str:
    """Return the plain word at a place, or nothing outside of the text."""
    return words[place].plain if 0 <= place < len(words) else ""


def _is_a_persons_subject(words: Sequence[Word], place: int) -> bool:
    """Tell whether what follows is said of people alone."""
    behind = word_at(words, place + 1)
    if behind in _ONLY_PEOPLE_DO | ONLY_PEOPLE:
        return True
    if words[place].plain in COUNTED and behind in STRONG_VERBS:
        return True
    nearby = [word_at(words, place + number) for number in range(2, 9)]
    is_verb = behind in WEAK_VERBS | STRONG_VERBS
    if is_verb and not _HE_OR_SHE.isdisjoint(nearby):
        return True
    is_weak = behind in WEAK_VERBS or behind == "not"
    return is_weak and not OF_A_PERSON.isdisjoint(nearby[:3])


def _is_a_persons_object(before: str, behind: str) -> bool:
    """Tell whether what is done is done to people alone."""
    return (
        before in PUT
        or before == "let"
        or (before in _GIVEN and behind in _WHAT_IS_GIVEN)
        or (before in _TOLD and behind == "to")
        or (before in _MOVED and behind in _ELSEWHERE)
    )


def _lacks_its_article(words: Sequence[Word], place: int, *, begins: bool) -> bool:
    """Tell whether a thing that is counted stands without an article, so is none."""
    if not (begins or word_at(words, place - 1) in _BEFORE_AN_OBJECT):
        return False
    ends = place + 1 >= len(words) or bool(words[place + 1].gap.strip())
    return ends or word_at(words, place + 1) in FUNCTION | OF_A_PERSON
