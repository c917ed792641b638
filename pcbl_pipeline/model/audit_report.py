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
    #: The most rounds of repair.
    rounds: int
    #: Families whose last published figures were repeated, since no new ones are safe,
    #: and those of which nothing is shown, since nothing was published before.
    families_held: tuple[str, ...] = ()
    families_withheld: tuple[str, ...] = ()
    #: Earlier releases that the new one was audited with.
    earlier_releases: int = 0
