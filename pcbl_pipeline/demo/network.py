"""The invented network: sixteen sites in four states, and an example to start from.

What does not belong here: what the sites send (`corpus`), and reading a network file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from pcbl_pipeline.model.network import Network

_TEXTS = Path(__file__).parent / "texts"
_NAME = "Four-State Pilot Network (fictional)"

#: Key of the network definition → the comment above it in the written file.
_COMMENTS = {
    "name": "An invented network. No site, agency, person or event in it is real.",
    "fictional": "true: every page and receipt says that the network is invented.",
    "time_zone": "Where the agency's calendar days begin and end (IANA name).",
    "calendar": "First day of a school year and last days of the windows (MM-DD).",
    "access": "Groups of readers of each edition.",
    "data_license": "License under which the published data may be used.",
    "release_approval": "Whether a named officer approves a release before it is current.",
    "officers": "Who alone may approve, reject or withdraw a release (invented).",
    "contact_email": "Where readers may write to about the published data.",
    "publications_url": "From an answer's folder to the published pages; receipts link them.",
    "sentence_model": "Folder with a model of sentences, to match lessons by sense too.",
    "release_max_age_days": "A release is made anew after this many days at the latest.",
    "states": "States with their agencies; below minimum_group_size nobody is shown.",
    "sites": "Sites by NCES id. These ids are from a range that is in no real use.",
}


def demo_network() -> Network:
    """Return the invented network."""
    content = read_mapping("sites")
    return Network.model_validate(
        {
            "name": _NAME,
            "fictional": True,
            "time_zone": "America/Chicago",
            "data_license": "CC BY 4.0",
            "publications_url": "../../../../publications",
            "contact_email": "pilot@example.org",
            "officers": content["officers"],
            "states": [_state(item) for item in content["agencies"]],
            "sites": [_site(item) for item in content["sites"]],
        }
    )


def network_yaml() -> str:
    """Return the invented network as a commented `network.yaml`."""
    definition = demo_network().model_dump(mode="json")
    sections = [
        f"# {_COMMENTS[key]}\n{_dump({key: definition[key]})}" for key in _COMMENTS
    ]
    return "\n".join(sections)


def example_network_yaml() -> str:
    """Return a commented `network.yaml` for a new network to start from."""
    return (_TEXTS / "network_example.yaml").read_text(encoding="utf-8")


def read_mapping(name: str) -> dict[str, Any]:
    """Return the content of a text file that holds a mapping."""
    content: dict[str, Any] = _read(name)
    return content


def read_list(name: str) -> list[dict[str, Any]]:
    """Return the content of a text file that holds a list."""
    content: list[dict[str, Any]] = _read(name)
    return content


def _read(name: str) -> Any:  # noqa: ANN401 - the callers say what it is
    return yaml.safe_load((_TEXTS / f"{name}.yaml").read_text(encoding="utf-8"))


def _state(item: Mapping[str, str]) -> dict[str, str]:
    return {
        "fips": item["fips"],
        "code": item["code"],
        "name": item["name"],
        "agency_name": item["agency"],
    }


def _site(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        "site_id": item["site_id"],
        "name": item["name"],
        "cohort": item["cohort"]["label"],
        "contact_email": item["contact"]["email"],
    }


class _Dumper(yaml.SafeDumper):
    """Puts texts that begin with a digit into quotes, so that ids keep their zeros."""


def _quote_digits(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if text[:1].isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quote_digits)


def _dump(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
