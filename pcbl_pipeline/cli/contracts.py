"""`pcbl contracts`: what the network asks for, and the workbook to fill in."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pcbl_pipeline.cli import contract_changes, invocation
from pcbl_pipeline.cli.contract_changes import catalogue_of
from pcbl_pipeline.cli.invocation import AsJson, Invocation, OutputOption, SiteOption

if TYPE_CHECKING:
    from pcbl_pipeline.contracts.catalogue import Catalogue
    from pcbl_pipeline.contracts.contract import Contract
    from pcbl_pipeline.contracts.template import Rows
    from pcbl_pipeline.model.network import Sender


class Form(StrEnum):
    """What `show` can write a contract as."""

    TABLE_SCHEMA = "table-schema"
    GX_SUITE = "gx-suite"


app = typer.Typer(
    no_args_is_help=True,
    help="Show what each dataset must hold, and write the workbook to fill in.",
)


@app.command(name="list")
def list_all(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the datasets, with who sends them.

    For instance:

    - `pcbl contracts list`
    """
    call = invocation.of(context)
    contracts = catalogue_of(call).contracts.values()
    call.answer_json([_listed(contract) for contract in contracts])
    if call.as_json:
        return
    table = Table("dataset", "code", "version", "sent by", "title", box=None)
    for item in contracts:
        table.add_row(
            item.dataset, item.code, item.version, item.submitted_by, item.title
        )
    call.answers.print(table)


@app.command()
def show(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(help="The dataset, as `list` names it.")],
    *,
    form: Annotated[
        Form | None,
        typer.Option("--as", help="Write it as JSON for a tool that you have."),
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="Another version than the present one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a dataset's columns, key and rules.

    For instance:

    - `pcbl contracts show lesson_learned`
    - `pcbl contracts show lesson_learned --as table-schema`
    """
    from pcbl_pipeline.contracts.dictionary import describe_contract

    call = invocation.of(context)
    catalogue = catalogue_of(call)
    contract = (
        catalogue.version(dataset, version) if version else catalogue.get(dataset)
    )
    if form is not None:
        from pcbl_pipeline.operations.contract_files import contract_json

        sys.stdout.write(contract_json(contract, catalogue, form.value).decode())
        return
    call.answer_json(describe_contract(contract, catalogue))
    if not call.as_json:
        _print_contract(call, contract, catalogue)


@app.command()
def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder to write into.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write every contract as a Table Schema and as a Great Expectations suite.

    With these a site or vendor can check a file as it is, with tools of its own.
    What the suite cannot check stands in it, with the reason.

    For instance:

    - `pcbl contracts export contracts-for-vendors`
    """
    from pcbl_pipeline.operations.contract_files import export_contracts

    call = invocation.of(context)
    written = [str(path) for path in export_contracts(catalogue_of(call), folder)]
    call.answer_json({"files": written})
    for path in written:
        call.say(f"Wrote {path}")


@app.command()
def template(
    context: typer.Context,
    datasets: Annotated[
        list[str] | None,
        typer.Argument(help="The datasets; default: all that the sender sends."),
    ] = None,
    *,
    site: SiteOption = None,
    output: OutputOption = Path("pcbl-template.xlsx"),
    as_json: AsJson = False,
) -> None:
    """Write an Excel workbook to fill in, with drop-downs from the code lists.

    With `--site` the workbook offers that site's own ids and the school years that
    are open, and holds rows that help to begin with: last year's profile, what is
    still open, and rows that hold its id and the year already.

    For instance:

    - `pcbl contracts template lesson_learned`
    - `pcbl contracts template --site 0499991 -o for-site.xlsx`
    """
    from pcbl_pipeline.contracts.template import write_template

    call = invocation.of(context)
    catalogue = catalogue_of(call)
    sender, prefilled, years = _own_rows(call, site) if site else (None, None, ())
    contracts = [
        catalogue.get(name) for name in datasets or _sent_by(sender, catalogue)
    ]
    path = output or Path("pcbl-template.xlsx")
    write_template(contracts, catalogue, path, site=sender, rows=prefilled, years=years)
    names = [contract.dataset for contract in contracts]
    call.answer_json({"file": str(path), "datasets": names})
    call.say(f"Wrote {path}: {', '.join(names)}.")


def _own_rows(call: Invocation, site: str) -> "tuple[Sender, Rows, tuple[str, ...]]":
    """Return the site, the rows that its template begins with, and the open years."""
    from pcbl_pipeline.operations.prefill import prefilled_rows

    workspace = call.open_workspace()
    sender = workspace.network.get_sender(site)
    contracts = workspace.catalogue.contracts.values()
    day = workspace.local_day(workspace.clock())
    years = workspace.network.calendar.open_years(day)
    return sender, prefilled_rows(workspace, contracts, sender), years


def _sent_by(sender: "Sender | None", catalogue: "Catalogue") -> list[str]:
    kind = sender.kind if sender else "site"
    contracts = catalogue.contracts.values()
    return [item.dataset for item in contracts if item.submitted_by == kind]


def _listed(contract: "Contract") -> dict[str, object]:
    return {
        "dataset": contract.dataset,
        "code": contract.code,
        "version": contract.version,
        "valid_from": contract.valid_from,
        "title": contract.title,
        "submitted_by": contract.submitted_by,
        "delivery": contract.delivery.mode,
        "columns": len(contract.fields),
    }


def _print_contract(
    call: Invocation, contract: "Contract", catalogue: "Catalogue"
) -> None:
    from pcbl_pipeline.contracts.wording import value_words

    call.say(f"{contract.title} ({contract.dataset}), {contract.code}", style="bold")
    call.say(f"Version {contract.version}, from {contract.valid_from}.")
    call.say(f"{contract.grain} Key: {', '.join(contract.key)}.\n")
    table = Table("column", "presence", "privacy", "value", box=None)
    for item in contract.fields:
        value = value_words(item, catalogue.codes_of(item))
        table.add_row(item.name, item.presence.value, item.privacy.value, value)
    call.answers.print(table)
    if contract.rules:
        call.say("\nRules of this dataset:", style="bold")
    for rule in contract.rules:
        call.say(f"  {rule.code} {rule.severity.value:8} {rule.summary}")


contract_changes.add_to(app)
