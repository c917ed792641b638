"""Rules about several rows: what a group lacks, sums, the row before, and lookups.

Worked out from drafts with plain loops, apart from the pipeline's own code. What does
not belong here: references that are not known (`expected`), and a file as a whole
(`expected_whole`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractRule
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.demo.draft import DraftRow, DraftTable
from pcbl_pipeline.demo.expected_lake import Lake

#: Rules about the form of one value; a value that breaks one counts for no other rule.
FORM_CODES = {
    *("R301", "R303", "R304", "R305", "R306", "R307"),
    *("R308", "R309", "R310", "R312", "R313", "R314"),
}
_DISTRICT_ID_LENGTH = 7
_LOOKING = {"looked_up", "latest_earlier", "previous_change"}

Value = str | float | None
#: Number of the row in its table, from 0 → the value there.
Values = Mapping[int, Value]


@dataclass(frozen=True)
class Told:
    """A table as it is read by rules about several rows."""

    table: DraftTable
    sender: str
    lake: Lake
    catalogue: Catalogue

    def value(self, row: DraftRow, name: str) -> str | None:
        """Return a cell, or None where it is blank or of the wrong form."""
        wrong = any(code in FORM_CODES and of == name for code, of in row.broken)
        return None if wrong else row.cells.get(name) or None

    def own(self, row: DraftRow, name: str) -> str | None:
        """Return a cell as a group counts it: another sender's id tells nothing."""
        value = self.value(row, name)
        is_owner = name == self.table.contract.owner_field
        if is_owner and value and not value.startswith(self.sender):
            return None
        return value

    @property
    def whole(self) -> list[tuple[int, DraftRow]]:
        """The rows that have as many cells as the header."""
        return [
            (number, row)
            for number, row in enumerate(self.table.rows)
            if row.shape == "whole"
        ]


def broken_by_others(told: Told) -> dict[int, list[tuple[str, str]]]:
    """Return row → rules and fields that it breaks because of what other rows say."""
    contract = told.table.contract
    derived = {
        column.name: _derive(column, told)
        for column in contract.derived
        if column.is_of_group or column.kind in _LOOKING
    }
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for rule in contract.rules:
        if rule.names.isdisjoint(derived):
            continue
        for number, row in told.whole:
            read = _reader(told, derived, number, row)
            if _applies(rule, read) and _fails(rule, read):
                found[number].append((rule.code, rule.fields[0]))
    return found


def _reader(
    told: Told, derived: Mapping[str, Values], number: int, row: DraftRow
) -> Callable[[str], Value]:
    def read(name: str) -> Value:
        if name in derived:
            return derived[name].get(number)
        return told.value(row, name)

    return read


def _applies(rule: ContractRule, read: Callable[[str], Value]) -> bool:
    for name, wanted in rule.when.items():
        value = read(name)
        if isinstance(wanted, str):
            if (value is None) != (wanted == "blank"):
                return False
        elif value not in {str(item) for item in wanted}:
            return False
    return True


def _fails(rule: ContractRule, read: Callable[[str], Value]) -> bool:
    known = rule.kwargs
    if "column_A" in known:
        larger, smaller = read(known["column_A"]), read(known["column_B"])
        return None not in {larger, smaller} and _number(larger) < _number(smaller)
    value = read(known["column"])
    if value is None:
        return False
    match rule.expectation:
        case "expect_column_values_to_be_null":
            return True
        case "expect_column_values_to_not_be_in_set":
            return value in known["value_set"]
        case "expect_column_values_to_be_between":
            return not (
                known.get("min_value", float("-inf"))
                <= _number(value)
                <= known.get("max_value", float("inf"))
            )
    raise AssertionError(rule.expectation)


def _number(value: Value) -> float:
    return float(value or 0)


def _derive(column: DerivedColumn, told: Told) -> Values:
    if column.kind == "latest_earlier":
        return {number: _just_before(row, column, told) for number, row in told.whole}
    if column.kind == "previous_change":
        return _changes(column, told)
    if column.reference:
        reference = column.reference
        return {n: told.lake.look_up(row, reference) for n, row in told.whole}
    return _derive_from_group(column, told)


def _just_before(row: DraftRow, column: DerivedColumn, told: Told) -> str | None:
    """Return what the revision before says; the file's own word goes before."""
    reference = column.reference
    if reference is None or reference.order is None:
        raise AssertionError(column.name)
    values = told.lake.earlier(row, reference, told.sender)
    for _, other in told.whole:
        if all(other.cells[name] == row.cells[name] for name in reference.same):
            number, value = (
                told.value(other, name) for name in (reference.order, reference.column)
            )
            if number and value:
                values[int(number)] = value
    mine = int(row.cells[reference.order])
    before = [number for number in values if number < mine]
    return values[max(before)] if before else None


