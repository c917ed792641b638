"""The changelog speaks to four readers, in the same order under every release."""

import re

from pcbl_pipeline import __version__
from tests.support.pages import page

READERS = [
    "For sites",
    "For readers of the summaries",
    "For operators",
    "For developers",
]


def releases() -> dict[str, str]:
    """Return heading → text of every release, newest first."""
    _, *parts = re.split(r"^## ", page("CHANGELOG.md").text, flags=re.MULTILINE)
    return {
        heading: text for heading, _, text in (part.partition("\n") for part in parts)
    }


def test_first_heading_is_what_is_not_released_yet():
    assert next(iter(releases())).startswith("Unreleased")


def test_present_version_has_an_entry():
    assert [heading for heading in releases() if __version__ in heading]


def test_every_release_speaks_to_the_four_readers_in_order():
    for heading, text in releases().items():
        assert re.findall(r"^### (.+)$", text, re.MULTILINE) == READERS, heading


def test_every_entry_is_a_sentence_on_a_line_of_its_own():
    lines = [
        line
        for text in releases().values()
        for line in text.splitlines()
        if line and not line.startswith("### ")
    ]

    assert lines
    assert not [line for line in lines if not re.fullmatch(r"- .*[.)]", line)]
