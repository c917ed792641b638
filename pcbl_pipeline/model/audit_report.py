"""The report of a release's audit: how much was judged and hidden. Never a value."""

from pydantic import BaseModel, ConfigDict


class AuditReport(BaseModel):
    """Counts alone, so that it can stand in a manifest.

    Nothing here depends on the machine or its load: equal tables, equal reports.
    """

    model_config = ConfigDict(frozen=True)

    #: Cells of all tables, and those hidden for each reason in the end.
    cells: int
    hidden: dict[str, int]
    #: Secrets judged, and how many the first look found in each state of proof.
    secrets: int
    found: dict[str, int]
    #: Differences withdrawn because a rate could be told from them.
    differences_withdrawn: int
    #: Families of which nothing new is told, since their last published figures would
    #: give something away beside it.
    families_held: tuple[str, ...]
    #: Earlier releases that the new one was audited with, and the most rounds of repair.
    earlier_releases: int
    rounds: int
