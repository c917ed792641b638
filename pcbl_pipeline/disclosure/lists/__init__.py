"""Word and name lists: a dictionary, given names, and surnames by how frequent they are.

Made by `python -m pcbl_pipeline.disclosure.lists.make`; sources and licences are in `ORIGIN.md`. What does not
belong here: words by the part they play in a sentence (`scan.words`).
"""

import gzip
from functools import cache
from importlib.resources import files

#: Surnames up to this rank are so frequent that a plain verb behind one makes a person.
FREQUENT = 2_000


@cache
def _lines(name: str) -> tuple[str, ...]:
    packed = files(__name__).joinpath(f"{name}.txt.gz").read_bytes()
    return tuple(gzip.decompress(packed).decode("ascii").split())


@cache
def dictionary() -> frozenset[str]:
    """Return the plain words of English, American and British, lower case."""
    return frozenset(_lines("words"))


@cache
def given_names() -> frozenset[str]:
    """Return given names and nicknames of many origins, lower case, without accents."""
    return frozenset(_lines("given_names"))


@cache
def surnames() -> frozenset[str]:
    """Return surnames of the United States, lower case."""
    return frozenset(_lines("surnames"))


@cache
def frequent_surnames() -> frozenset[str]:
    """Return the most frequent surnames."""
    return frozenset(_lines("surnames")[:FREQUENT])
