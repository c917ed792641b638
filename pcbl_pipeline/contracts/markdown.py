"""The few pieces of Markdown that the generated pages are made of."""

from collections.abc import Iterable, Sequence

#: First line of every generated page: what it comes from and how to write it anew.
GENERATED = (
    "<!-- Generated from expectations/. Do not edit; run "
    "`python -m pcbl_pipeline.contracts.dictionary docs`. -->"
)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a cell keeps to its line and its column."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        f"| {' | '.join(_cell(item) for item in line)} |" for line in lines
    )


def link(text: str, target: str) -> str:
    """Return a link."""
    return f"[{text}]({target})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
