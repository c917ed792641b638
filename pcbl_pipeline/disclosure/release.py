"""Narratives at release: what may be shown once sites have decided on held sentences.

A summary asks here for each text that it would publish: whether it may be shown, and in
which words. What does not belong here: what the scan looks for (`scan`), and where
decisions are kept (`lake`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from pcbl_pipeline.disclosure.narratives import screen_texts
from pcbl_pipeline.disclosure.scan.sentences import sentences_of
from pcbl_pipeline.model.narrative import RELEASABLE, Choice, Hit, HitKind
from pcbl_pipeline.model.release_queue import SentenceDecision, sentence_key

#: A rewritten sentence may itself be held and rewritten; it ends somewhere.
_MOST_REWRITES = 5
_STRICTEST = 10


@dataclass(frozen=True)
class HeldSentence:
    """A sentence that waits for its site."""

    field: str
    text: str
    kinds: tuple[HitKind, ...]

    @property
    def is_releasable(self) -> bool:
        """Whether its site may release it as it stands."""
        return {*RELEASABLE, HitKind.WITHHELD}.issuperset(self.kinds)


@dataclass(frozen=True)
class Narratives:
    """The screen of one network with its registry and its sites' decisions.

    Shape: `decisions` by sentence key; `minimum_group_sizes` by state FIPS code, in
    students. A state that is missing gets the largest size, so that nothing is shown
    by an oversight. Without any of the three nothing is explained and nothing released.
    """

    minimum_group_sizes: Mapping[str, int] = field(default_factory=dict)
    registry: frozenset[str] = frozenset()
    decisions: Mapping[str, SentenceDecision] = field(default_factory=dict, repr=False)

    def screen(
        self,
        texts: Mapping[str, str],
        *,
        state_fips: str,
        unnamed: Collection[str] = (),
        sender_id: str = "",
    ) -> tuple[Hit, ...]:
        """Return what still keeps the texts of one row back (a `Screen`)."""
        sizes = self.minimum_group_sizes
        size = sizes.get(state_fips, max(sizes.values(), default=_STRICTEST))
        hits = _screened(
            tuple(texts.items()), size, tuple(sorted(unnamed)), self.registry
        )
        return tuple(sorted(self._undecided(texts, hits, sender_id)))

    def held(
        self,
        texts: Mapping[str, str],
        *,
        state_fips: str,
        unnamed: Collection[str] = (),
        sender_id: str = "",
    ) -> list[HeldSentence]:
        """Return the sentences of one row that wait for their site, in order."""
        hits = self.screen(
            texts, state_fips=state_fips, unnamed=unnamed, sender_id=sender_id
        )
        return [
            HeldSentence(name, text[start:end], kinds)
            for name, text in texts.items()
            for start, end in sentences_of(text)
            if (kinds := _kinds_within(hits, name, start, end))
        ]

    def shown(
        self,
        text: str,
        *,
        state_fips: str,
        unnamed: Collection[str] = (),
        sender_id: str = "",
    ) -> str | None:
        """Return a text as it may be published, or None while any of it is held."""
        words = self.rewritten(text, sender_id)
        hits = self.screen(
            {"": words}, state_fips=state_fips, unnamed=unnamed, sender_id=sender_id
        )
        return None if hits else words

    def rewritten(self, text: str, sender_id: str) -> str:
        """Return a text with the sentences that its site wrote anew."""
        for _ in range(_MOST_REWRITES):
            changed = self._rewritten_once(text, sender_id)
            if changed == text:
                break
            text = changed
        return text

    def rewrite_rows(self, rows: pl.DataFrame, fields: Collection[str]) -> pl.DataFrame:
        """Put rewritten sentences into some text columns.

        Shape: `rows` needs `sender_id`, or comes back as it is.
        """
        rewriting = {
            item.sender_id
            for item in self.decisions.values()
            if item.choice is Choice.REWRITE
        }
        if not rewriting or "sender_id" not in rows.columns:
            return rows
        columns = [
            pl.Series(
                name,
                [
                    self.rewritten(text, sender)
                    if text and sender in rewriting
                    else text
                    for text, sender in zip(rows[name], rows["sender_id"], strict=True)
                ],
                pl.String,
            )
            for name in fields
        ]
        return rows.with_columns(columns)

    def _rewritten_once(self, text: str, sender_id: str) -> str:
        parts: list[str] = []
        behind = 0
        for start, end in sentences_of(text):
            decision = self._decision(sender_id, text[start:end])
            if decision is not None and decision.choice is Choice.REWRITE:
                parts += (text[behind:start], decision.rewrite)
                behind = end
        return "".join((*parts, text[behind:]))

    def _decision(self, sender_id: str, sentence: str) -> SentenceDecision | None:
        if not self.decisions:
            return None
        return self.decisions.get(sentence_key(sender_id, sentence))

    def _undecided(
        self, texts: Mapping[str, str], hits: tuple[Hit, ...], sender_id: str
    ) -> Iterator[Hit]:
        """Yield hits that no decision lifts, and sentences withheld by decision."""
        released: list[tuple[str, int, int]] = []
        for name, text in texts.items() if self.decisions else ():
            for start, end in sentences_of(text):
                decision = self._decision(sender_id, text[start:end])
                if decision is None:
                    continue
                if decision.choice is Choice.RELEASE:
                    released.append((name, start, end))
                elif decision.choice is Choice.WITHHOLD:
                    yield Hit(name, start, end, HitKind.WITHHELD)
        for hit in hits:
            if hit.kind not in RELEASABLE or not _lies_in(hit, released):
                yield hit


def _lies_in(hit: Hit, places: Collection[tuple[str, int, int]]) -> bool:
    return any(
        hit.field == name and start <= hit.start and hit.end <= end
        for name, start, end in places
    )


def _kinds_within(
    hits: Collection[Hit], name: str, start: int, end: int
) -> tuple[HitKind, ...]:
    found = {
        hit.kind
        for hit in hits
        if hit.field == name and hit.start < end and start < hit.end
    }
    return tuple(sorted(found))


@lru_cache(maxsize=20_000)
def _screened(
    texts: tuple[tuple[str, str], ...],
    minimum_group_size: int,
    unnamed: tuple[str, ...],
    registry: frozenset[str],
) -> tuple[Hit, ...]:
    # Every edition asks about the same texts.
    return screen_texts(
        dict(texts),
        minimum_group_size=minimum_group_size,
        unnamed=unnamed,
        registry=registry,
    )
