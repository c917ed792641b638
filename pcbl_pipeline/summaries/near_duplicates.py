"""Lessons that may say the same: pairs proposed to people, never merged.

Two lessons are alike when they share many pairs of neighbouring words. The measure sees
words, not sense: a copy in which "raised" became "lowered" is as like as any other copy,
so a pair is only ever a reason to look. What does not belong here: which lessons an
edition may show, and what becomes of a pair.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array

Numbers = npt.NDArray[np.int64]

#: Share of word pairs, in hundredths, from which on two lessons are proposed. On edited
#: copies and reversed claims that were marked by hand, 38 parts them from unrelated
#: lessons (at most 5) by far; reversed claims reach 34.
LIKENESS = 38
#: Others that a lesson is told with at least, where so many are like it.
TOLD = 5
#: What is compared, in the order in which it is read.
STORY = ("title", "situation", "action", "result", "recommendation")
_WORD = r"\w+"
#: Lessons and candidates that are worked on at a time, so that memory stays bounded.
_LESSONS, _CANDIDATES = 500, 50_000
#: What an agency says of a pair that is not to be proposed again.
DIFFERENT = "different"
#: Words of one side alone that a pair is told with.
_OWN_WORDS = 12
_COUNTED = ("first", "second", "shared_pairs", "hundredths")


def near_duplicates(lessons: pl.DataFrame) -> pl.DataFrame:
    """Return every pair of lessons that share at least 38 % of their word pairs.

    The likeness is that of Jaccard: word pairs in both, divided by word pairs in either.
    None is missed, though few are compared: lessons so alike share at least 38 % of
    each one's word pairs, so they share one of the rarest 62 % of each. Where many are
    alike, a pair is told if for one of the two the other is among its five most alike.

    Shape: `lessons` has public_id and the texts of `STORY`. One row per pair, the most
    alike first, then by ids: first_id, second_id (in the order of ids), shared_pairs,
    likeness, and the first few words that one alone has, only_first and only_second:
    they show at once where a copy says the opposite.
    Units: `likeness` is a share, 0 to 1, rounded half up to 2 decimals.
    """
    ids, matrix = _word_pairs(lessons)
    sizes = np.diff(matrix.indptr).astype(np.int64)
    found = [
        _alike(matrix, sizes, first, second)
        for first, second in _candidates(matrix, sizes)
    ]
    counted = np.concatenate([*found, np.empty((0, len(_COUNTED)), dtype=np.int64)])
    pairs = _nearest(pl.DataFrame(counted, schema=list(_COUNTED)))
    told = pl.select(
        first_id=ids.gather(pairs["first"]),
        second_id=ids.gather(pairs["second"]),
        shared_pairs=pairs["shared_pairs"],
        likeness=(pairs["hundredths"] / 100).round(2),
    ).sort("likeness", "first_id", "second_id", descending=[True, False, False])
    return _with_own_words(told, lessons)


def with_decisions(
    pairs: pl.DataFrame, lessons: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """Add what an agency decided about each pair, as its lessons are worded now.

    Shape: `pairs` as `near_duplicates` returns them; `lessons` has public_id and
    revision; `decisions` has first_id, second_id, first_revision, second_revision and
    decision. Added are both revisions and decision, blank where nobody decided.
    """
    key = ["first_id", "second_id", "first_revision", "second_revision"]
    for one in ("first", "second"):
        revisions = lessons.select(
            pl.col("public_id").alias(f"{one}_id"),
            pl.col("revision").cast(pl.Int64).alias(f"{one}_revision"),
        )
        pairs = pairs.join(revisions, on=f"{one}_id", maintain_order="left")
    return pairs.join(decisions, on=key, how="left", maintain_order="left")


def pairs_of_sites(
    pairs: pl.DataFrame, lessons: pl.DataFrame, own: pl.DataFrame
) -> pl.DataFrame:
    """Return for each site the pairs in which a lesson of its own stands.

    Shape: `pairs` as `with_decisions` returns them, of `lessons` as PUB1 publishes
    them; `own` has site_id and public_id. One row per own lesson and other one, most
    alike first: site_id, public_id, title, other_id, other_title, other_label,
    likeness, decision. Of two lessons that are both its own the site gets one row, and
    none where an agency found that they say different things.
    """
    pairs = pairs.filter(pl.col("decision").ne_missing(DIFFERENT))
    told = lessons.select("public_id", "title")
    others = lessons.select(
        pl.col("public_id").alias("other_id"),
        pl.col("title").alias("other_title"),
        pl.col("site_label").alias("other_label"),
    )
    names = ("public_id", "other_id", "likeness", "decision")
    both_ways = pl.concat(
        [
            pairs.select(
                pl.col(one).alias("public_id"),
                pl.col(two).alias("other_id"),
                "likeness",
                "decision",
                pl.lit(place).alias("way"),
            )
            for place, (one, two) in enumerate(
                (("first_id", "second_id"), ("second_id", "first_id"))
            )
        ]
    )
    both_own = own.select(
        "site_id", pl.col("public_id").alias("other_id"), pl.lit(1).alias("way")
    )
    return (
        both_ways.join(own.select("site_id", "public_id"), on="public_id")
        .join(both_own, on=("site_id", "other_id", "way"), how="anti")
        .select("site_id", *names)
        .join(told, on="public_id")
        .join(others, on="other_id")
        .sort(
            "site_id",
            "likeness",
            "public_id",
            "other_id",
            descending=[False, True, False, False],
        )
    )


def _nearest(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the pairs in which one is among the few most alike of the other.

    A lesson that a hundred sites copied would else be told in five thousand pairs.
    """
    numbered = pairs.with_row_index("pair")
    sides = pl.concat(
        numbered.select("pair", "hundredths", lesson=pl.col(one), other=pl.col(two))
        for one, two in (("first", "second"), ("second", "first"))
    )
    kept = (
        sides.sort("lesson", "hundredths", "other", descending=[False, True, False])
        .group_by("lesson", maintain_order=True)
        .head(TOLD)
    )
    return numbered.join(kept, on="pair", how="semi")


