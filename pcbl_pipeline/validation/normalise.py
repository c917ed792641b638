"""Read values as people write them, before they are judged, where the meaning is certain.

A value whose form is right is never touched, and a reading counts only if its result is
right. What was read is counted per column and said in the receipt; what the sender wrote
stays beside it. What does not belong here: how a kind of value may be written
(`written_numbers`, `written_dates`, `written_codes`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract, ContractField, FieldType
from pcbl_pipeline.validation.checks import form_checks
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.impossible_days import is_no_day
from pcbl_pipeline.validation.prepare import (
    NOT_APPLICABLE,
    how_name,
    sent_name,
    well_formed,
)
from pcbl_pipeline.validation.written import (
    Attempt,
    How,
    WholeColumn,
    blank_attempts,
    is_free_text,
    is_open_text,
    is_spreadsheet_error,
    without_stray_signs,
)
from pcbl_pipeline.validation.written_codes import (
    OTHER_LIST_MARKS,
    code_attempts,
    code_list_attempts,
    id_attempts,
    id_list_attempts,
)
from pcbl_pipeline.validation.written_dates import date_attempts, school_year_attempts
from pcbl_pipeline.validation.written_numbers import (
    ONE_POINT,
    is_share,
    is_unclear,
    number_attempts,
)

_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}


@dataclass(frozen=True)
class Reading:
    """How many cells of a column were read otherwise than they stand, and how."""

    field: str
    how: How
    count: int


def normalise(
    rows: pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> pl.LazyFrame:
    """Read the cells that are not as the contract asks; stay lazy.

    One pass finds the columns that have such cells; others are left alone and cost
    nothing more.

    Shape: as `rows`. A column `f` that was looked into has `f__sent`, as it was
    written, and `f__how`, the number of a `How`; from `How.ERROR` on `f` is as sent.
    """
    return plan_reading(rows, contract, catalogue, circumstances).read(rows)


def plan_reading(
    rows: pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> "ReadingPlan":
    """Find out from all rows how each block of them must be read."""
    present = set(rows.collect_schema().names())
    fields = [field for field in contract.fields if field.name in present]
    if not fields:
        return ReadingPlan(())
    readers = [_Reader(field, catalogue, circumstances) for field in fields]
    unusual = rows.select(
        (~reader.seems_usual).any().alias(reader.field.name) for reader in readers
    ).collect(engine="streaming")
    chosen = [reader for reader in readers if unusual[reader.field.name].item()]
    answers = iter(_ask(rows, [item for reader in chosen for item in reader.asked]))
    return ReadingPlan(
        tuple(
            _Reader(
                reader.field,
                catalogue,
                circumstances,
                answers=[next(answers) for _ in reader.asked],
            )
            for reader in chosen
        )
    )


def _ask(rows: pl.LazyFrame, questions: Sequence[pl.Expr]) -> Sequence[bool]:
    if not questions:
        return ()
    named = [item.alias(str(number)) for number, item in enumerate(questions)]
    return rows.select(named).collect(engine="streaming").row(0)


class ReadingPlan:
    """How the columns of a dataset are read: the same for every block of its rows."""

    def __init__(self, readers: "Sequence[_Reader]") -> None:
        """Take who reads those columns in which some cell is not as asked."""
        self._readers = readers

    def read(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Read some of the rows (shape: as `normalise` returns them)."""
        chosen = self._readers
        if not chosen:
            return rows
        tried = rows.with_columns(item for reader in chosen for item in reader.attempts)
        read = tried.with_columns(item for reader in chosen for item in reader.outcome)
        return read.drop([name for reader in chosen for name in reader.temporary])


def count_readings(prepared: pl.DataFrame, contract: Contract) -> tuple[Reading, ...]:
    """Count what was read, in the contract's order; unreadable cells are findings."""
    readings = []
    for name in contract.field_names:
        if sent_name(name) not in prepared.columns:
            continue
        counts = prepared[how_name(name)].value_counts().sort(how_name(name))
        readings += [
            Reading(name, How(how), count)
            for how, count in counts.iter_rows()
            if How.AS_SENT < how < How.ERROR
        ]
    return tuple(readings)


def add_readings(
    readings: Iterable[Reading], contract: Contract
) -> tuple[Reading, ...]:
    """Add up what was counted block by block, in the contract's order."""
    counts: Counter[tuple[str, How]] = Counter()
    for item in readings:
        counts[item.field, item.how] += item.count
    place = contract.field_names.index
    order = sorted(counts, key=lambda found: (place(found[0]), found[1]))
    return tuple(Reading(name, how, counts[name, how]) for name, how in order)


def _without_stray_signs(field: ContractField, text: pl.Expr) -> pl.Expr:
    """Leave out signs that nobody means; free text stays as it is."""
    if is_free_text(field):
        return text
    # Numbers and ids have a way of their own to read an apostrophe.
    has_own = field.type in _NUMBERS or field.type is FieldType.TEXT
    return without_stray_signs(text, apostrophe=not has_own)