def _changes(column: DerivedColumn, told: Told) -> Values:
    """Return by how much a value differs from the one in the row before."""
    names = (*column.group, *column.order)
    found: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for place, value in _known_before(column, names, told):
        found[place].append(value)
    known = {place: values[0] for place, values in found.items() if len(values) == 1}
    changes: dict[int, Value] = {}
    for number, row in told.whole:
        place = tuple(told.value(row, name) or "" for name in names)
        earlier = [
            other
            for other in known
            if other[: len(column.group)] == place[: len(column.group)]
            and _when(other, column, told) < _when(place, column, told)
        ]
        if place in known and earlier:
            before = max(earlier, key=lambda other: _when(other, column, told))
            changes[number] = known[place] - known[before]
    return changes


def _known_before(
    column: DerivedColumn, names: Sequence[str], told: Told
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield place and value of the file's rows, and of those that it leaves standing."""
    contract = told.table.contract
    scope, owner = contract.delivery.scope or contract.key, contract.owner_field or ""
    replaced = {tuple(told.value(row, n) for n in scope) for _, row in told.whole}
    standing = [
        item.row
        for item in told.lake.rows.get(contract.dataset, ())
        if item.row.cells[owner].startswith(told.sender[:_DISTRICT_ID_LENGTH])
        and tuple(item.row.cells[name] for name in scope) not in replaced
    ]
    for row in [*standing, *(row for _, row in told.whole)]:
        values = [told.value(row, name) for name in (*names, column.of or "")]
        if None not in values:
            yield tuple(map(str, values[:-1])), float(values[-1] or 0)


def _when(
    place: Sequence[str], column: DerivedColumn, told: Told
) -> tuple[str | int, ...]:
    """Return what puts a place in order; codes are in the order of their list."""
    ranks: list[str | int] = []
    order = zip(column.order, place[len(column.group) :], strict=True)
    for name, value in order:
        codes = told.catalogue.codes_of(told.table.contract.field(name))
        known = list(codes.values) if codes else []
        ranks.append(known.index(value) if value in known else value)
    return tuple(ranks)


def _derive_from_group(column: DerivedColumn, told: Told) -> Values:
    if column.kind == "group_missing" and len(told.whole) < len(told.table.rows):
        return {}
    groups: dict[tuple[str | None, ...], list[tuple[int, DraftRow]]] = defaultdict(list)
    for number, row in _counted(column, told):
        groups[tuple(told.own(row, name) for name in column.group)].append(
            (number, row)
        )
    if column.kind == "group_sum":
        sums = {
            place: sum(_number(told.own(row, column.of or "")) for _, row in rows)
            for place, rows in groups.items()
        }
        return {
            number: sums.get(tuple(told.value(row, name) for name in column.group))
            for number, row in told.whole
        }
    return {
        rows[0][0]: _of_group(column, place, [row for _, row in rows], told)
        for place, rows in groups.items()
    }


def _counted(column: DerivedColumn, told: Told) -> list[tuple[int, DraftRow]]:
    rows = [
        (number, row)
        for number, row in told.whole
        if all(told.own(row, name) for name in column.group)
        and all(told.own(row, name) in wanted for name, wanted in column.among.items())
    ]
    if column.kind == "group_missing":
        return rows
    key = told.table.contract.key
    keys = Counter(tuple(told.own(row, name) for name in key) for _, row in rows)
    return [
        (number, row)
        for number, row in rows
        if keys[tuple(told.own(row, name) for name in key)] == 1
    ]


def _of_group(
    column: DerivedColumn,
    place: tuple[str | None, ...],
    rows: Sequence[DraftRow],
    told: Told,
) -> Value:
    values = [told.own(row, column.of) if column.of else None for row in rows]
    match column.kind:
        case "group_count":
            return len(rows)
        case "group_distinct":
            return len(set(values) - {None})
        case "group_missing":
            lacking = set(column.values) - set(values)
            doubtful = None in values or _may_have_more(column, place, told)
            return None if doubtful or not lacking else ";".join(sorted(lacking))
    raise AssertionError(column.kind)


def _may_have_more(
    column: DerivedColumn, place: tuple[str | None, ...], told: Told
) -> bool:
    """Tell whether a row says all of a group but one part, which it leaves open."""
    for _, row in told.whole:
        values = tuple(told.own(row, name) for name in column.group)
        unlike = [mine for mine, its in zip(values, place, strict=True) if mine != its]
        if unlike == [None]:
            return True
    return False
