"""Great Expectations as a site has it at home: the published JSON, a file, and pandas."""

import io
import json
from dataclasses import dataclass

import great_expectations as gx
import pandas as pd
import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.operations.contract_files import contract_json

COMPLETE = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


@dataclass(frozen=True)
class Told:
    """An expectation that failed: its rule, what it looks at, and the rows from 0."""

    code: str
    field: str
    needs: tuple[str, ...]
    rows: frozenset[int]


def published_suite(contract: Contract, catalogue: Catalogue) -> str:
    """Return the text of the file that every release publishes."""
    return contract_json(contract, catalogue, "gx-suite").decode()


def as_read_at_home(rows: pl.DataFrame, *, keep_blanks: bool = True) -> pd.DataFrame:
    """Write rows as CSV and read them as anyone does, all of it as text."""
    content = io.StringIO(rows.write_csv(quote_style="non_numeric"))
    return pd.read_csv(content, dtype=str, keep_default_na=not keep_blanks)


def told_at_home(written: str, rows: pd.DataFrame) -> list[Told]:
    """Run a published suite in stock GX; any exception of an expectation is raised."""
    suite = json.loads(written)
    kept = [
        item
        for item in suite["expectations"]
        if set(item["meta"]["needs"]) <= set(rows.columns)
    ]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("home").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(
        {"dataframe": rows}
    )
    expected = gx.ExpectationSuite(name=suite["name"], expectations=kept)
    results = batch.validate(expected, result_format=COMPLETE).results
    assert len(results) == len(kept)
    for result in results:
        raised = result.exception_info or {}
        assert raised.get("raised_exception") is False, raised
    return [_told(result) for result in results if not result.success]


def _told(result) -> Told:
    meta = result.expectation_config.meta
    found = frozenset(result.result.get("unexpected_index_list") or ())
    return Told(meta["code"], meta["field"], tuple(meta["needs"]), found)
