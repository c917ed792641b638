"""Side by side: a table whose headers are codes that belong into a column of their own.

People like to see elements, terms or groups next to one another; a dataset has a row for
each. What does not belong here: exports of other products, which a mapping turns.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractField, Presence
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.alike import plain_words_in
from pcbl_pipeline.reading.candidates import Candidate
from pcbl_pipeline.reading.headers import header_key
from pcbl_pipeline.reading.tables import TextTable

SIDE_BY_SIDE = "F127"
#: One such header may be chance; of the unknown ones, this share must be codes.
_FEWEST, _MOST_OF_THEM = 2, 0.5
_NAMED = 4
#: A header of more words is a sentence.
_LONGEST = 8


@dataclass(frozen=True)
class SideBySide:
    """The column that became several, and the one whose values stand below them."""

    field: ContractField
    #: The required column for the values, where it is certain which one that is.
    value: ContractField | None
    #: Position of a header → the code that it means.
    codes: Mapping[int, str]

    def is_about(self, field: str) -> bool:
        """Tell whether a missing column is one of the two."""
        return field in {self.field.name, self.value.name if self.value else None}


def find_side_by_side(
    table: TextTable, candidate: Candidate, catalogue: Catalogue
) -> SideBySide | None:
    """Find the one coded column that is missing and whose codes most other headers are."""
    known = {item for found in candidate.positions.values() for item in found}
    unknown = {
        position: header
        for position, header in enumerate(table.headers)
        if header and position not in known
    }
    found = [
        SideBySide(field, _value(field, candidate, rests), codes)
        for field, codes, rests in _coded(unknown, candidate, catalogue)
        if len(set(codes.values())) >= max(_FEWEST, _MOST_OF_THEM * len(unknown))
    ]
    return max(found, key=lambda item: len(item.codes), default=None)


def is_whole_but_for(candidate: Candidate, found: SideBySide) -> bool:
    """Tell whether a table has all of a dataset's key but the column that became many."""
    missing = {
        name for name in candidate.contract.key if name not in candidate.positions
    }
    return missing == {found.field.name} and found.value is not None


def describe_side_by_side(
    table: TextTable, candidate: Candidate, found: SideBySide
) -> FileFinding:
    """Say which headers are codes, and what one row for each of them looks like."""
    named = [table.headers[position] for position in found.codes]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    value = f"`{found.value.name}`" if found.value else "the values"
    return FileFinding(
        code=SIDE_BY_SIDE,
        place=Place(sheet=table.sheet, row=table.header_row),
        field=found.field.name,
        details={
            "where": table.where,
            "dataset": candidate.contract.title,
            "name": candidate.contract.dataset,
            "field": found.field.name,
            "title": found.field.title,
            "columns": ", ".join(f"`{header}`" for header in named[:_NAMED]) + more,
            "values": value,
            "code": next(iter(found.codes.values())),
        },
    )


def _coded(
    unknown: Mapping[int, str], candidate: Candidate, catalogue: Catalogue
) -> Iterator[tuple[ContractField, dict[int, str], set[str]]]:
    """Yield the missing coded columns with the headers that are among their codes."""
    for field in candidate.contract.fields:
        codes = catalogue.codes_of(field)
        wanted = field.presence is Presence.REQUIRED
        if codes is None or not wanted or field.name in candidate.positions:
            continue
        # Found out without a look at thousands of headers.
        if len(codes.codes) < _MOST_OF_THEM * len(unknown):
            continue
        texts = {header_key(t): i.code for i in codes.codes for t in (i.code, i.label)}
        meant = {at: _code_in(header, texts) for at, header in unknown.items()}
        found = {at: both for at, both in meant.items() if both is not None}
        yield (
            field,
            {at: code for at, (code, _) in found.items()},
            {rest for _, rest in found.values()},
        )


def _code_in(header: str, texts: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the code that a header means, and what it says besides."""
    key = header_key(header)
    if key in texts:
        return texts[key], ""
    words = re.findall(r"[^\W_]+", header)
    if len(words) > _LONGEST:
        return None
    # The longest text goes first: `End of year` before `End`.
    for length in range(len(words) - 1, 0, -1):
        for code_words, rest in (
            (words[:length], words[length:]),
            (words[-length:], words[:-length]),
        ):
            code = texts.get(header_key("".join(code_words)))
            if code is not None and len("".join(code_words)) > 1:
                return code, " ".join(rest)
    return None


def _value(
    field: ContractField, candidate: Candidate, rests: set[str]
) -> ContractField | None:
    """Return the column to which the cells below the codes belong."""
    missing = [
        item
        for item in candidate.contract.fields
        if item.presence is Presence.REQUIRED
        and item.name not in candidate.positions
        and item.name != field.name
    ]
    named = [item for item in missing if _is_named_by(item, rests)]
    certain = named or missing
    return certain[0] if len(certain) == 1 else None


def _is_named_by(field: ContractField, rests: set[str]) -> bool:
    words = [plain_words_in(rest) for rest in rests if rest]
    texts = [
        plain_words_in(text) for text in (field.name, field.title, *field.synonyms)
    ]
    return bool(words) and all(any(item <= text for text in texts) for item in words)