class _Reader:
    """Reads one column."""

    def __init__(
        self,
        field: ContractField,
        catalogue: Catalogue,
        circumstances: Circumstances,
        *,
        answers: Sequence[bool] | None = None,
    ) -> None:
        self.field = field
        self._text = pl.col(field.name)
        self._plain = _without_stray_signs(field, self._text)
        self._checks = form_checks(field, catalogue)
        self._catalogue = catalogue
        sender = circumstances.sender
        self._leaid = sender.leaid if sender else None
        self._whole = WholeColumn(answers)
        self._is_unclear = self._find_unclear()
        self._is_share = is_share(field, self._plain).fill_null(value=False)
        self._is_no_day = is_no_day(field, self._plain).fill_null(value=False)
        self._tried: Sequence[Attempt] = self._all_attempts()

    @property
    def asked(self) -> Sequence[pl.Expr]:
        """What must be known of the whole column before a cell is read."""
        return self._whole.asked

    @property
    def is_usual(self) -> pl.Expr:
        """Where a cell is blank, or right as it stands."""
        return self._is_missing | self._is_right

    @property
    def seems_usual(self) -> pl.Expr:
        """The same without a look at the rest of the column: false once too often."""
        right = self._is_right_alone
        if self.field.type is FieldType.DECIMAL:
            right &= ~self._text.str.contains(ONE_POINT)
        return self._is_missing | right

    @property
    def attempts(self) -> list[pl.Expr]:
        """The ways to read each cell, as columns, so that each can be checked."""
        return [
            attempt.value.alias(name)
            for attempt, name in zip(self._tried, self.temporary, strict=True)
        ]

    @property
    def temporary(self) -> list[str]:
        """The names of those columns."""
        return [f"{self.field.name}__try{i}" for i in range(len(self._tried))]

    @property
    def outcome(self) -> list[pl.Expr]:
        """The cell as read, as sent, and how it was read."""
        name = self.field.name
        unread = self._is_broken | self._is_unclear | self._is_share | self._is_no_day
        value = pl.when(unread | self.is_usual)
        how_value: pl.Expr = self._text
        how: pl.Expr = pl.lit(How.AS_SENT.value)
        for attempt, column in reversed(
            list(zip(self._tried, self.temporary, strict=True))
        ):
            fits = self._fits(column)
            how_value = pl.when(fits).then(pl.col(column)).otherwise(how_value)
            how = pl.when(fits).then(attempt.how.value).otherwise(how)
        kind = (
            pl.when(self._is_broken)
            .then(How.ERROR.value)
            .when(self._is_unclear)
            .then(How.UNCLEAR.value)
            .when(self._is_share)
            .then(How.SHARE.value)
            .when(self._is_no_day)
            .then(How.NO_DAY.value)
            .when(self.is_usual)
            .then(How.AS_SENT.value)
            .otherwise(how)
        )
        return [
            value.then(self._text).otherwise(how_value).alias(name),
            self._text.alias(sent_name(name)),
            kind.cast(pl.UInt8).alias(how_name(name)),
        ]

    @property
    def _is_missing(self) -> pl.Expr:
        blank = (self._text == "") | (self._text == NOT_APPLICABLE)
        return self._text.is_null() | blank.fill_null(value=False)

    @property
    def _is_broken(self) -> pl.Expr:
        return is_spreadsheet_error(self._text).fill_null(value=False)

    @property
    def _is_right(self) -> pl.Expr:
        return self._is_right_alone & ~self._is_unclear

    @property
    def _is_right_alone(self) -> pl.Expr:
        """Where the form is right, and no word for a blank that the form lets through."""
        right = well_formed(self._checks, self.field.name)
        if is_open_text(self.field):
            right &= ~self._is_broken
        if self._is_list_of_ids:
            right &= ~self._text.str.contains(OTHER_LIST_MARKS)
        if is_open_text(self.field) and self.field.code_list is None:
            right &= pl.coalesce(item.value for item in self._blanks()).is_null()
        return right

    @property
    def _is_list_of_ids(self) -> bool:
        return self.field.type is FieldType.CODES and self.field.code_list is None

    def _fits(self, column: str) -> pl.Expr:
        tried = pl.col(column)
        blank = tried.is_in(["", NOT_APPLICABLE])
        fits = tried.is_not_null() & (blank | well_formed(self._checks, column))
        return fits.fill_null(value=False)

    def _find_unclear(self) -> pl.Expr:
        if self.field.type not in _NUMBERS:
            return pl.lit(value=False)
        unclear = is_unclear(self.field, self._plain, self._whole)
        return unclear.fill_null(value=False)

    def _all_attempts(self) -> list[Attempt]:
        plain = pl.when(self._plain != self._text).then(self._plain)
        stray = Attempt(How.STRAY_SIGN, plain)
        if self.field.code_list:
            return [stray, *self._by_type(), *self._blanks()]
        # A form as wide as an id's may let through a word for a blank.
        return [*self._blanks(), stray, *self._by_type()]

    def _blanks(self) -> list[Attempt]:
        codes = self._catalogue.codes_of(self.field)
        has_none = codes is not None and codes.for_none is not None
        return blank_attempts(self.field, self._plain, none_is_code=has_none)

    def _by_type(self) -> list[Attempt]:
        field, text = self.field, self._plain
        codes = self._catalogue.codes_of(field)
        if self._is_list_of_ids:
            return id_list_attempts(text)
        if codes and field.type is FieldType.CODES:
            return code_list_attempts(codes, text)
        # A number may have labels too, as the stages of implementation have.
        named = code_attempts(codes, text) if codes else []
        return [*self._by_form(), *named]

    def _by_form(self) -> list[Attempt]:
        match self.field.type:
            case FieldType.INTEGER | FieldType.DECIMAL:
                return number_attempts(self.field, self._plain, self._whole)
            case FieldType.DATE:
                return date_attempts(self._plain, self._whole)
            case FieldType.SCHOOL_YEAR:
                return school_year_attempts(self._plain)
            case FieldType.TEXT if self.field.pattern:
                return id_attempts(self._leaid, self._plain)
        return []
