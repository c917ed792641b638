"""Writing the files of a release: each once, never over another's.

What does not belong here: which number is taken and when the pointer is switched.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import chain

from pydantic import BaseModel

from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.model.identifiers import sha256_hex
from pcbl_pipeline.model.release import (
    SITE_EDITIONS,
    EditionManifest,
    EditionName,
    ReleaseFile,
    ReleasePlan,
)
from pcbl_pipeline.publication.keys import MANIFEST, content_type
from pcbl_pipeline.storage.store import Store

#: Permissions go by these parts of a key, so no edition has a folder of such a name.
_RESERVED = frozenset(("public", "network", "agency", SITE_EDITIONS))


def write_edition(
    store: Store,
    place: str,
    plan: ReleasePlan,
    edition: EditionName,
    data: Mapping[str, bytes],
    pages: Iterable[tuple[str, bytes]],
) -> list[ReleaseFile] | None:
    """Write an edition's files and its own manifest; None if one was in the way.

    `place` is the folder of the whole release.

    Raises:
        PublicationBlocked: If the edition has two files of one name, or a folder with
            the name of an edition.
    """
    folder = f"{place}{edition}/"
    written: dict[str, ReleaseFile] = {}
    for path, content in chain(data.items(), pages):
        _check_path(edition, path, written)
        if not write_once(store, folder + path, content):
            return None
        written[path] = _described(path, content, is_data=path in data)
    own = _edition_manifest(plan, edition, written)
    if not write_once(store, folder + MANIFEST, own):
        return None
    written[MANIFEST] = _described(MANIFEST, own, is_data=False)
    return [
        file.model_copy(update={"path": f"{edition}/{path}"})
        for path, file in sorted(written.items())
    ]


def _check_path(
    edition: EditionName, path: str, written: Mapping[str, ReleaseFile]
) -> None:
    problem = None
    if _RESERVED & set(path.split("/")[:-1]):
        problem = f"has `{path}`, in a folder with the name of an edition"
    if path in written or path == MANIFEST:
        problem = f"has two files of the name `{path}`"
    if problem:
        raise PublicationBlocked(
            f"The {edition} edition {problem}. "
            "This is a fault in the pages; nothing was published."
        )


def _described(path: str, content: bytes, *, is_data: bool) -> ReleaseFile:
    digest = sha256_hex(content)
    return ReleaseFile(path=path, sha256=digest, size=len(content), is_data=is_data)


def _edition_manifest(
    plan: ReleasePlan, edition: EditionName, files: Mapping[str, ReleaseFile]
) -> bytes:
    facts = plan.facts
    return canonical_json(
        EditionManifest(
            release_id=plan.release_id,
            edition=edition,
            as_of=facts.as_of,
            pipeline_version=facts.pipeline_version,
            contract_versions=facts.contract_versions,
            code_list_versions=facts.code_list_versions,
            fictional=facts.fictional,
            files=tuple(file for _, file in sorted(files.items())),
        )
    )


def write_once(store: Store, key: str, content: bytes) -> bool:
    """Write a file that never changes; False if the key has other content."""
    if store.put_if_absent(key, content, content_type=content_type(key)):
        return True
    return store.get(key) == content


def canonical_json(value: BaseModel) -> bytes:
    """Write a value as JSON, the same bytes in whatever order its parts came."""
    text = json.dumps(
        value.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True
    )
    return f"{text}\n".encode()
