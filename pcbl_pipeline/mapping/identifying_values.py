"""Identifying values: what a column's cells look like, without showing any of them.

Counts alone leave this module. What does not belong here: what headers say, and what
is done about it.
"""

from collections.abc import Iterable

import polars as pl

from pcbl_pipeline.mapping.identifiers import Identifier

_EMAIL = r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$"
_PHONE = r"^(\+?1[ .-]?)?(\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}$"
_SOCIAL = r"^\d{3}-\d{2}-\d{4}$"
_PART = r"\p{Lu}[\p{L}'\x{2019}-]+"
_LAST_FIRST = rf"^{_PART}( {_PART})*, ?{_PART}( \p{{Lu}}\.?)?( {_PART})?$"
_FIRST_LAST = rf"^{_PART} (\p{{Lu}}\.? )?{_PART}$"
_FIRST_INITIAL = rf"^{_PART} \p{{Lu}}\.?$"
#: Not `Dr.`: schools bear such names.
_TITLED = rf"^(Mr|Mrs|Ms|Miss|Mx)\.? {_PART}( {_PART})?$"
_DIGITS = r"^[A-Za-z]{0,2}\d{4,12}$"
#: Shapes that give a person away wherever they stand, and from which share on.
_SHAPES = (
    (Identifier.EMAIL, _EMAIL, 0.0),
    (Identifier.PHONE, _PHONE, 0.2),
    (Identifier.STUDENT_ID, _SOCIAL, 0.0),
    (Identifier.NAME, _TITLED, 0.5),
)
#: Shapes that do so in a column with about as many values as there are learners.
_PERSONAL_SHAPES = (
    (Identifier.NAME, _LAST_FIRST, 0.5),
    (Identifier.NAME, _FIRST_LAST, 0.9),
    (Identifier.NAME, _FIRST_INITIAL, 0.9),
)
#: The same, where numbers are not what the column is there for.
_ID_SHAPES = ((Identifier.STUDENT_ID, _DIGITS, 0.9),)
#: With fewer learners, a coincidence is as likely as a name.
_FEWEST_LEARNERS = 4
#: Twelve zeros in a row: once in 10^13 digests, and in each id that was filled up to
#: a digest's length.
_FILLED_UP = "0{12}"
_AS_MANY = 0.8
#: A learner has one name, but several skills: so many values for each at most.
_FOR_EACH = 1.2


def find_identifying(
    rows: pl.LazyFrame,
    columns: Iterable[str],
    *,
    learner: str | None = None,
    ids: bool = True,
) -> dict[str, tuple[Identifier, int]]:
    """Return which columns hold values that name a person, and in how many rows.

    Shape: `rows` has text columns; `learner` is the column by which learners are
    known, where there is one. A name is told from another text by there being about
    as many as there are learners. `ids` is off for columns that hold other ids.
    """
    names = list(columns)
    if not names:
        return {}
    counted = rows.select(_counts(names)).collect(engine="streaming")
    counts: dict[str, int] = counted.row(0, named=True)
    personal = (*_PERSONAL_SHAPES, *(_ID_SHAPES if ids else ()))
    found = {}
    for name in names:
        item = _judged(name, counts, (*_SHAPES, *personal))
        if item is None:
            continue
        if not _is_personal(rows, name, learner):
            item = _judged(name, counts, _SHAPES)
        if item is not None:
            found[name] = item
    return found


def count_unlike(rows: pl.LazyFrame, column: str, pattern: str) -> int:
    """Return how many rows hold no digest of a pattern (blank and `NA` do not count)."""
    text = pl.col(column)
    like = text.str.contains(pattern) & ~text.str.contains(_FILLED_UP)
    unlike = text.is_not_null() & (text != "NA") & ~like
    count: int = rows.select(unlike.sum()).collect(engine="streaming").item()
    return count


def _counts(names: list[str]) -> list[pl.Expr]:
    every = (*_SHAPES, *_PERSONAL_SHAPES, *_ID_SHAPES)
    shapes = [pattern for _, pattern, _ in every]
    counts = []
    for name in names:
        text = pl.col(name)
        counts.append(text.is_not_null().sum().alias(f"{name} given"))
        counts += [
            text.str.contains(pattern).sum().alias(f"{name} {pattern}")
            for pattern in shapes
        ]
    return counts


def _is_personal(rows: pl.LazyFrame, name: str, learner: str | None) -> bool:
    """Tell whether a column has about one value for each learner."""
    if learner is None or learner == name:
        return False
    given = rows.filter(pl.col(name).is_not_null())
    learners = _count_different(rows, learner)
    return (
        learners >= _FEWEST_LEARNERS
        and _count_different(rows, name) >= _AS_MANY * learners
        and _count_different(given, learner, name) <= _FOR_EACH * learners
    )


def _count_different(rows: pl.LazyFrame, *names: str) -> int:
    """Count values, or pairs, by their hashes: millions of texts are too many."""
    different = rows.select(pl.struct(names).hash()).unique().select(pl.len())
    return int(different.collect(engine="streaming").item())


def _judged(
    name: str,
    counts: dict[str, int],
    shapes: tuple[tuple[Identifier, str, float], ...],
) -> tuple[Identifier, int] | None:
    given = counts[f"{name} given"]
    for kind, pattern, share in shapes:
        count = counts[f"{name} {pattern}"]
        if count and count >= share * given:
            return kind, count
    return None
