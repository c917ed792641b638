"""Unfitting: what is said about a table that is no dataset, or only a part of one.

Its headers are set beside the columns that are missing, and what they may mean is
suggested; nothing of that is acted upon. What does not belong here: when a table is
taken for a dataset (`candidates`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pcbl_pipeline.contracts.contract import Presence
from pcbl_pipeline.contracts.wording import names_together
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.candidates import Candidate
from pcbl_pipeline.reading.headers import MOST_COMPARED
from pcbl_pipeline.reading.tables import TextTable

NO_DATASET, PART_OF_A_DATASET, TITLED = "F107", "F187", "F128"

#: A table with this share of the columns that a dataset must have may be it.
_PART = 0.25
#: Named in one sentence; the template has the others.
_NAMES, _PAIRS, _MEANINGS = 30, 6, 3
#: Rows whose first cells may be names of columns.
_LOOKED_AT = 200
#: So many names of columns in the first column are no chance.
_FEWEST_NAMES = 4
#: A header is quoted up to here.
_HEADER_LENGTH = 40


@dataclass(frozen=True, eq=False)
class _Comparison:
    """The columns that a dataset must have, beside the headers of a table."""

    candidate: Candidate
    #: Columns that must be there, and are.
    there: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    #: Header → columns that it may have been meant for.
    pairs: Mapping[str, tuple[str, ...]]

    @property
    def score(self) -> tuple[int, int, float]:
        """What is certain counts before what is only alike."""
        candidate = self.candidate
        return len(candidate.telling), len(self.pairs), candidate.weight

    @property
    def is_titled(self) -> bool:
        """Whether the sheet has the dataset's own name, and some of its columns."""
        return self.candidate.is_titled and bool(self.candidate.positions)

    @property
    def is_part(self) -> bool:
        """Whether enough is there to set the two side by side."""
        total = len(self.there) + len(self.missing)
        found = len(self.there) + len(self.pairs)
        own = len(self.candidate.telling)
        return own > 0 and own + len(self.pairs) > 1 and found >= _PART * total


def describe_unfitting(
    table: TextTable, candidates: Iterable[Candidate], sender: str | None
) -> FileFinding:
    """Say which datasets there are, and what the table has of the closest one.

    `candidates` are the datasets that its sender may send.
    """
    compared = [_compare(table, item) for item in candidates]
    closest = max(compared, key=lambda item: item.score, default=None)
    tied = [item for item in compared if closest and item.score == closest.score]
    place = Place(sheet=table.sheet, row=table.header_row)
    titled = [item for item in compared if item.is_titled]
    if titled:
        details, code = _side_by_side(titled[0], sender), TITLED
    elif closest is not None and closest.is_part:
        details = _side_by_side(closest, sender)
        code = PART_OF_A_DATASET
    else:
        code = NO_DATASET
        titles = sorted(
            f"{item.candidate.contract.title} (`{item.candidate.contract.dataset}`)"
            for item in compared
        )
        details = {
            "datasets": ", ".join(titles) or "none is set up",
            "hint": _turned_hint(table, compared) or _hint(tied[:_MEANINGS], sender),
        }
    return FileFinding(
        code=code, place=place, details={"where": table.where, **details}
    )


def _turned_hint(table: TextTable, compared: Iterable[_Comparison]) -> str:
    """Say so if the names of columns stand below each other in the first column."""
    if not table.columns:
        return ""
    first = table.rows.head(_LOOKED_AT).select(table.columns[0]).drop_nulls()
    names = [table.headers[0], *first.collect().to_series()]
    for item in compared:
        found = {item.candidate.index.find_field(name) for name in names} - {None}
        if len(found) >= max(_FEWEST_NAMES, _PART * len(names)):
            return (
                "The column names stand below each other in the first column. Copy the "
                "table, paste it with Transpose, and send that."
            )
    return ""


def _compare(table: TextTable, candidate: Candidate) -> _Comparison:
    contract, positions = candidate.contract, candidate.positions
    required = [
        field.name for field in contract.fields if field.presence is Presence.REQUIRED
    ]
    open_fields = [
        field.name
        for field in contract.fields
        # What is no key yet must be made one, and not only be called so.
        if field.name not in positions and not field.is_keyed
    ]
    known = {item for found in positions.values() for item in found}
    unknown = tuple(
        header
        for position, header in enumerate(table.headers)
        if position not in known and header
    )
    alike = {
        header: _required_first(
            candidate.index.find_all_resembling(header, open_fields), required
        )
        for header in unknown[:MOST_COMPARED]
    }
    return _Comparison(
        candidate,
        there=tuple(name for name in required if name in positions),
        missing=tuple(name for name in required if name not in positions),
        unknown=unknown,
        pairs={header: fields for header, fields in alike.items() if fields},
    )


def _required_first(fields: Iterable[str], required: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(fields, key=lambda name: name not in required))


def _side_by_side(item: _Comparison, sender: str | None) -> dict[str, str]:
    return {
        "dataset": item.candidate.contract.title,
        "name": item.candidate.contract.dataset,
        "shared": str(len(item.there)),
        "total": str(len(item.there) + len(item.missing)),
        "absent": _listed(item.missing),
        "unknown": _listed(item.unknown),
        "hint": _hint([item], sender),
    }


def _hint(tied: Sequence[_Comparison], sender: str | None) -> str:
    """Suggest what some headers may mean, and how to say so once.

    Of several datasets that are as close, each is named.
    """
    pairs: dict[str, list[tuple[str, str]]] = {}
    for item in tied:
        for header, fields in item.pairs.items():
            dataset = item.candidate.contract.dataset
            pairs.setdefault(header, []).extend(
                (dataset, field) for field in fields[: _MEANINGS // len(tied)]
            )
    if not pairs:
        return ""
    is_sure = len(tied) == 1
    told = "; ".join(
        f"`{_short(header)}` may be {_meanings(found, is_sure=is_sure)}"
        for header, found in list(pairs.items())[:_PAIRS]
    )
    header, found = next(iter(pairs.items()))
    dataset, field = found[0] if is_sure else ("NAME", "COLUMN")
    command = (
        f"pcbl mapping confirm --site {sender or 'ID'} -d {dataset} "
        f'"{_short(header)}={field}"'
    )
    return (
        f"Some headers look like ours: {told}. If one is right, rename it, or say so "
        f"once: `{command}`."
    )


def _meanings(found: Sequence[tuple[str, str]], *, is_sure: bool) -> str:
    if is_sure:
        return " or ".join(f"`{field}`" for _, field in found)
    return " or ".join(f"`{field}` of `{dataset}`" for dataset, field in found)


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "none"
    quoted = tuple(f"`{_short(name)}`" for name in names[:_NAMES])
    if len(names) > _NAMES:
        return f"{', '.join(quoted)} and {len(names) - _NAMES} more"
    return names_together(quoted)


def _short(header: str) -> str:
    cut = len(header) > _HEADER_LENGTH
    return f"{header[:_HEADER_LENGTH]}…" if cut else header
