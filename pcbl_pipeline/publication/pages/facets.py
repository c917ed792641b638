"""What a page can be narrowed down to in the search: codes from its own tables."""

import polars as pl


def facets_of(frame: pl.DataFrame, **columns: str) -> dict[str, tuple[str, ...]]:
    """Return filter → codes that stand in the column named for it, in their order."""
    return {
        name: tuple(map(str, frame[column].drop_nulls().unique().sort()))
        for name, column in columns.items()
    }
