"""Python regular expressions in the dialect of Polars' engine, where they have one.

GX's pandas provider means what Python's `re` means. Polars uses Rust's `regex`, which
differs in few places: where `$` matches, which characters are white space, what may
stand in a class. What does not belong here: patterns of our own.
"""

import re
from functools import lru_cache

import polars as pl

#: Python counts these as white space, Rust does not; otherwise the two agree.
_SPACE_IN_PYTHON_ONLY = r"\x1c-\x1f"
_INSIDE_CLASS = {
    r"\s": rf"\s{_SPACE_IN_PYTHON_ONLY}",
    r"\S": rf"[^\s{_SPACE_IN_PYTHON_ONLY}]",
}
_OUTSIDE_CLASS = {
    r"\s": rf"[\s{_SPACE_IN_PYTHON_ONLY}]",
    r"\S": rf"[^\s{_SPACE_IN_PYTHON_ONLY}]",
    r"\Z": r"\z",
}
#: Escapes that mean the same in both; every other letter or digit does not.
_SAME_LETTERS = frozenset("dDafnrtvxuA")
#: `\<` and `\>` are borders of a word in Rust.
_NOT_PLAIN = frozenset("<>")
_SET_OPERATIONS = ("[", "&&", "--", "~~")

_TOKEN = re.compile(
    r"(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<escape>\\.)"
    r"|(?P<open>\((?:\?:|\?P<[A-Za-z_]\w*>|(?!\?)))"
    r"|(?P<repeat>(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??(?!\+))"
    r"|(?P<end>\$)"
    r"|(?P<plain>[^\\\[({*+?$}])",
    re.DOTALL | re.ASCII,
)


class NoSuchPattern(ValueError):
    """Rust's dialect has no pattern, or no certain one, that means the same."""


@lru_cache(maxsize=1024)
def to_rust(pattern: str) -> str:
    """Return the pattern that matches in Rust what this one matches in Python.

    Raises:
        NoSuchPattern: If there is none, for instance for a look-ahead.
    """
    translated, position, depth = [], 0, 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise NoSuchPattern(pattern)
        position = token.end()
        depth += (token.lastgroup == "open") - (token.group() == ")")
        translated.append(_translate(token, pattern[position:], depth))
    rust = "".join(translated)
    _compile(rust)
    return rust


def without_groups(pattern: str) -> str:
    """Return a pattern that matches the same and captures nothing.

    Raises:
        NoSuchPattern: If it holds what we do not know, for instance a look-ahead.
    """
    parts, position = [], 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise NoSuchPattern(pattern)
        position = token.end()
        parts.append("(?:" if token.lastgroup == "open" else token.group())
    return "".join(parts)


def _translate(token: re.Match[str], rest: str, depth: int) -> str:
    text = token.group()
    match token.lastgroup:
        case "set":
            return _translate_set(text)
        case "escape":
            return _OUTSIDE_CLASS.get(text) or _same(text)
        case "end":
            return _translate_end(rest, depth)
    return text


def _translate_end(rest: str, depth: int) -> str:
    """Let `$` match before a last line break too, as in Python.

    Rust can only do so by consuming the line break, which is the same where nothing
    can follow.
    """
    if rest.strip(")") and not (depth == 0 and rest.startswith("|")):
        raise NoSuchPattern(rest)
    return r"(?:\n?\z)"


def _translate_set(text: str) -> str:
    inner = text[1:-1]
    if any(mark in inner for mark in _SET_OPERATIONS):
        raise NoSuchPattern(text)
    return "[" + re.sub(r"(?s)\\.", lambda found: _inside(found.group()), inner) + "]"


def _inside(escape: str) -> str:
    return _INSIDE_CLASS.get(escape) or _same(escape)


def _same(escape: str) -> str:
    character = escape[1]
    known = character in _SAME_LETTERS or not character.isalnum()
    if not known or character in _NOT_PLAIN:
        raise NoSuchPattern(escape)
    return escape


def _compile(rust: str) -> None:
    """Let Polars compile the pattern once, so that a query cannot fail for it."""
    try:
        pl.select(pl.lit("").str.contains(rust))
    except pl.exceptions.ComputeError as error:
        raise NoSuchPattern(rust) from error
