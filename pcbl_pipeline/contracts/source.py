"""The source mapping: how an export of another product becomes rows of a dataset.

Frozen values only, as a file in `expectations/sources/` or in a site's own mapping
states them. What does not belong here: applying a mapping to a table.
"""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pcbl_pipeline.contracts.derived import Name

Crosswalk = dict[str, str | None]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


#: One header or several, of which the first that is not blank counts.
Headers = Annotated[tuple[str, ...], BeforeValidator(_several)]
#: A pattern, and what stands in its place: `${1}` is its first group.
Replacement = tuple[str, str]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class ValueSource(_Part):
    """Where one value comes from, and what is done to it, in the order given here.

    A `{group}` in a header stands for a group of the `unpivot` pattern.
    """

    #: From a column.
    column: Headers = ()
    #: The same for every row.
    constant: str | None = None
    #: From who sent the file.
    sender: Literal["site_id", "ncessch"] | None = None
    #: From the header of the column that is turned into rows.
    group: str | None = None
    #: Parts put together; one blank part makes the whole blank.
    combine: tuple["str | ValueSource", ...] = ()
    #: Values with `;` between them; blank ones are left out.
    several: tuple["ValueSource", ...] = ()

    #: Patterns and what is put in their place.
    replace: tuple[Replacement, ...] = ()
    #: Separator, and which part is wanted: 1 the first, -1 the last.
    split: tuple[str, int] | None = None
    parse: (
        Literal[
            "date",
            "school_year",
            "school_year_end",
            "school_year_of_date",
            "grade",
            "number",
            "slug",
        ]
        | None
    ) = None
    #: How dates are written, besides YYYY-MM-DD.
    formats: tuple[str, ...] = ()
    #: From this number on → value, lowest first.
    bands: tuple[tuple[float, str], ...] = ()
    #: Value → code, or the name of a crosswalk; null makes the value blank.
    crosswalk: Name | Crosswalk | None = None
    #: What stands for blank.
    default: str | None = None
    #: Keyed hash; the purpose keeps a learner's id apart from a teacher's.
    hash: Literal["student", "teacher"] | None = None
    #: Kept only where other fields have one of these values.
    when: dict[Name, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _from_one_place(self) -> Self:
        places = (self.column, self.sender, self.group, self.combine, self.several)
        given = sum(bool(place) for place in places) + (self.constant is not None)
        if given != 1:
            raise ValueError(
                "a value comes from exactly one of column, constant, sender, group, "
                "combine and several"
            )
        if self.split and (not self.split[0] or self.split[1] == 0):
            raise ValueError("split needs a separator and a part that is not 0")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that the value is made from, foremost first."""
        inner = [item for item in self.combine if isinstance(item, ValueSource)]
        nested = [name for item in (*inner, *self.several) for name in item.headers]
        return (*self.column, *nested)

    @property
    def is_day(self) -> bool:
        """Whether it is read as a day, or is the first of several that are."""
        inner = [item for item in self.combine if isinstance(item, ValueSource)]
        return self.parse == "date" or any(item.is_day for item in inner)

    @property
    def is_hashed(self) -> bool:
        """Whether no part of it is used as it stands."""
        inner = [item for item in self.combine if isinstance(item, ValueSource)]
        parts = (*inner, *self.several)
        return self.hash is not None or (
            bool(parts) and all(part.is_hashed for part in parts)
        )


class Signs(_Part):
    """The columns by which an export is known, up to case and punctuation."""

    #: All of these.
    all: Headers
    #: At least one of these.
    any: Headers = ()
    #: None of these.
    none: Headers = ()


class Unpivot(_Part):
    """Columns that become rows: every header that fits the pattern makes records."""

    #: A pattern of whole headers, with named groups.
    headers: str
    #: Headers that fit it and are something else.
    leave_out: Headers = ()

    @model_validator(mode="after")
    def _has_groups(self) -> Self:
        try:
            pattern = re.compile(self.headers)
        except re.error as error:
            raise ValueError(f"`{self.headers}` is not a pattern: {error}") from error
        if not pattern.groupindex:
            raise ValueError("the pattern of unpivot needs a named group")
        return self


class NewestPerKey(_Part):
    """Several results of one key become one record: the newest."""

    newest_by: ValueSource
    #: Field that gets the number of results.
    count_as: Name | None = None
    #: Field that gets the first day.
    first_as: Name | None = None


class SourceMapping(_Part):
    """One export of one product, and the dataset that it becomes."""

    source: Name
    version: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]
    #: As in "Read as …".
    title: str
    dataset: Name = "competency_record"
    #: For people: where the export is found, and what was decided.
    description: str = ""
    #: Where the layout is known from.
    origin: str = ""
    signs: Signs
    unpivot: Unpivot | None = None
    crosswalks: dict[Name, Crosswalk] = {}
    fields: dict[Name, ValueSource]
    #: A result in which one of these is blank was not measured and makes no record.
    not_measured_if_blank: tuple[Name, ...] = ()
    newest_per_key: NewestPerKey | None = None
    #: Columns that are left out on purpose; `*` stands for any letters.
    drop: Headers = ()
    #: Sentences for the receipt: what the mapping assumes.
    assumes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name the mapping with its version."""
        return f"{self.source} v{self.version}"

    @model_validator(mode="after")
    def _closed(self) -> Self:
        named = {
            item.crosswalk for item in self._values() if isinstance(item.crosswalk, str)
        }
        if unknown := named - set(self.crosswalks):
            raise ValueError(f"no such crosswalk: {', '.join(sorted(unknown))}")
        waits = {name for item in self._values() for name in item.when}
        waits |= set(self.not_measured_if_blank)
        if unknown := waits - set(self.fields):
            raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
        groups = {item.group for item in self._values() if item.group}
        if unknown := groups - self.groups:
            raise ValueError(f"no such group of unpivot: {', '.join(sorted(unknown))}")
        return self

    @property
    def groups(self) -> set[str]:
        """The named groups of the unpivot pattern."""
        if self.unpivot is None:
            return set()
        return set(re.compile(self.unpivot.headers).groupindex)

    @property
    def values(self) -> tuple[ValueSource, ...]:
        """Every value that the mapping makes, the order of results included."""
        last = (self.newest_per_key.newest_by,) if self.newest_per_key else ()
        return (*self.fields.values(), *last)

    def _values(self) -> list[ValueSource]:
        waiting, found = list(self.values), []
        while waiting:
            item = waiting.pop()
            found.append(item)
            waiting += item.several
            waiting += [part for part in item.combine if isinstance(part, ValueSource)]
        return found
