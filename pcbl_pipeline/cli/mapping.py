"""`pcbl mapping`: what a sender's headers, values and exports mean."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcbl_pipeline.cli import invocation, show
from pcbl_pipeline.cli import mapping_shown as shown
from pcbl_pipeline.cli.invocation import AsJson, Invocation, OutputOption, SiteOption
from pcbl_pipeline.errors import ContractInvalid, SubmissionUnreadable, WorkspaceMissing

if TYPE_CHECKING:
    from pcbl_pipeline.contracts.source import SourceMapping
    from pcbl_pipeline.model.site_mapping import SiteMapping
    from pcbl_pipeline.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    help="Teach the pipeline what a site's headers, values and exports mean.",
)
ForSite = Annotated[
    str,
    typer.Option(
        "--site",
        metavar="ID",
        help="NCES id of the site that the files come from, "
        "or an agency such as sea-04.",
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Who says so. Default: your user name."),
]
MappingFile = Annotated[
    Path, typer.Argument(metavar="MAPPING", help="A mapping, as `suggest` drafts it.")
]


@app.command()
def confirm(
    context: typer.Context,
    meanings: Annotated[
        list[str],
        typer.Argument(
            metavar="THEIRS=OURS...",
            help='What stands in the file, `=`, and what it means: "Sort=lesson_type".',
        ),
    ],
    *,
    site: ForSite,
    dataset: Annotated[
        str,
        typer.Option(
            "--dataset",
            "-d",
            metavar="DATASET[.COLUMN]",
            help="Of which dataset headers are confirmed; with a column, its values.",
        ),
    ],
    by: ByOption = None,
    as_json: AsJson = False,
) -> None:
    """Confirm once what a site's headers or values mean; it counts from then on.

    Each confirmation makes a new version of that site's mapping. Receipts say that it
    was used. Files that wait for it are judged again by the next `pcbl nightly`.

    For instance:

    - `pcbl mapping confirm --site 0499991 -d lesson_learned "Sort of lesson=lesson_type"`
    - `pcbl mapping confirm --site 0499991 -d lesson_learned.lesson_type "It helped=worked"`
    """
    from pcbl_pipeline.operations.confirm import confirm_codes, confirm_headers

    call = invocation.of(context)
    workspace = call.open_workspace()
    pairs, name = _pairs(meanings), by or _user()
    dataset, _, field = dataset.partition(".")
    if field:
        newest = confirm_codes(workspace, site, (dataset, field), pairs, by=name)
    else:
        newest = confirm_headers(workspace, site, dataset, pairs, by=name)
    _answer_version(call, newest)


@app.command(name="list")
def list_all(
    context: typer.Context, *, site: SiteOption = None, as_json: AsJson = False
) -> None:
    """List the exports that are known, and with `--site` what that site confirmed.

    For instance:

    - `pcbl mapping list`
    - `pcbl mapping list --site 0499991`
    """
    call = invocation.of(context)
    workspace = call.open_workspace() if site else None
    newest = _newest(workspace, site)
    sources = _sources(call, workspace, newest)
    listed = [shown.described(item) for item in sources]
    call.answer_json({"sources": listed, "site": newest})
    if not call.as_json:
        shown.print_list(call, sources, newest)


@app.command(name="show")
def show_one(
    context: typer.Context,
    mapping: Annotated[str, typer.Argument(help="The mapping, as `list` names it.")],
    *,
    site: SiteOption = None,
    as_json: AsJson = False,
) -> None:
    """Show how an export is known, and what each column of the dataset is made from.

    For instance:

    - `pcbl mapping show star_standards`
    """
    call = invocation.of(context)
    workspace = call.open_workspace() if site else None
    sources = _sources(call, workspace, _newest(workspace, site))
    found = next((item for item in sources if item.source == mapping), None)
    if found is None:
        known = ", ".join(item.source for item in sources)
        raise ContractInvalid(f"There is no mapping `{mapping}`. Known: {known}.")
    call.answer_json(found.model_dump(exclude_unset=True))
    if not call.as_json:
        shown.print_source(call, found)


@app.command()
def suggest(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An export of another product.")],
    *,
    output: OutputOption = None,
    as_json: AsJson = False,
) -> None:
    """Draft a mapping for an export that is not known yet, with reasons.

    The draft is a text file with remarks. It holds no names and no ids. Read it, correct
    it, try it with `pcbl mapping try`, and keep it with `pcbl mapping add`.

    For instance:

    - `pcbl mapping suggest scores.csv`
    - `pcbl mapping suggest scores.csv -o scores.yaml`
    """
    from pcbl_pipeline.operations.draft import suggest_mapping

    call = invocation.of(context)
    drafted = suggest_mapping(file, _sources(call, None, None))
    if output is not None:
        output.write_text(drafted.text, encoding="utf-8")
        call.say(
            f"Wrote {output}. Next: read it, then `pcbl mapping try {output} {file}`."
        )
        for point in drafted.open_points:
            call.say(f"  {point}", style="yellow")
    else:
        call.say(drafted.text.rstrip())
    call.answer_json(
        {
            "file": str(output) if output else None,
            "mapping": drafted.text,
            "open_points": drafted.open_points,
        }
    )


@app.command(name="try")
def try_out(
    context: typer.Context,
    mapping: MappingFile,
    file: Annotated[Path, typer.Argument(help="A file that it should read.")],
    *,
    site: SiteOption = None,
    as_json: AsJson = False,
) -> None:
    """Show what a mapping makes of a file, before it is kept; nothing is sent or kept.

    For instance:

    - `pcbl mapping try scores.yaml scores.csv`
    - `pcbl mapping try scores.yaml scores.csv --site 0499991`

    Exit code 1 means that there is something to correct.
    """
    from pcbl_pipeline.contracts.catalogue import load_catalogue
    from pcbl_pipeline.operations.mapping_trial import try_mapping

    call = invocation.of(context)
    workspace = _workspace_if_any(call, site)
    catalogue = (
        workspace.catalogue
        if workspace
        else load_catalogue(call.settings().expectations_dir)
    )
    trial = try_mapping(
        _text_of(mapping), file, catalogue, workspace=workspace, sender_id=site
    )
    call.answer_json(
        {
            "receipt": trial.receipt,
            "records": trial.records,
            "skills": trial.skills,
            "levels": trial.levels,
            "unfinished": trial.unfinished,
        }
    )
    if not call.as_json:
        show.print_receipt(trial.receipt, call.answers)
        shown.print_trial(call, trial)
    if trial.has_errors:
        raise typer.Exit(1)


@app.command()
def add(
    context: typer.Context,
    mapping: MappingFile,
    *,
    site: ForSite,
    by: ByOption = None,
    again: Annotated[
        bool,
        typer.Option(
            "--read-again",
            help="Also read those files anew that an earlier version of it took.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Keep a mapping for a site; its next files are read by it.

    A mapping of the same name takes the place of the earlier one, also of a shipped
    one. Files that were refused are judged again by the next `pcbl nightly`. Files that
    were taken stay as they are, unless you say `--read-again`.

    For instance:

    - `pcbl mapping add scores.yaml --site 0499991`
    - `pcbl mapping add scores.yaml --site 0499991 --read-again`
    """
    from pcbl_pipeline.operations.confirm import add_source
    from pcbl_pipeline.operations.read_again import find_read_before, read_again

    call = invocation.of(context)
    workspace = call.open_workspace()
    newest, source = add_source(
        workspace,
        site,
        _text_of(mapping),
        by=by or _user(),
        name=mapping.name,
    )
    done = read_again(workspace, newest, source.source) if again else []
    left = find_read_before(workspace, newest, source.source)
    answer = {**newest.model_dump(mode="json"), "read_again": [new for _, new in done]}
    call.answer_json({**answer, "read_before": [item.file_name for item in left]})
    _say_version(call, newest)
    shown.print_read_again(call, done)
    shown.print_read_before(call, left, f"pcbl mapping add {mapping} --site {site}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in a bare container
        return "not named"


def _answer_version(call: Invocation, newest: "SiteMapping") -> None:
    call.answer_json(newest)
    _say_version(call, newest)


def _say_version(call: Invocation, newest: "SiteMapping") -> None:
    call.say(f"{newest.sender_id}: the mapping is now at version {newest.version}.")
    call.say("Files that wait for it are judged again by the next `pcbl nightly`.")


def _pairs(meanings: list[str]) -> dict[str, str]:
    """Split each `theirs=ours` at its last sign; a header may hold one itself."""
    pairs = {}
    for text in meanings:
        theirs, sign, ours = text.rpartition("=")
        if not sign or not theirs.strip() or not ours.strip():
            raise typer.BadParameter(f"`{text}` is not written as THEIRS=OURS.")
        pairs[theirs.strip()] = ours.strip()
    return pairs


def _newest(workspace: "Workspace | None", site: str | None) -> "SiteMapping | None":
    if workspace is None or site is None:
        return None
    workspace.network.get_sender(site)
    return workspace.site_mappings.newest(site)


def _sources(
    call: Invocation, workspace: "Workspace | None", newest: "SiteMapping | None"
) -> list["SourceMapping"]:
    """Return what is known, the site's own first and in place of a shipped one."""
    from pcbl_pipeline.contracts.catalogue import load_catalogue
    from pcbl_pipeline.operations.mappings import own_sources

    if workspace is None or newest is None:
        return list(load_catalogue(call.settings().expectations_dir).sources.values())
    own = own_sources(workspace, newest)
    names = {item.source for item in own}
    shipped = workspace.catalogue.sources.values()
    return [*own, *(item for item in shipped if item.source not in names)]


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SubmissionUnreadable(f"There is no mapping to read at {path}.") from error


def _workspace_if_any(call: Invocation, site: str | None) -> "Workspace | None":
    if site is None:
        return None
    try:
        return call.open_workspace()
    except WorkspaceMissing:
        if call.store_url is not None:
            raise
        return None
