"""Words that must not stand in any tracked file.

The fragments are put together here from parts, so that this file passes too.
"""

import re

import pytest

from tests.support.sizes import ROOT, tracked_files

MACHINE_PATHS = rf"(?<![\w./]){'/'}(work|tmp)/"
NEIGHBOUR_FOLDERS = re.escape("../" + "shared")
REGISTRY_HOSTS = "|".join(
    re.escape(".".join(parts))
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
    )
)
#: Marks and file names of planning notes: facts carry over with their public source.
PLANNING_MARKS = (
    r"\[S[0-9]+\]|\bD00[0-9]-[a-z]\b|\[seed [0-9]"
    r"|(?<!docs/)\b(design|domain|examples|privacy|stack)\." + "md\\b"
)
CONFLICT_MARKERS = r"^(<{7} |>{7} )"


@pytest.mark.parametrize(
    "banned",
    [
        pytest.param(MACHINE_PATHS, id="machine paths"),
        pytest.param(NEIGHBOUR_FOLDERS, id="folders beside the checkout"),
        pytest.param(REGISTRY_HOSTS, id="package registries"),
        pytest.param(PLANNING_MARKS, id="planning notes"),
        pytest.param(CONFLICT_MARKERS, id="conflict markers"),
    ],
)
def test_no_tracked_file_holds(banned):
    pattern = re.compile(banned, re.MULTILINE)

    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in _texts()
        for match in pattern.finditer(text)
    ]

    assert not found


def _texts():
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode(errors="replace")


def test_vague_words_name_no_file_or_folder():
    vague = re.compile(
        r"(?:^|[/_])(utils?|helpers?|common|misc|managers?|process|handlers?)(?:[/_.]|$)"
    )

    found = [
        name
        for path in tracked_files()
        if vague.search(name := str(path.relative_to(ROOT)))
    ]

    assert not found
