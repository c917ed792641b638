"""Loading source mappings: from YAML to values, one mapping extending another.

What does not belong here: what a mapping may say (`source`), and where a site's own
mappings are kept.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.contracts.source_errors import why_not_usable, why_not_yaml
from pcbl_pipeline.errors import ContractInvalid

Sources = dict[str, SourceMapping]
#: Entries that an extending mapping adds to, name by name.
_MERGED = ("fields", "crosswalks")


def load_sources(folder: Path) -> Sources:
    """Load every shipped mapping below a folder's `sources/`, by name.

    Raises:
        ContractInvalid: With the file and what is wrong in it.
    """
    sources: Sources = {}
    for path in sorted(folder.glob("sources/*.yaml")):
        mapping = parse_source(path.read_text(encoding="utf-8"), {}, name=path.name)
        sources[mapping.source] = mapping
    return sources


def parse_source(
    text: str, known: Mapping[str, SourceMapping], *, name: str
) -> SourceMapping:
    """Read one mapping; what it `extends` must be known.

    Raises:
        ContractInvalid: With the name of the file and what is wrong in it.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ContractInvalid(f"{name}: {why_not_yaml(text, error)}") from error
    if not isinstance(content, dict):
        raise ContractInvalid(f"{name} does not hold a mapping.")
    try:
        return SourceMapping.model_validate(_extended(content, known, name))
    except ValidationError as error:
        raise ContractInvalid(f"{name}: {why_not_usable(error)}") from error


def _extended(
    content: dict[str, Any], known: Mapping[str, SourceMapping], name: str
) -> dict[str, Any]:
    parent = content.pop("extends", None)
    if parent is None:
        return content
    if parent not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise ContractInvalid(
            f"{name} extends `{parent}`, which is not known. Known are: {listed}."
        )
    base = known[parent].model_dump(exclude_unset=True)
    for entry in _MERGED:
        content[entry] = {**base.get(entry, {}), **(content.get(entry) or {})}
    return base | content
