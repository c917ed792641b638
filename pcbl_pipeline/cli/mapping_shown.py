"""Showing people mappings. Nothing here decides anything."""

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pcbl_pipeline.cli.invocation import Invocation
    from pcbl_pipeline.contracts.source import SourceMapping
    from pcbl_pipeline.model.receipt import Receipt
    from pcbl_pipeline.model.site_mapping import SiteMapping
    from pcbl_pipeline.operations.mapping_trial import Trial

_FILES_NAMED = 5


def print_list(
    call: "Invocation",
    sources: "Sequence[SourceMapping]",
    newest: "SiteMapping | None",
) -> None:
    """Show which exports are known, and what a site confirmed."""
    table = Table("mapping", "version", "dataset", "title", box=None)
    for item in sources:
        table.add_row(item.source, item.version, item.dataset, item.title)
    call.answers.print(table)
    if newest is not None:
        print_confirmed(call, newest)


def described(item: "SourceMapping") -> dict[str, object]:
    """Return what a list says of a mapping."""
    return {
        "source": item.source,
        "version": item.version,
        "dataset": item.dataset,
        "title": item.title,
    }


def print_confirmed(call: "Invocation", newest: "SiteMapping") -> None:
    """Show what a site confirmed, and when."""
    call.say(f"\n{newest.sender_id}, version {newest.version}", style="bold")
    if not newest.version:
        call.say("Nothing was confirmed yet.")
    for header in newest.headers:
        what = f"{header.dataset}: the header `{header.header}` is `{header.field}`"
        call.say(f"  {what} ({header.confirmed_on}, {header.confirmed_by})")
    for code in newest.codes:
        what = f"{code.dataset}.{code.field}: `{code.value}` is `{code.code}`"
        call.say(f"  {what} ({code.confirmed_on}, {code.confirmed_by})")
    for source in newest.sources:
        added = f"({source.confirmed_on}, {source.confirmed_by})"
        call.say(f"  the mapping `{source.source}` {added}")


def print_source(call: "Invocation", item: "SourceMapping") -> None:
    """Show how an export is known and what becomes of it."""
    call.say(f"{item.title} ({item.label})", style="bold")
    call.say(item.description.strip())
    call.say(f"\nKnown by: {', '.join(item.signs.all)}")
    if item.unpivot:
        call.say(f"Columns that become rows: {item.unpivot.headers}")
    table = Table("column", "made from", "and then", box=None)
    for name, value in item.fields.items():
        then = [str(value.parse or ""), "crosswalk" if value.crosswalk else ""]
        then += ["keyed hash" if value.hash else ""]
        origin = " or ".join(value.headers) or "from the sender, or the same for all"
        table.add_row(name, origin, ", ".join(filter(None, then)))
    call.answers.print(table)
    for sentence in item.assumes:
        call.say(sentence)


def print_read_again(
    call: "Invocation", done: "Sequence[tuple[Receipt, Receipt]]"
) -> None:
    """Show what became of files that were read again."""
    for last, new in done:
        call.say(
            f"{new.file_name} was read again: {new.rows.accepted:,} rows are accepted "
            f"now, {last.rows.accepted:,} before.",
            style="green",
        )


def print_read_before(
    call: "Invocation", left: "Sequence[Receipt]", command: str
) -> None:
    """Show which files an earlier version of a mapping took, and what to do."""
    if not left:
        return
    names = ", ".join(item.file_name for item in left[:_FILES_NAMED])
    more = f" and {len(left) - _FILES_NAMED} more" if len(left) > _FILES_NAMED else ""
    files = "1 file" if len(left) == 1 else f"{len(left)} files"
    call.say(
        f"Already read by an earlier version of it: {files} ({names}{more}).",
        style="yellow",
    )
    call.say(f"To read them again by this one: {command} --read-again", style="yellow")


def print_trial(call: "Invocation", trial: "Trial") -> None:
    """Show what a mapping makes: its first records, its skills and its levels."""
    if trial.records:
        call.say("\nThe first records; keys are cut and good for this look only:")
    for number, record in enumerate(trial.records, 1):
        call.say(f"\n  record {number}", style="bold")
        for name, value in record.items():
            call.say(f"    {name}: {'' if value is None else value}")
    _print_counts(call, "Skills", trial.skills)
    _print_counts(call, "Levels", trial.levels)
    if trial.unfinished:
        from pcbl_pipeline.mapping.fill_in import FILL_IN

        listed = ", ".join(f"`{name}`" for name in trial.unfinished)
        call.say(
            f"\nBefore you keep it: write a name in place of {FILL_IN} under {listed}.",
            style="yellow",
        )


def _print_counts(call: "Invocation", title: str, counts: "Mapping[str, int]") -> None:
    if not counts:
        return
    call.say(f"\n{title} ({len(counts)}), with the number of records:")
    for value, count in counts.items():
        call.say(f"    {value}: {count:,}")
