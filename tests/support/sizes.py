"""How long files and functions are: measured for the house tests and for people.

Run `python -m tests.support.sizes` for the figures.
"""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: What the calm-file rule is about; tests and benchmarks are read differently.
ROOMS = ("pcbl_pipeline", "flows")


@dataclass(frozen=True)
class Length:
    """One file or function, with its length in lines."""

    name: str
    lines: int


def tracked_files(root: Path = ROOT) -> list[Path]:
    """Return what git tracks or would track, below a checkout's root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    ).stdout.decode()
    paths = sorted(root / name for name in listing.split("\0") if name)
    return [path for path in paths if path.is_file()]


def code_files() -> list[Path]:
    """Return the Python files of the house."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ROOMS
    ]


def file_lengths() -> list[Length]:
    """Measure every file of the house, longest first."""
    lengths = [
        Length(str(path.relative_to(ROOT)), len(path.read_text().splitlines()))
        for path in code_files()
    ]
    return sorted(lengths, key=lambda item: -item.lines)


def function_lengths() -> list[Length]:
    """Measure every function of the house, longest first."""
    lengths = [length for path in code_files() for length in _functions_in(path)]
    return sorted(lengths, key=lambda item: -item.lines)


def _functions_in(path: Path) -> Iterator[Length]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Length(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines)


def ninth_decile(lengths: list[Length]) -> float:
    """Return the length that nine in ten stay within."""
    if len(lengths) < 2:
        return float(sum(item.lines for item in lengths))
    return statistics.quantiles((item.lines for item in lengths), n=10)[-1]


def describe() -> str:
    """Say in a few lines how long functions and files are."""
    parts = []
    for kind, lengths in (("functions", function_lengths()), ("files", file_lengths())):
        longest = ", ".join(f"{item.name} ({item.lines})" for item in lengths[:5])
        parts.append(
            f"{len(lengths)} {kind}: nine in ten within {ninth_decile(lengths):.0f} "
            f"lines; longest: {longest}"
        )
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(describe())
