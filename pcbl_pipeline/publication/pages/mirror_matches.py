"""Lessons by others in the mirror report, each with the reason why it is shown.

What does not belong here: which lessons are shown (`summaries`), and markup.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels

Row = Mapping[str, Any]
#: Shared words that are told as a reason; the data files have all.
SHOWN_WORDS = 5


@dataclass(frozen=True)
class LessonRow:
    """A lesson by others, with the reason why it is shown."""

    title: str
    public_id: str
    by: str
    kind: str
    reason: str


@dataclass(frozen=True)
class AlikeRow:
    """A lesson of the site's own beside one that may say the same."""

    title: str
    public_id: str
    other_title: str
    other_id: str
    by: str
    share: str
    decision: str


class MatchWords:
    """Puts matched lessons into the words of a language."""

    def __init__(self, labels: Labels, messages: Messages) -> None:
        self._labels = labels
        self._t = messages

    def lessons(self, rows: Iterable[Row]) -> list[tuple[str, list[LessonRow]]]:
        """Return lessons under the kind of reason for which they are shown."""
        found: dict[str, list[LessonRow]] = {}
        for row in rows:
            found.setdefault(row["basis"], []).append(self._lesson(row))
        return [
            (self._t.plain(f"mirror.basis.{basis}"), listed)
            for basis, listed in found.items()
        ]

    def alike(self, row: Row) -> AlikeRow:
        """Return a lesson of the site's own beside one that may say the same."""
        return AlikeRow(
            title=row["title"],
            public_id=row["public_id"],
            other_title=row["other_title"],
            other_id=row["other_id"],
            by=row["other_label"],
            decision=self._t.plain(
                f"mirror.alike_{'same' if row['decision'] == 'same' else 'open'}"
            ),
            share=self._t.plain(
                "mirror.network_band", band=round(100 * row["likeness"])
            ),
        )

    def _lesson(self, row: Row) -> LessonRow:
        return LessonRow(
            title=row["title"],
            public_id=row["public_id"],
            by=row["site_label"],
            kind=self._labels.label("lesson_type", row["lesson_type"]),
            reason=" ".join(self._reasons(row)),
        )

    def _reasons(self, row: Row) -> Iterator[str]:
        element = self._labels.label("element_code", row["element_code"])
        basis = row["basis"]
        if basis == "priority_element":
            yield self._t.plain(
                "mirror.because_priority", element=element, stage=str(row["own_stage"])
            )
        elif row["matched_by"] == "text":
            words = _few(row["shared_words"])
            key = f"mirror.because_text_{basis}"
            yield self._t.plain(key, id=row["reference"], words=words)
        elif row["matched_by"] == "meaning":
            yield self._t.plain(f"mirror.because_meaning_{basis}", id=row["reference"])
        elif row["matched_by"] == "policy_area":
            area = self._labels.label("policy_area", row["policy_area"])
            yield self._t.plain("mirror.because_area", area=area, id=row["reference"])
        else:
            key = f"mirror.because_{basis}"
            yield self._t.plain(key, element=element, id=row["reference"])
        if row["matched_by"] != "text" and row["shared_words"]:
            yield self._t.plain("mirror.and_words", words=_few(row["shared_words"]))
        if row["stage_at_time"] is not None:
            yield self._t.plain(f"mirror.author_{_author(row)}", **_stages(row))


def _few(words: Sequence[str]) -> str:
    return ", ".join(words[:SHOWN_WORDS])


def _author(row: Row) -> str:
    has_moved = (row["stage_now"] or 0) > row["stage_at_time"]
    return "moved" if has_moved else "then"


def _stages(row: Row) -> dict[str, str]:
    return {
        "site": row["site_label"],
        "before": str(row["stage_at_time"]),
        "after": str(row["stage_now"]),
    }
