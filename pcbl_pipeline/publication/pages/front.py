"""The start page and the page about the release, its rules and its data files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import FOLDER, tables_of
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.assistance import YearView
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.documents import document_index
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.network_map import MapView
from pcbl_pipeline.publication.pages.readers import READERS, reader_path
from pcbl_pipeline.publication.pages.render import Page

_STRONGEST = 3
_NEWEST = 5
#: Code lists whose terms are explained: message key → code list.
_TERMS = {
    "elements": "element_code",
    "kinds": "lesson_type",
    "tiers": "evidence_tier",
    "stages": "stage_code",
}
#: Kinds of files for those who send data, and how their names end.
_SENDER_FILES = {
    "template": "-template.xlsx",
    "schema": ".table-schema.json",
    "suite": ".gx-suite.json",
}
#: File endings in the order in which they are offered.
_FORMATS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet"}


@dataclass(frozen=True)
class DataFile:
    """One data file as the page lists it."""

    path: str
    format: str
    size: str


@dataclass(frozen=True)
class DataTable:
    """One published table as the page lists it."""

    title: str
    description: str
    rows: int
    files: tuple[DataFile, ...]


def start_page(
    content: EditionContent,
    digest: Digest,
    years: Sequence[YearView],
    messages: Messages,
    *,
    pages: Sequence[Page],
    states: MapView | None,
) -> Page:
    """Return the edition's start page, which leads to some other pages."""
    corroborated = [group for group in digest.groups if group.corroborated]
    return Page(
        path="index.html",
        template="start.html",
        title=messages.plain("start.title"),
        description=messages.plain("start.description"),
        section="start",
        values={
            "state_names": list(content.states.values()),
            "lesson_count": len(digest.lessons),
            "group_count": len(digest.groups),
            "corroborated_count": len(corroborated),
            "year": years[0] if years else None,
            "strongest": corroborated[:_STRONGEST],
            "newest": digest.newest(_NEWEST),
            "readers": {reader: reader_path(reader) for reader in READERS},
            "map": states,
            "findings": [page for page in pages if page.finding],
        },
    )


def about_page(
    content: EditionContent,
    data: Mapping[str, bytes],
    labels: Labels,
    messages: Messages,
    *,
    sections: Sequence[Page],
) -> Page:
    """Return the page on how everything is computed and where the data are.

    `sections` are the first pages of the summaries, which say how they are to be read.
    """
    return Page(
        path="about.html",
        template="about.html",
        title=messages.plain("about.title"),
        description=messages.plain("about.description"),
        section="about",
        answers=_about_answers(content, messages),
        values={
            "state_names": list(content.states.values()),
            "license_name": content.license_name,
            "pipeline_version": content.pipeline_version,
            "contract_versions": dict(sorted(content.contract_versions.items())),
            "lesson_rules": _keys(messages, "about.lessons_rules."),
            "assistance_rules": _keys(messages, "about.assistance_rules."),
            "privacy_rules": _keys(messages, "about.privacy_rules."),
            "worked": labels.label("lesson_type", "worked"),
            "terms": {
                name: code_list
                for name, code_list in _TERMS.items()
                if labels.codes(code_list)
            },
            "labels": labels,
            "tables": _data_tables(content, data, messages),
            "package": f"{FOLDER}/datapackage.json",
            "schema": f"{FOLDER}/schema.json",
            "documents": document_index(content.documents),
            "has_history": content.history is not None,
            "senders": list(_sender_files(content, messages)),
            "sections": sections,
        },
    )


def _about_answers(content: EditionContent, messages: Messages) -> dict[str, str]:
    """Return what the page answers, by its anchors."""
    say = messages.plain
    address = content.contact_email
    return {
        "privacy": say("about.privacy_answer"),
        "methods": say("about.methods_answer"),
        "terms": say("about.terms_what", term=say("terms.usual")),
        "contact": say("about.contact_answer", address=address)
        if address
        else say("about.contact_answer_none"),
        "data": say(
            "about.data_answer",
            tables=len(tuple(tables_of(content))),
            license=content.license_name or say("about.license_none"),
        ),
    }


def _sender_files(
    content: EditionContent, messages: Messages
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each dataset with its files as (name of the kind, path)."""
    datasets: dict[str, list[tuple[str, str]]] = {}
    for kind, ending in _SENDER_FILES.items():
        words = messages.plain(f"about.sender_files.{kind}")
        for path in sorted(content.contract_files):
            if path.endswith(ending):
                dataset = path.rpartition("/")[2].partition("-")[0]
                datasets.setdefault(dataset, []).append((words, path))
    for dataset, files in sorted(datasets.items()):
        yield messages.plain(f"annual.datasets.{dataset}"), files


def _data_tables(
    content: EditionContent, data: Mapping[str, bytes], messages: Messages
) -> list[DataTable]:
    return [
        DataTable(
            title=messages.plain(f"tables.{table.name}.title"),
            description=messages.plain(f"tables.{table.name}.description"),
            rows=frame.height,
            files=tuple(
                _data_file(f"{FOLDER}/{table.name}.{ending}", name, data, messages)
                for ending, name in _FORMATS.items()
            ),
        )
        for table, frame in tables_of(content)
    ]


def _data_file(
    path: str, name: str, data: Mapping[str, bytes], messages: Messages
) -> DataFile:
    kilobytes = messages.number(max(0.1, len(data[path]) / 1000), digits=1)
    return DataFile(path, name, messages.plain("about.bytes", kilobytes=kilobytes))


def _keys(messages: Messages, above: str) -> list[str]:
    return [key for key in messages.texts if key.startswith(above)]
