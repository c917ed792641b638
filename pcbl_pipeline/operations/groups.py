"""Groups: from single findings to what a sender reads, each group with its words.

A group is one rule in one column, or one root cause. What does not belong here: who
finds causes, in which order groups stand, and every single place (`listing`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import RuleText
from pcbl_pipeline.model.finding import (
    FileFinding,
    FindingGroup,
    Followed,
    Place,
    Severity,
)
from pcbl_pipeline.operations.causes.find import CAUSE, Cause, Explained
from pcbl_pipeline.operations.examine import (
    SHEET_OFFSET,
    JudgedDataset,
    headers_of,
)
from pcbl_pipeline.operations.listing import (
    first_places,
    join_listings,
    list_group,
    places_of,
)
from pcbl_pipeline.operations.ranking import GROUP, Gain, rank_groups
from pcbl_pipeline.operations.suggest import MAX_VALUES, shown_ideas, suggest_for
from pcbl_pipeline.reading.recognise import Recognition

#: Places listed in the receipt itself, per group; the rest of a longer list stands,
#: complete, in the findings file beside it.
PLACES_IN_RECEIPT = 1_000
FINDINGS_FILE = "findings.csv"
_TOGETHER = ["code", "field", "expected"]


@dataclass(frozen=True)
class Grouped:
    """The findings about one dataset's rows.

    Shape: `listing` has every finding (`LISTING_SCHEMA`), those that follow from
    another behind it.
    """

    findings: tuple[FindingGroup, ...]
    listing: pl.LazyFrame


@dataclass(frozen=True)
class _Built:
    """A group and where its findings are."""

    group: FindingGroup
    listing: pl.LazyFrame


class _Blank(dict[str, str]):
    """Placeholders that a finding does not fill are left out of the sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def group_of(
    finding: FileFinding, catalogue: Catalogue, dataset: str | None
) -> FindingGroup:
    """Put a file finding into its rule's words."""
    rule = catalogue.rules[finding.code]
    title = catalogue.get(dataset).title if dataset else ""
    words = {"dataset": title, "column": finding.place.column or ""}
    return _worded(
        rule,
        words | finding.details,
        dataset=dataset,
        field=finding.field,
        count=1,
        places=(finding.place,),
    )


def group_columns(
    item: Recognition, catalogue: Catalogue
) -> tuple[list[FindingGroup], list[tuple[FindingGroup, str]]]:
    """Word the findings about a table's columns; split off those that follow.

    A header that looks like a missing column is the same mistake as the missing
    column: its hint names the missing field. What follows comes with its cause's code.
    """
    dataset = item.contract.dataset if item.contract else None
    groups = [group_of(finding, catalogue, dataset) for finding in item.findings]
    followed: dict[int, list[FindingGroup]] = {}
    following: dict[int, tuple[FindingGroup, str]] = {}
    for number, cause in enumerate(groups):
        codes = catalogue.explained_by.get(cause.code, frozenset())
        for other, (group, finding) in enumerate(
            zip(groups, item.findings, strict=True)
        ):
            named = f"`{cause.field}`" in finding.details.get("hint", "")
            if group.code in codes and named and other not in following:
                following[other] = (group, cause.code)
                followed.setdefault(number, []).append(group)
    standing = [
        _explaining(group, followed.get(number, []))
        for number, group in enumerate(groups)
        if number not in following
    ]
    return standing, list(following.values())


def group_rows(
    explained: Explained, judged: JudgedDataset, catalogue: Catalogue
) -> Grouped:
    """Group the findings about rows; errors are ranked by the rows they would free."""
    builder = _Builder(judged, catalogue)
    numbered = _numbered(explained)
    wrong = pl.col("severity") == Severity.ERROR
    gains = rank_groups(numbered.filter(wrong).select("row_number", GROUP))
    parts = numbered.partition_by(
        GROUP, maintain_order=True, as_dict=True, include_key=False
    )
    # Of a million findings, a copy less counts.
    del numbered
    standing: dict[int, _Built] = {}
    following: list[_Built] = []
    for (number,), found in parts.items():
        gain = gains.get(number, Gain())
        if number < len(explained.causes):
            cause = explained.causes[number]
            follows = list(builder.build_following(cause, found))
            standing[number] = builder.build_cause(cause, found, gain, follows)
            following += follows
        else:
            standing[number] = builder.build(found, gain)
    ranked = [standing.pop(number) for number in gains]
    rest = sorted(
        standing.values(),
        key=lambda b: (
            _order(b.group),
            -b.group.count,
            b.group.code,
            b.group.field or "",
        ),
    )
    return Grouped(
        findings=tuple(item.group for item in (*ranked, *rest)),
        listing=join_listings(item.listing for item in (*ranked, *rest, *following)),
    )


def in_order(
    ranked: Iterable[FindingGroup], others: Iterable[FindingGroup]
) -> tuple[FindingGroup, ...]:
    """Put groups about rows, already ranked, behind errors about the table itself."""
    # What explains others goes first: once it is corrected, they are gone.
    about_table = sorted(others, key=lambda g: (not g.explained, g.code, g.field or ""))
    return tuple(sorted([*about_table, *ranked], key=_order))


def _order(group: FindingGroup) -> int:
    """Order by what it does: what stops rows first."""
    return list(Severity).index(group.severity)


