"""Lessons that a site is shown for the words of its barriers and requests (PUB7).

They come after those that its codes lead to (`mirror_lessons`), and say why. What does
not belong here: how texts are searched (`text_match`), and which texts may be used: only
released ones come in, because the words that two texts share are published.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, zip_longest
from operator import attrgetter
from typing import NamedTuple

import polars as pl

from pcbl_pipeline.summaries.mirror_lessons import BARRIER, BASES, REQUEST
from pcbl_pipeline.summaries.text_match import Found

#: Lessons that a site is shown for each kind of reason because of their text.
LISTED_BY_TEXT = 3
#: From a need to the lessons that may answer it, the best first.
Search = Callable[[str], Iterable[Found]]

_OF_LESSON = (
    *("element_code", "lesson_type", "title", "site_label", "lesson_date"),
    *("evidence_tier", "policy_area", "stage_at_time"),
)


class _Need(NamedTuple):
    site_id: str
    basis: str
    reference: str
    text: str


class _Match(NamedTuple):
    site_id: str
    basis: str
    reference: str
    matched_by: str
    public_id: str
    shared_words: list[str]


def needs_in_words(
    barriers: pl.DataFrame,
    requests: pl.DataFrame,
    *,
    open_barriers: pl.DataFrame,
    open_requests: pl.DataFrame,
) -> pl.DataFrame:
    """Return what sites wrote about their open barriers and requests, unscreened.

    Shape: `barriers` are S6 rows, all revisions, `requests` S7 rows; what is open comes
    as in `mirror`, and its order is kept. One row per need: site_id, basis, reference,
    text.
    """
    latest = barriers.sort("revision").unique(
        ("site_id", "barrier_id"), keep="last", maintain_order=True
    )
    return pl.concat(
        [
            _needs(open_barriers, latest, BARRIER, "barrier_id", "description"),
            _needs(open_requests, requests, REQUEST, "ta_request_id", "need"),
        ]
    )


def with_text_matches(
    by_codes: pl.DataFrame,
    needs: pl.DataFrame,
    lessons: pl.DataFrame,
    own: pl.DataFrame,
    searches: Mapping[str, Search],
) -> pl.DataFrame:
    """Add up to three lessons by others per site and kind of reason, for their text.

    Each need in turn gets its best lesson, then its second, and so on; whatever a
    former search or a code has led to is not listed again for that kind of reason.

    Shape: `by_codes` as `mirror_lessons.lessons_for_sites` returns it; `needs` as
    `needs_in_words` does, without what may not be shown; `own` has site_id and
    public_id; `searches` by the word for them, the first to be asked first. Added is
    shared_words, and rows whose matched_by is that word; they have no own_stage.
    """
    taken: dict[tuple[str, str], set[str]] = {}
    for site_id, basis, public_id in by_codes.select(
        "site_id", "basis", "public_id"
    ).iter_rows():
        taken.setdefault((site_id, basis), set()).add(public_id)
    own_ids: dict[str, set[str]] = {}
    for site_id, public_id in own.select("site_id", "public_id").iter_rows():
        own_ids.setdefault(site_id, set()).add(public_id)
    rows = map(_Need._make, needs.select(_Need._fields).iter_rows())
    found = [
        match
        for (site_id, basis), group in groupby(rows, attrgetter("site_id", "basis"))
        for match in _best(
            list(group),
            searches,
            taken.get((site_id, basis), set()) | own_ids.get(site_id, set()),
        )
    ]
    return _together(by_codes, found, lessons)


def _needs(
    waiting: pl.DataFrame, rows: pl.DataFrame, basis: str, reference: str, text: str
) -> pl.DataFrame:
    texts = rows.select("site_id", reference, pl.col(text).alias("text"))
    return (
        waiting.select("site_id", reference)
        .join(texts, on=("site_id", reference), maintain_order="left")
        .drop_nulls("text")
        .select(
            "site_id",
            pl.lit(basis).alias("basis"),
            pl.col(reference).alias("reference"),
            "text",
        )
    )


def _best(
    needs: Sequence[_Need], searches: Mapping[str, Search], known: set[str]
) -> Iterator[_Match]:
    """Yield the few best lessons for the needs of one site and kind of reason."""
    left = LISTED_BY_TEXT
    for word, search in searches.items():
        answers = ([(need, item) for item in search(need.text)] for need in needs)
        for turn in chain.from_iterable(zip_longest(*answers)):
            if turn is None or turn[1].public_id in known or not left:
                continue
            need, item = turn
            known.add(item.public_id)
            left -= 1
            yield _Match(
                site_id=need.site_id,
                basis=need.basis,
                reference=need.reference,
                matched_by=word,
                public_id=item.public_id,
                shared_words=list(item.words),
            )


def _together(
    by_codes: pl.DataFrame, found: Sequence[_Match], lessons: pl.DataFrame
) -> pl.DataFrame:
    schema = {
        **dict.fromkeys(_Match._fields, pl.String()),
        "shared_words": pl.List(pl.String()),
    }
    listed = by_codes.group_by("site_id", "basis").agg(pl.len().alias("listed"))
    by_text = (
        pl.DataFrame(found, schema=schema, orient="row")
        .with_columns(
            pl.int_range(1, pl.len() + 1).over("site_id", "basis").alias("rank")
        )
        .join(listed, on=("site_id", "basis"), how="left", maintain_order="left")
        .with_columns(pl.col("rank") + pl.col("listed").fill_null(0))
        .join(lessons.select("public_id", *_OF_LESSON), on="public_id")
        .drop("listed")
    )
    return pl.concat([by_codes, by_text], how="diagonal_relaxed").sort(
        "site_id", pl.col("basis").cast(pl.Enum(BASES)), "rank"
    )
