"""Officers: who may decide about releases, and under which name it stands on record.

What does not belong here: what follows from a decision (`releases`).
"""

from pcbl_pipeline.errors import ReleaseImpossible
from pcbl_pipeline.model.network import Network


def officer(network: Network, by: str) -> str:
    """Return who decides about a release, as the network writes the name.

    Raises:
        ReleaseImpossible: If it is blank, or none of those who may decide.
    """
    said = said_by(by)
    if not network.officers:
        return said
    for item in network.officers:
        if item.name.casefold() == said.casefold():
            return item.name
    raise ReleaseImpossible(
        f"`{said}` may not decide about releases. network.yaml lists as officers: "
        f"{', '.join(item.name for item in network.officers)}."
    )


def said_by(by: str) -> str:
    """Return who says something that is kept, without blanks that mean nothing.

    Raises:
        ReleaseImpossible: If nothing is left.
    """
    if not by.strip():
        raise ReleaseImpossible("Say who decides: a decision has somebody's name.")
    return " ".join(by.split())
