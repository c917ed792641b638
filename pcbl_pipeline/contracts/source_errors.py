"""What is wrong in a mapping's text, in words for the person who wrote it.

What does not belong here: reading the text (`sources`), and what a mapping may say
(`source`).
"""

import difflib
from collections.abc import Iterator, Sequence

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pcbl_pipeline.contracts.source import (
    NewestPerKey,
    Signs,
    SourceMapping,
    Unpivot,
    ValueSource,
)

_PARTS: tuple[type[BaseModel], ...] = (
    SourceMapping,
    ValueSource,
    Signs,
    Unpivot,
    NewestPerKey,
)
#: Words that a mapping knows.
_WORDS = sorted({"extends", *(name for part in _PARTS for name in part.model_fields)})
#: Where a value may be a text or more, the place of what is wrong with the text.
_AS_TEXT = "str"
_NAME_FORM = "Use small letters, digits and _, beginning with a letter: `our_tool`."


def why_not_yaml(text: str, error: yaml.YAMLError) -> str:
    """Say in which line a text cannot be read, and what most often helps."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return "It cannot be read. Save it as plain text (UTF-8)."
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    return f"Line {mark.line + 1} cannot be read. {_hint(line)}"


def _hint(line: str) -> str:
    if "\t" in line:
        return "It holds a tab. Put spaces in its place."
    if line.count(": ") > 1 or ": " in line.partition("{")[2].partition(": ")[2]:
        return (
            "A header or word with a colon needs quotation marks: "
            '`{column: "Score: 1-4"}`.'
        )
    return (
        "Close each bracket and quotation mark, and put what belongs together at the "
        "same distance from the left."
    )


def why_not_usable(
    error: ValidationError, *, what: str = "The mapping", words: Sequence[str] = _WORDS
) -> str:
    """Say everything that is wrong with what a mapping, or another file, says.

    `words` are those that it may use.
    """
    return " ".join(dict.fromkeys(_sentences(error, what, words)))


def _sentences(
    error: ValidationError, what: str, words: Sequence[str]
) -> Iterator[str]:
    for item in error.errors():
        if item["loc"][-1:] == (_AS_TEXT,):
            # A part may be a text instead, which is not what was meant.
            continue
        where = ".".join(str(part) for part in item["loc"] if _is_told(part))
        yield _sentence(item, f"`{where}`" if where else what, where, words)


def _is_told(part: int | str) -> bool:
    """Leave out what stands for one of several kinds of value, as `ValueSource`."""
    return not isinstance(part, str) or not (part[:1].isupper() or "[" in part)


def _sentence(item: ErrorDetails, named: str, where: str, words: Sequence[str]) -> str:
    said = f"{named} is `{item['input']}`."
    match item["type"]:
        case "extra_forbidden":
            sentence = _unknown_word(str(item["loc"][-1]), where, words)
        case "missing":
            sentence = f"{named} is missing."
        case "string_pattern_mismatch":
            form = "Write a number, such as 1." if where == "version" else _NAME_FORM
            sentence = f"{said} {form}"
        case "literal_error":
            allowed = item["ctx"]["expected"].replace("'", "`")
            sentence = f"{said} It may be {allowed}."
        case "value_error":
            sentence = f"{named}: {item['msg'].removeprefix('Value error, ')}."
        case _:
            sentence = f"{named}: {item['msg'][:1].lower()}{item['msg'][1:]}."
    return sentence


def _unknown_word(word: str, where: str, words: Sequence[str]) -> str:
    place = f" in `{where.rpartition('.')[0]}`" if "." in where else ""
    like = difflib.get_close_matches(word, words, n=1)
    meant = f" Did you mean `{like[0]}`?" if like else ""
    return f"Unknown word `{word}`{place}.{meant}"
