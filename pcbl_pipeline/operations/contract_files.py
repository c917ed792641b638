"""The contracts as files that other people's tools read, and as pages for people.

They are published with every release, and `pcbl contracts export` writes them. What
does not belong here: what such a file says.
"""

import json
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.dictionary import generated_pages
from pcbl_pipeline.contracts.table_schema import table_schema
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.validation.home_suite import home_suite

#: Where they stand in a release.
FOLDER = "contracts"
#: Form → what makes it. The names are those of `pcbl contracts show --as`.
FORMS = {"table-schema": table_schema, "gx-suite": home_suite}


@lru_cache(maxsize=4)
def contract_files(catalogue: Catalogue) -> dict[str, bytes]:
    """Return every version of every contract in every form, by path.

    The same contracts give the same bytes.
    """
    return {
        f"{FOLDER}/{_name(contract)}.{form}.json": contract_json(
            contract, catalogue, form
        )
        for contract in catalogue.every_version
        for form in FORMS
    }


@lru_cache(maxsize=4)
def template_files(
    catalogue: Catalogue, years: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """Return the template of every dataset that is collected now, by path.

    For whoever has a browser and no `pcbl`. `years` are the school years that are
    offered. The same contracts and years give the same bytes.
    """
    files = {}
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        for dataset, contract in catalogue.contracts.items():
            path = Path(folder) / f"{dataset}-template.xlsx"
            write_template([contract], catalogue, path, years=years)
            files[f"{FOLDER}/{path.name}"] = path.read_bytes()
    return files


def contract_pages(catalogue: Catalogue) -> dict[str, str]:
    """Return the data dictionary and the rules as Markdown, by path."""
    pages = generated_pages(catalogue)
    return {f"{FOLDER}/{path}": text for path, text in pages.items()}


def contract_json(contract: Contract, catalogue: Catalogue, form: str) -> bytes:
    """Return one contract in one form.

    Raises:
        KeyError: If there is no such form.
    """
    content = FORMS[form](contract, catalogue)
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def export_contracts(catalogue: Catalogue, folder: Path) -> Iterator[Path]:
    """Write all contract files into a folder; yield each path once it is written."""
    for name, content in contract_files(catalogue).items():
        path = folder / Path(name).name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        yield path


def _name(contract: Contract) -> str:
    return f"{contract.dataset}-{contract.version}"
