"""Texts for readers by key, and numbers and dates as their language writes them.

The texts of a language stand in one file beside this one, and those of each further
summary in a file of the folder of that language. A text never carries markup, and what is filled in is escaped, so that no value can become markup.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape


class Messages:
    """The texts of one language. Calling it gives a text for a page, escaped."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def __call__(self, key: str, **values: object) -> Markup:
        """Return a text as markup, with every value in it escaped.

        Raises:
            KeyError: If there is no text of that key.
        """
        return escape(self._template(key, values)).format(**self._told(values))

    def plain(self, key: str, **values: object) -> str:
        """Return a text as plain text, for data files and chart descriptions."""
        return self._template(key, values).format(**self._told(values))

    def number(self, value: float, *, digits: int = 0) -> str:
        """Write a number, rounded half up; no digits after the point unless asked."""
        step = Decimal(1).scaleb(-digits)
        rounded = Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)
        whole, _, part = f"{rounded:,}".partition(".")
        whole = whole.replace(",", self.texts["language.thousands"])
        return f"{whole}{self.texts['language.decimal']}{part}" if part else whole

    def date(self, day: date) -> str:
        """Write a day in words."""
        months = self.texts["language.months"].split()
        return self.plain(
            "language.date",
            month=months[day.month - 1],
            day=day.day,
            year=str(day.year),
        )

    def listed(self, words: Sequence[str]) -> str:
        """Write several words as one list: `a, b and c`."""
        if len(words) < 2:
            return "".join(words)
        *first, last = words
        before = self.texts["language.comma"].join(first)
        return f"{before}{self.texts['language.and']}{last}"

    def _told(self, values: Mapping[str, object]) -> dict[str, object]:
        return {
            name: self.number(value) if isinstance(value, int) else value
            for name, value in values.items()
        }

    def _template(self, key: str, values: Mapping[str, object]) -> str:
        if key in self.texts or "count" not in values:
            return self.texts[key]
        return self.texts[f"{key}.{'one' if values['count'] == 1 else 'other'}"]


@cache
def load_messages(language: str = "en") -> Messages:
    """Load the texts of a language.

    Raises:
        FileNotFoundError: If there is no file for the language.
        ValueError: If two of its files have a text of the same key.
    """
    folder = Path(__file__).parent
    texts: dict[str, str] = {}
    for path in (folder / f"{language}.yaml", *sorted((folder / language).glob("*"))):
        for key, text in _flat(yaml.safe_load(path.read_text(encoding="utf-8"))):
            if key in texts:
                raise ValueError(f"the text `{key}` stands twice; see {path.name}")
            texts[key] = text
    return Messages(texts)


def _flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        elif isinstance(value, list):
            yield f"{key}.title", value[0]
            yield f"{key}.description", value[1]
        else:
            yield key, value
