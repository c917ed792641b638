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
    former search or a code has led to is not listed again for that kind of reason. Where
    a code and words of the same need lead to a lesson, the words are told too.

    Shape: `by_codes` as `mirror_lessons.lessons_for_sites` returns it; `needs` as
    `needs_in_words` does, without what may not be shown; `own` has site_id and
    public_id; `searches` by the word for them, the first to be asked first. Added are
    shared_words, and rows whose matched_by is such a word; they have no own_stage.
    """
    answers = _answers(needs, searches)
    of_kind = ["site_id", "basis"]
    listed = by_codes.group_by(of_kind).agg(pl.len().alias("listed"))
    by_text = (
        answers.join(
            own, on=("site_id", "public_id"), how="anti", maintain_order="left"
        )
        .join(by_codes, on=(*of_kind, "public_id"), how="anti", maintain_order="left")
        .unique([*of_kind, "public_id"], keep="first", maintain_order=True)
        .with_columns(pl.int_range(1, pl.len() + 1).over(of_kind).alias("rank"))
        .filter(pl.col("rank") <= LISTED_BY_TEXT)
        .join(listed, on=of_kind, how="left", maintain_order="left")
        .with_columns(pl.col("rank") + pl.col("listed").fill_null(0))
        .join(lessons.select("public_id", *_OF_LESSON), on="public_id")
        .drop("listed")
    )
    return pl.concat(
        [_with_words(by_codes, answers), by_text], how="diagonal_relaxed"
    ).sort("site_id", pl.col("basis").cast(pl.Enum(BASES)), "rank")


def _with_words(by_codes: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Add the words that a need shares with a lesson to which its codes led."""
    key = ["site_id", "basis", "reference", "public_id"]
    words = answers.filter(pl.col("shared_words").list.len() > 0)
    return by_codes.join(
        words.select(*key, "shared_words"), on=key, how="left", maintain_order="left"
    )


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


def _answers(needs: pl.DataFrame, searches: Mapping[str, Search]) -> pl.DataFrame:
    """Return all that the searches find, the needs of a site and kind taking turns."""
    rows = map(_Need._make, needs.select(_Need._fields).iter_rows())
    found = [
        (*need[:3], word, item.public_id, list(item.words))
        for _, group in groupby(rows, attrgetter("site_id", "basis"))
        for need, word, item in _in_turns(list(group), searches)
    ]
    columns = ("site_id", "basis", "reference", "matched_by", "public_id")
    schema = {
        **dict.fromkeys(columns, pl.String()),
        "shared_words": pl.List(pl.String()),
    }
    return pl.DataFrame(found, schema=schema, orient="row")


def _in_turns(
    needs: Sequence[_Need], searches: Mapping[str, Search]
) -> Iterator[tuple[_Need, str, Found]]:
    for word, search in searches.items():
        answers = ([(need, item) for item in search(need.text)] for need in needs)
        for turn in chain.from_iterable(zip_longest(*answers)):
            if turn is not None:
                yield turn[0], word, turn[1]