def _word_pairs(lessons: pl.DataFrame) -> tuple[pl.Series, csr_array]:
    """Return the ids in order, and which lesson has which pairs of words.

    Shape: a sparse matrix of ones, a row per lesson, a column per pair of words; the
    columns go from rare to common, and so do the entries of each row.
    """
    following = pl.col("word").shift(-1).over("lesson")
    ordered = lessons.sort("public_id")
    written = (
        ordered.select(pl.int_range(pl.len()).alias("lesson"), _words().alias("word"))
        .explode("word")
        .with_columns(following=following)
        .drop_nulls()
        .unique()
    )
    by_rarity = (
        written.group_by("word", "following")
        .len()
        .sort("len", "word", "following")
        .with_row_index("pair")
    )
    places = written.join(by_rarity, on=("word", "following"))
    matrix = csr_array(
        (
            np.ones(len(places), dtype=np.int32),
            (places["lesson"].to_numpy(), places["pair"].to_numpy()),
        ),
        shape=(len(ordered), len(by_rarity)),
    )
    matrix.sort_indices()
    return ordered["public_id"], matrix


def _words() -> pl.Expr:
    text = pl.concat_str(*STORY, separator=" ", ignore_nulls=True)
    return text.str.normalize("NFKC").str.to_lowercase().str.extract_all(_WORD)


def _with_own_words(pairs: pl.DataFrame, lessons: pl.DataFrame) -> pl.DataFrame:
    named = set(pairs["first_id"]) | set(pairs["second_id"])
    texts = lessons.filter(pl.col("public_id").is_in(named))
    # A dictionary keeps the order in which the words stand.
    words = {
        public_id: dict.fromkeys(found)
        for public_id, found in texts.select("public_id", _words()).iter_rows()
    }
    columns = ("first_id", "second_id")
    own = [
        pl.Series(
            f"only_{one.removesuffix('_id')}",
            [
                [
                    word
                    for word in words[mine]
                    if len(word) > 1 and word not in words[other]
                ][:_OWN_WORDS]
                for mine, other in pairs.select(one, two).iter_rows()
            ],
            dtype=pl.List(pl.String()),
        )
        for one, two in (columns, columns[::-1])
    ]
    return pairs.with_columns(own)


def _candidates(matrix: csr_array, sizes: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield the places of lessons that share one of the rarest pairs of each.

    A lesson much longer than another cannot be as like as that, whatever it says.
    """
    rare = _rarest(matrix, sizes)
    turned = rare.T.tocsr()
    for start in range(0, len(sizes), _LESSONS):
        met = (rare[start : start + _LESSONS] @ turned).tocoo()
        first, second = met.row + start, met.col
        short = np.minimum(sizes[first], sizes[second])
        long = np.maximum(sizes[first], sizes[second])
        (may_be,) = np.nonzero((first < second) & (100 * short >= LIKENESS * long))
        for chunk in range(0, len(may_be), _CANDIDATES):
            taken = may_be[chunk : chunk + _CANDIDATES]
            yield first[taken], second[taken]


def _rarest(matrix: csr_array, sizes: Numbers) -> csr_array:
    """Keep of each lesson the rarest pairs: all but 38 % of them, and one more."""
    place = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], sizes)
    at_least = (LIKENESS * sizes + 99) // 100
    is_rare = place <= np.repeat(sizes - at_least, sizes)
    lesson = np.repeat(np.arange(len(sizes)), sizes)
    return csr_array(
        (matrix.data[is_rare], (lesson[is_rare], matrix.indices[is_rare])),
        shape=matrix.shape,
    )


def _alike(
    matrix: csr_array, sizes: Numbers, first: Numbers, second: Numbers
) -> Numbers:
    """Return those candidates that are alike: both places, shared pairs, hundredths."""
    shared = matrix[first].multiply(matrix[second]).sum(axis=1).astype(np.int64)
    either = sizes[first] + sizes[second] - shared
    # In whole numbers, so that it is rounded once.
    hundredths = (200 * shared + either) // (2 * either)
    (alike,) = np.nonzero(100 * shared >= LIKENESS * either)
    return np.stack([first, second, shared, hundredths], axis=1)[alike]
