"""Lessons that are near to a need in sense: by vectors from a small language model.

Only where a network has such a model. What does not belong here: the model itself, and
reading it; a function from texts to vectors comes in.

How near two texts are says little by itself, since models differ and all lessons are
about schools. So what the lessons have in common is taken out of every vector first.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from pcbl_pipeline.summaries.text_match import Found

Vectors = npt.NDArray[np.float32]
#: From texts to vectors, one row each. The same text must always get the same vector.
Encode = Callable[[Sequence[str]], Vectors]
#: Cosine from which on a lesson is found. Set on the development part of the set behind
#: `docs/matching.md`, where at this height no wrong lesson was offered.
LEAST_LIKENESS = 0.35
#: What a lesson is about; what was done and what came of it speak of other things.
_COMPARED = ("title", "situation")
_DIGITS = 4


class LessonMeanings:
    """What some lessons are about, to be searched."""

    def __init__(self, lessons: pl.DataFrame, encode: Encode) -> None:
        """Turn lessons into vectors.

        Shape: `lessons` has public_id, title and situation, one row per lesson,
        released to whoever gets the answers.
        """
        ordered = lessons.sort("public_id")
        about = pl.concat_str(*_COMPARED, separator=" ", ignore_nulls=True)
        self._encode = encode
        self._ids = ordered["public_id"].to_list()
        texts = ordered.select(about.alias("text"))["text"].to_list()
        raw = self._each(texts)
        self._common = raw.mean(axis=0) if len(raw) else 0.0
        self._vectors = _unit(raw - self._common)

    def search(self, need: str) -> Iterator[Found]:
        """Yield the lessons near to a need, the nearest first, then by id."""
        raw = self._each([need])
        # Without a word that the model knows there is nothing to be near to.
        if not self._ids or not raw.any():
            return
        asked = _unit(raw - self._common)[0]
        # The last digits of a product may differ between machines.
        likeness = np.round(self._vectors @ asked, _DIGITS).tolist()
        for cosine, public_id in sorted(
            zip(likeness, self._ids, strict=True), key=lambda item: (-item[0], item[1])
        ):
            if cosine < LEAST_LIKENESS:
                return
            yield Found(public_id, ())

    def _each(self, texts: Sequence[str]) -> Vectors:
        # One by one: beside others a text may be padded, and its vector be another.
        rows = [np.asarray(self._encode([text]), dtype=np.float32) for text in texts]
        return np.concatenate(rows) if rows else np.empty((0, 0), dtype=np.float32)


def _unit(vectors: Vectors) -> Vectors:
    """Give every vector the length 1; one without a length keeps none."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
