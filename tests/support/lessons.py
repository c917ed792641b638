"""Files of lessons with one mistake planted in them; all content is invented."""

from collections.abc import Callable, Collection

import polars as pl

from tests.support.builders import catalogue, text_rows

SITE = "0499901"
LESSON = catalogue().get("lesson_learned")

Change = str | None | Callable[[int], str | None]


def lesson_rows(count: int, **changes: Change) -> pl.DataFrame:
    """Return lessons as text; a change is a value, or a function of the row from 1."""
    rows = [
        {
            "lesson_id": f"{SITE}-2026-{number:03d}",
            "site_id": SITE,
            **{
                name: change(number) if callable(change) else change
                for name, change in changes.items()
            },
        }
        for number in range(1, count + 1)
    ]
    return text_rows(LESSON, *rows).drop("row_number")


def shift(
    rows: pl.DataFrame, field: str, which: Collection[int], side: str
) -> pl.DataFrame:
    """Move the cells of some rows (the first is 1) by one, from a field on."""
    start = rows.columns.index(field)
    moved = [
        cells if number not in which else _moved(cells, start, side)
        for number, cells in enumerate(rows.rows(), 1)
    ]
    return pl.DataFrame(moved, schema=rows.schema, orient="row")


def swap(rows: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """Put two headers over each other's values."""
    names = {one: other, other: one}
    return rows.rename(lambda name: names.get(name, name))


def as_csv(rows: pl.DataFrame) -> bytes:
    """Write rows as a CSV file."""
    return rows.write_csv().encode()


def _moved(cells: tuple[str, ...], start: int, side: str) -> tuple[str | None, ...]:
    if side == "right":
        return (*cells[:start], None, *cells[start:-1])
    return (*cells[:start], *cells[start + 1 :], None)
