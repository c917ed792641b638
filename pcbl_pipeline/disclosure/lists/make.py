"""Make the word and name lists of the screen of narratives.

    python -m pcbl_pipeline.disclosure.lists.make SCOWL NAMES NICKNAMES FAKER

takes four unpacked sources, each a folder, and writes the lists into
this folder. The same sources give the same bytes. Which sources
those are, and their licences, stands in `ORIGIN.md` beside the lists.
"""

import argparse
import ast
import csv
import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

LISTS = Path(__file__).parent
#: SCOWL's own sizes up to that of a large dictionary; beyond are words that few know,
#: many of which are names as well.
SIZES = (10, 20, 35, 40, 50, 55, 60)
SPELLINGS = ("english", "american", "british", "british_z")
SURNAMES = 40_000
_PLAIN_WORD = re.compile(r"[a-z]+")
_GIVEN_NAME = re.compile(r"[A-Z][a-z']+(?:[A-Z][a-z']+)?")


def fold(text: str) -> str:
    """Return a text without accents, as the detectors see it."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(p for p in parts if not unicodedata.category(p).startswith("M"))


def words(scowl: Path) -> Iterator[str]:
    """Yield the plain words of a dictionary, lower case."""
    for path in (scowl / f"{name}-words.{n}" for name in SPELLINGS for n in SIZES):
        if path.exists():
            for line in path.read_text(encoding="latin-1").splitlines():
                if _PLAIN_WORD.fullmatch(fold(line)):
                    yield fold(line)


def given_names(names: Path, nicknames: Path, faker: Path) -> Iterator[str]:
    """Yield given names and nicknames of many origins, lower case."""
    for file in ("dist.female.first", "dist.male.first"):
        for line in (names / file).read_text(encoding="ascii").splitlines():
            yield line.split()[0].lower()
    with (nicknames / "names.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield from (fold(row["name1"]).lower(), fold(row["name2"]).lower())
    for path in sorted(faker.glob("providers/person/*/__init__.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from _given_names_in(tree)


def _given_names_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(
            node.targets[0], ast.Name
        ):
            continue
        called = node.targets[0].id
        if "first_name" not in called or "format" in called:
            continue
        for part in ast.walk(node.value):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found = re.split(r"[\s-]+", fold(part.value))
                yield from (w.lower() for w in found if _GIVEN_NAME.fullmatch(w))


def surnames(names: Path) -> Iterator[str]:
    """Yield the most frequent surnames, the most frequent first."""
    lines = (names / "dist.all.last").read_text(encoding="ascii").splitlines()
    yield from (line.split()[0].lower() for line in lines[:SURNAMES])


def write(name: str, lines: Iterable[str]) -> None:
    """Write a list, the same bytes every time."""
    text = "".join(f"{line}\n" for line in lines)
    packed = gzip.compress(text.encode("ascii", errors="strict"), 9, mtime=0)
    (LISTS / f"{name}.txt.gz").write_bytes(packed)


def main() -> None:
    """Write all lists."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    for name, about in (
        ("scowl", "folder of SCOWL's lists (usr/share/dict/scowl)"),
        ("names", "folder of the package `names`"),
        ("nicknames", "folder of the package `nicknames`"),
        ("faker", "folder of the package `faker`"),
    ):
        parser.add_argument(name, type=Path, help=about)
    at = parser.parse_args()
    write("words", sorted(set(words(at.scowl))))
    given = set(given_names(at.names, at.nicknames, at.faker))
    write("given_names", sorted(n for n in given if n.isascii() and len(n) > 1))
    write("surnames", surnames(at.names))


if __name__ == "__main__":
    main()
