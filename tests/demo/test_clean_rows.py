"""The clean rows: the pipeline's own judgement finds nothing in any of them."""

import polars as pl
import pytest

from pcbl_pipeline.contracts.schema import field_schema
from pcbl_pipeline.demo.corpus import AS_OF, load_corpus
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.verdict import judge

DATASETS = sorted(load_corpus().rows)


@pytest.fixture
def clean(corpus, catalogue):
    """Return a dataset's clean rows as text, as they are judged."""

    def rows_of(dataset) -> pl.DataFrame:
        rows = [
            {name: value or None for name, value in row.items()}
            for row in corpus.rows[dataset]
        ]
        schema = [
            item.name for item in catalogue.get(dataset).fields if item.name in rows[0]
        ]
        return pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String))

    return rows_of


def known(reference, clean) -> pl.DataFrame:
    column = pl.col(reference.column).str.split(";")
    rows = clean(reference.dataset).with_columns(value=column).explode("value")
    return rows.select("value", *reference.same).drop_nulls().unique()


def told(reference, clean, catalogue) -> pl.DataFrame:
    """Return what a lookup finds; an earlier revision stands in the rows themselves."""
    kinds = field_schema(catalogue.get(reference.dataset))
    names = [*reference.same, *([reference.order] if reference.order else [])]
    rows = clean(reference.dataset).select(
        *[pl.col(name).cast(kinds[name]) for name in names],
        pl.col(reference.column).cast(kinds[reference.column]).alias("value"),
    )
    return rows.clear() if reference.order else rows


def history(contract) -> pl.DataFrame | None:
    columns = contract.looks_back_at
    if not columns:
        return None
    kinds = field_schema(contract)
    return pl.DataFrame(schema={name: kinds[name] for name in columns})


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_judgement_finds_nothing_in_any_clean_row(clean, catalogue, dataset):
    contract = catalogue.get(dataset)
    rows = clean(dataset).with_row_index("row_number", offset=2)
    looking = [column for column in contract.derived if column.reference]
    circumstances = Circumstances(
        received_on=AS_OF,
        known={
            item.reference: known(item.reference, clean)
            for item in looking
            if not item.is_lookup
        },
        looked_up={
            item.name: told(item.reference, clean, catalogue)
            for item in looking
            if item.is_lookup
        },
        history=history(contract),
    )

    judged = judge(
        rows.with_columns(pl.col("row_number").cast(pl.Int64)).lazy(),
        contract,
        catalogue,
        circumstances,
    )

    assert judged.occurrences.to_dicts() == []
    assert judged.accepted.collect().height == rows.height
