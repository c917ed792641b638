"""Rendered editions that several tests read; rendering is deterministic."""

import pytest

from tests.support.editions import (
    edition_content,
    lesson,
    many_lessons,
    pages_of,
    render,
)


@pytest.fixture(scope="session")
def public_files():
    return render(edition_content())


@pytest.fixture(scope="session")
def network_files():
    lessons = [*many_lessons(20), lesson(900, share_level="network")]
    return render(edition_content(lessons, edition="network", fictional=False))


@pytest.fixture(scope="session")
def empty_files():
    return render(edition_content([], assistance=(), tables={}))


@pytest.fixture(scope="session")
def editions(public_files, network_files, empty_files):
    return {
        "public": public_files,
        "network": network_files,
        "empty": empty_files,
    }


@pytest.fixture(scope="session", params=["public", "network", "empty"])
def files(request, editions):
    return editions[request.param]


@pytest.fixture(scope="session")
def pages(files):
    return pages_of(files)
