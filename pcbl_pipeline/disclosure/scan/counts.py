"""Counts of students below the minimum group size, in digits or in words.

Reads a text word by word. A number counts students if it leads to a word for them
("two of our new ninth graders"). Where a text speaks of students, a number that
leads to no other thing is taken for a count of them too ("Three did not finish").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pcbl_pipeline.disclosure.scan import words
from pcbl_pipeline.disclosure.scan.numbers import number_of
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind

_TOKEN = re.compile(
    r"(?i:half[ -](?:a )?dozen)|\d{1,3}(?:,\d{3})+(?!\d)|\d+\.\d+|\d+-\d+(?![\w-])|[^\W_]+(?:['-][^\W_]+)*|[^\w\s]"
)
_SIZE = re.compile(r"\bn ?[=<] ?(\d{1,3})\b", re.IGNORECASE)
#: Words between a number and what it counts.
_REACH = 4
_REACH_AFTER_OF = 7


@dataclass(frozen=True)
class _Token:
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class _Count:
    """A number in the text: its value, first word, and the tokens that it takes up."""

    value: int
    word: str
    first: int
    after: int


def mentions_students(text: str) -> bool:
    """Tell whether a text speaks of students at all."""
    return any(_student_words(token.word) for token in _tokens(text))


def find_small_counts(
    text: str, *, minimum_group_size: int, about_students: bool
) -> Iterator[Span]:
    """Yield counts of students below the minimum group size, zero included.

    Units: students. `about_students` says that the text, or another text of the same
    row, speaks of students, so that bare numbers are taken for counts of them.
    """
    tokens = _tokens(text)
    for count in _counts(tokens):
        is_small = count.value < minimum_group_size
        if is_small and _counts_students(tokens, count, about_students=about_students):
            yield _span(tokens, count.first, count.after - 1)
    for place, token in enumerate(tokens):
        if token.word in words.SETS_OF_CHILDREN:
            yield _span(tokens, place, place)
    for match in _SIZE.finditer(text):
        if int(match[1]) < minimum_group_size:
            yield Span(HitKind.SMALL_COUNT, *match.span())


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(match.group().lower(), *match.span()) for match in _TOKEN.finditer(text)
    ]


def _span(tokens: list[_Token], first: int, last: int) -> Span:
    return Span(HitKind.SMALL_COUNT, tokens[first].start, tokens[last].end)


def _counts(tokens: list[_Token]) -> Iterator[_Count]:
    for place in range(len(tokens)):
        value = _value(tokens, place)
        if value is None:
            continue
        after = place + 1
        # "twenty one"; in "3 (three)" and "two or three" the first number counts.
        if _word(tokens, place) in words.TENS_OF_NUMBER and (
            unit := words.UNITS_OF_NUMBER.get(_word(tokens, after))
        ):
            value, after = value + unit, after + 1
        if not _is_no_count(tokens, place, after):
            yield _Count(
                value, tokens[place].word, place, _behind_alternatives(tokens, after)
            )


def _value(tokens: list[_Token], place: int) -> int | None:
    word, before = tokens[place].word, _word(tokens, place - 1)
    if word.isdecimal() and len(word) <= 3:
        return int(word)
    if re.fullmatch(r"\d{1,3}-\d{1,3}", word):
        return int(word.split("-")[0])
    if word in words.TENS_OF_NUMBER:
        return words.TENS_OF_NUMBER[word]
    if word in words.UNITS_OF_NUMBER:
        return None if before in words.TENS_OF_NUMBER else words.UNITS_OF_NUMBER[word]
    return _value_in_words(word, before)


def _value_in_words(word: str, before: str) -> int | None:
    if "-" in word and (number := number_of(word)) is not None:
        return number
    if word in {"no", "none"}:
        return 0
    if word in words.LONE:
        return None if before in {"every", "each"} else 1
    return words.PAIRS.get(word)


def _is_no_count(tokens: list[_Token], place: int, after: int) -> bool:
    before, behind = _word(tokens, place - 1), _word(tokens, after)
    if behind in {"%", "percent", "pm", "am", "p", "x", "apiece"}:
        return True
    # Times and ratios (8:30, 1:1), money, and the numbers of a list ("1. We ...").
    is_of_many = _student_words(behind) == "many"
    if (
        {before, behind} & {":"}
        and not is_of_many
        and _touches_colon(tokens, place, after)
    ):
        return True
    if before == "at" and behind in {"", ",", ".", ";", "and", "in", "on", "each"}:
        return True
    if before == "of" and _is_a_way_or_a_rating(tokens, place, after):
        return True
    if before in {"$", "/"} or (behind in {".", ")"} and _opens_a_list(tokens, place)):
        return True
    return _is_labelled(tokens, place, after)


def _is_a_way_or_a_rating(tokens: list[_Token], place: int, after: int) -> bool:
    """Tell whether a number behind "of" says how people work, or what they rated."""
    if "." in _word(tokens, place - 3):
        return True
    following = _word(tokens, _behind_alternatives(tokens, after))
    is_way = _word(tokens, place - 2) in words.SETTINGS
    return is_way and _student_words(following) is None


def _touches_colon(tokens: list[_Token], place: int, after: int) -> bool:
    left = place > 1 and tokens[place - 2].word.isdecimal()
    right = after + 1 < len(tokens) and tokens[after + 1].word.isdecimal()
    return (_word(tokens, place - 1) == ":" and left) or (
        _word(tokens, after) == ":" and right
    )


def _opens_a_list(tokens: list[_Token], place: int) -> bool:
    if not tokens[place].word.isdecimal() or place + 2 >= len(tokens):
        return False
    before = place - (2 if _word(tokens, place - 1) == "(" else 1)
    return _word(tokens, before) in {"", ".", ";"}


def _is_labelled(tokens: list[_Token], place: int, after: int) -> bool:
    back = place - 1
    while _word(tokens, back) in words.LIST_JOINTS and _is_number(tokens, back - 1):
        back -= 2
    before, is_digit = _word(tokens, back), tokens[place].word[0].isdecimal()
    if before in words.LABELS | words.TIME_LABELS:
        is_part_of_label = is_digit and before in words.LABELS
        return is_part_of_label or _student_words(_word(tokens, after)) != "many"
    return before in {"a", "an"} and _is_number(tokens, place)


def _is_number(tokens: list[_Token], place: int) -> bool:
    word = _word(tokens, place)
    return word[:1].isdecimal() or word in words.UNITS_OF_NUMBER


def _behind_alternatives(tokens: list[_Token], after: int) -> int:
    while _word(tokens, after) in {"or", "to", "and", "-", "("} and (
        _is_number(tokens, after + 1)
    ):
        after += 3 if _word(tokens, after + 2) == ")" else 2
    return after


def _counts_students(
    tokens: list[_Token], count: _Count, *, about_students: bool
) -> bool:
    if count.word == "no" and _is_a_rule(tokens, count):
        return False
    found = _what_is_counted(tokens, count)
    if found is not None:
        return found
    return about_students and _stands_for_people(tokens, count)


def _is_a_rule(tokens: list[_Token], count: _Count) -> bool:
    """Tell whether "no" begins what holds for all ("No student should wait")."""
    behind = (_word(tokens, count.after + number) for number in range(1, _REACH))
    return any(word in words.MODALS for word in behind)


def _what_is_counted(tokens: list[_Token], count: _Count) -> bool | None:
    """Return True for students, False for another thing, None if it is not said."""
    is_part = False
    for place in range(count.after, count.after + _REACH_AFTER_OF):
        word = _word(tokens, place)
        is_part = is_part or word in words.PARTITIVE
        is_too_far = place - count.after >= _REACH and not is_part
        if is_too_far or _ends_the_search(word, is_part=is_part):
            return None
        kind = _kind_of(tokens, place, count, is_part=is_part)
        if kind is not None:
            return kind
    return None


def _ends_the_search(word: str, *, is_part: bool) -> bool:
    is_punctuation = not word or not (word[0].isalnum() or word in {'"', "'"})
    begins_anew = word in words.DETERMINERS and not is_part
    return (
        is_punctuation
        or begins_anew
        or word in words.FUNCTION_WORDS
        or word in words.VERBS
    )


def _kind_of(
    tokens: list[_Token], place: int, count: _Count, *, is_part: bool
) -> bool | None:
    word = _word(tokens, place)
    number = _student_words(word)
    if word in words.YOUNG and _word(tokens, place - 1) == "young":
        number = "many"
    if number == "many":
        # "One thing students liked" counts no students; "one of the students" does.
        return True if is_part or count.value != 1 else None
    if number == "one":
        return _kind_of_single(_word(tokens, place + 1), count)
    return False if _is_other_thing(word) else None


def _kind_of_single(behind: str, count: _Count) -> bool | None:
    # "two student leaders" are students, "two student surveys" and "one student
    # survey" are not; "one student said" is one.
    if behind in words.STUDENT_ROLES:
        return True
    if behind in words.STUDENT_THINGS:
        return False
    is_single = count.value < 2 or count.word in words.WITH_SINGULAR
    return True if is_single or not behind[:1].isalnum() else None


def _student_words(word: str) -> str | None:
    last = word.rpartition("-")[2].removesuffix("'s").removesuffix("'")
    if last in words.STUDENTS:
        return "many"
    return "one" if last in words.STUDENT and last == word.rpartition("-")[2] else None


def _is_other_thing(word: str) -> bool:
    if word in words.OTHER_NOUNS:
        return True
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return is_plural and len(word) > 3 and word not in words.NOT_PLURAL


def _stands_for_people(tokens: list[_Token], count: _Count) -> bool:
    word, behind = count.word, _word(tokens, count.after)
    if word in words.PAIRS or word in words.LONE or word == "no":
        return False
    if count.value != 1:
        return True
    if (
        word == "one"
        and _word(tokens, count.first - 1) in words.NOT_A_NUMBER_BEFORE_ONE
    ):
        return False
    of_them = behind == "of" and (
        _word(tokens, count.after + 1) in {"them", "whom", "these", "those"}
    )
    return of_them or behind in words.VERBS or word.isdecimal()


def _word(tokens: list[_Token], place: int) -> str:
    return tokens[place].word if 0 <= place < len(tokens) else ""