def _numbered(explained: Explained) -> pl.DataFrame:
    """Number the groups: causes by their place in the list, the others after them."""
    found = explained.occurrences
    own = found.filter(pl.col(CAUSE).is_null()).select(_TOGETHER).unique()
    first = len(explained.causes)
    own = own.sort(_TOGETHER).with_row_index("own", offset=first)
    return found.join(own, on=_TOGETHER, how="left", maintain_order="left").select(
        pl.all().exclude("own", CAUSE),
        pl.coalesce(pl.col(CAUSE).cast(pl.Int64), pl.col("own").cast(pl.Int64)).alias(
            GROUP
        ),
    )


class _Builder:
    """Puts the findings of one dataset into words and places."""

    def __init__(self, judged: JudgedDataset, catalogue: Catalogue) -> None:
        self._tables = judged.tables
        self._digests = judged.digests
        self._catalogue = catalogue
        self._headers = headers_of(judged.tables)

    def build(
        self, found: pl.DataFrame, gain: Gain, caused_by: str | None = None
    ) -> _Built:
        """Build the group of one rule in one column."""
        first = found.row(0, named=True)
        rule = self._catalogue.rule(first["code"], self._tables.contract)
        field = self._tables.contract.field(first["field"])
        ideas = suggest_for(field, self._catalogue, _first_values(found))
        places = places_of(found, field.name, self._tables, ideas)
        words = self._words(field.name, first["expected"])
        words["column"] = self._column_words(found, field.name)
        group = _worded(
            rule,
            words,
            dataset=self._tables.contract.dataset,
            field=field.name,
            count=len(found),
            places=() if caused_by else first_places(places, PLACES_IN_RECEIPT),
        )
        update = {
            "severity": Severity(first["severity"]),
            "expected": _filled(first["expected"], words),
            "example": rule.example or field.example,
            "suggestions": shown_ideas(ideas),
            "digest": self._digests.get((first["code"], first["field"])),
            **_gained(found, gain),
        }
        group = _cut(group.model_copy(update=update))
        return _Built(group, list_group(group, places, caused_by))

    def build_cause(
        self, cause: Cause, found: pl.DataFrame, gain: Gain, follows: Iterable[_Built]
    ) -> _Built:
        """Build the group of a root cause; `found` is what follows from it."""
        rule = self._catalogue.rules[cause.code]
        fields = cause.places["field"].unique(maintain_order=True).to_list()
        first = found.row(0, named=True)
        at = cause.places.with_columns(pl.lit(cause.code).alias("code"))
        places = pl.concat(
            places_of(at.filter(pl.col("field") == name), name, self._tables)
            for name in fields
        )
        errors = found.filter(pl.col("severity") == Severity.ERROR)
        group = _worded(
            rule,
            self._words(fields[0], first["expected"]) | cause.details,
            dataset=self._tables.contract.dataset,
            field=fields[0],
            count=len(cause.places),
            places=first_places(places, PLACES_IN_RECEIPT),
        )
        update = {
            "severity": rule.severity if len(errors) else Severity.WARNING,
            **_gained(found, gain),
        }
        group = _cut(group.model_copy(update=update))
        group = _explaining(group, [item.group for item in follows])
        return _Built(group, list_group(group, places))

    def build_following(self, cause: Cause, found: pl.DataFrame) -> Iterator[_Built]:
        """Build the groups that follow from a cause: counted, without places."""
        for _, part in found.group_by(_TOGETHER, maintain_order=True):
            yield self.build(part, Gain(), caused_by=cause.code)

    def _column_words(self, found: pl.DataFrame, name: str) -> str:
        """Name the columns in which a field's findings stand, as they were sent."""
        numbers = (found["row_number"] // SHEET_OFFSET).unique(maintain_order=True)
        headers = [self._tables.recognitions[n].headers.get(name) for n in numbers]
        named = list(dict.fromkeys(header for header in headers if header))
        return "` or `".join(named) or self._headers.get(name, name)

    def _words(self, name: str, expected: str) -> dict[str, str]:
        field = self._tables.contract.field(name)
        return {
            "column": self._headers.get(name, name),
            "title": field.title,
            "field": name,
            "dataset": self._tables.contract.title,
            "expected": expected,
            "key": " and ".join(f"`{part}`" for part in self._tables.contract.key),
        }


def _first_values(found: pl.DataFrame) -> pl.Series:
    """Return as many different values as are looked at; null and blank say nothing."""
    return found["value"].unique(maintain_order=True).head(MAX_VALUES + 2)


def _worded(
    rule: RuleText,
    words: Mapping[str, str],
    *,
    dataset: str | None,
    field: str | None,
    count: int,
    places: tuple[Place, ...],
) -> FindingGroup:
    return FindingGroup(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        dataset=dataset,
        field=field,
        message=_filled(rule.message, words),
        expected=_filled(rule.expected, words),
        fix=_filled(rule.fix, words),
        example=rule.example,
        count=count,
        places=places,
    )


def _explaining(group: FindingGroup, follows: Iterable[FindingGroup]) -> FindingGroup:
    explained = tuple(
        Followed(**item.model_dump(include=set(Followed.model_fields)))
        for item in follows
    )
    return group.model_copy(update={"explained": explained})


def _gained(found: pl.DataFrame, gain: Gain) -> dict[str, int]:
    return {
        "rows_touched": found["row_number"].n_unique(),
        "rows_freed": gain.freed,
        "rows_freed_so_far": gain.freed_so_far,
    }


def _cut(group: FindingGroup) -> FindingGroup:
    """Say where the complete list is, if the places here are not all."""
    if group.count == len(group.places):
        return group
    return group.model_copy(update={"places_listed_in": FINDINGS_FILE})


def _filled(template: str, words: Mapping[str, str]) -> str:
    return template.format_map(_Blank(words)).strip()
