"""Which version of a contract judges which rows of a table: by their school year.

A file of two school years may hold rows of two versions; each is judged by its own.
What does not belong here: what versions there are (`contracts.versions`).
"""

from dataclasses import replace

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import SCHEMA_VERSION, SCHOOL_YEAR, Contract
from pcbl_pipeline.contracts.versions import judging_version, years_in_words
from pcbl_pipeline.reading.recognise import Recognition, recognise_as
from pcbl_pipeline.reading.tables import ROW_NUMBER

#: The first year that a text names: enough to choose a version by, whatever the
#: rule about its form will say.
_FIRST_YEAR = r"((?:19|20)[0-9]{2})"
_VERSION = "version"


def split_by_version(item: Recognition, catalogue: Catalogue) -> list[Recognition]:
    """Split a table by the versions of its contract that judge its rows.

    Rows without a readable school year go by the version that they name, else by the
    present one. Rows that share a key are judged together, by the newest of theirs,
    so that a key that stands twice is seen. A table whose dataset has one version
    comes back as it is, unread; so does what a mapping made, for the present one.
    """
    if (
        item.contract is None
        or item.mapping
        or len(catalogue.versions(item.contract.dataset)) == 1
    ):
        return [item]
    versions = catalogue.versions(item.contract.dataset)
    number_of = _version_numbers(item, versions, catalogue)
    parts = []
    for number in sorted(number_of[_VERSION].unique()):
        chosen = number_of.filter(pl.col(_VERSION) == number)[ROW_NUMBER]
        parts.append(_part(item, versions[number], chosen, catalogue))
    return parts or [item]


def judged_by_words(version: Contract, catalogue: Catalogue) -> str | None:
    """Say by which version rows were judged; None where there is but one."""
    versions = catalogue.versions(version.dataset)
    if len(versions) == 1:
        return None
    years = years_in_words(versions, version)
    return f"checked by version {version.version}, for {years}"


def _part(
    item: Recognition, version: Contract, rows: pl.Series, catalogue: Catalogue
) -> Recognition:
    """Return the rows of one version, recognised as that version."""
    numbers = set(rows.to_list())
    misshapen = {row: n for row, n in item.table.misshapen.items() if row in numbers}
    table = replace(
        item.table,
        rows=item.table.rows.filter(pl.col(ROW_NUMBER).is_in(rows.implode())),
        row_count=len(rows),
        misshapen=misshapen,
    )
    part = recognise_as(item, table, _knowing(version, item), catalogue)
    return replace(part, contract=version)


def _knowing(version: Contract, item: Recognition) -> Contract:
    """Let a version know the headers by which the table was recognised.

    Among them may be some that the sender has confirmed, and that no contract has.
    """
    fields = tuple(
        field.model_copy(
            update={"synonyms": (*field.synonyms, item.headers[field.name])}
        )
        if field.name in item.headers
        else field
        for field in version.fields
    )
    return version.model_copy(update={"fields": fields})


def _version_numbers(
    item: Recognition, versions: tuple[Contract, ...], catalogue: Catalogue
) -> pl.DataFrame:
    """Return each row's number and the place of its version among all versions."""
    present = versions.index(catalogue.get(versions[0].dataset))
    named = _named(item, versions)
    by_year = _by_year(item, versions)
    chosen = pl.coalesce(by_year, named, pl.lit(present)).cast(pl.Int64)
    key = [item.columns[name] for name in versions[0].key if name in item.columns]
    rows = item.table.rows.select(ROW_NUMBER, *key, chosen.alias(_VERSION))
    if len(key) == len(versions[0].key):
        whole = pl.all_horizontal(pl.col(name).is_not_null() for name in key)
        newest = pl.col(_VERSION).max().over(key)
        rows = rows.with_columns(
            pl.when(whole).then(newest).otherwise(_VERSION).alias(_VERSION)
        )
    return rows.select(ROW_NUMBER, _VERSION).collect()


def _by_year(item: Recognition, versions: tuple[Contract, ...]) -> pl.Expr:
    column = item.columns.get(SCHOOL_YEAR)
    if column is None:
        return pl.lit(None, pl.Int64)
    years = {f"{year}": f"{year}-{year + 1}" for year in range(1900, 2100)}
    places = {
        first: versions.index(judging_version(versions, year))
        for first, year in years.items()
    }
    return (
        pl.col(column)
        .str.extract(_FIRST_YEAR)
        .replace_strict(places, default=None, return_dtype=pl.Int64)
    )


def _named(item: Recognition, versions: tuple[Contract, ...]) -> pl.Expr:
    column = item.columns.get(SCHEMA_VERSION)
    if column is None:
        return pl.lit(None, pl.Int64)
    places = {version.version: place for place, version in enumerate(versions)}
    return pl.col(column).replace_strict(places, default=None, return_dtype=pl.Int64)
