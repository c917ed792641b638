"""The network definition: states, agencies, sites, calendar, who may see what.

The values of `network.yaml`, frozen. Reading the file is the workspace's work.
"""

from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from pcbl_pipeline.errors import UnknownSender
from pcbl_pipeline.model.identifiers import (
    SITE_ID_PATTERN,
    STATE_FIPS,
    agency_id,
    school_year_of,
)

Edition = Literal["public", "network", "agency"]
#: The reporting windows of a school year, by their codes.
Window = Literal["fall", "mid_year", "spring", "end_of_year"]
WINDOWS: tuple[Window, ...] = get_args(Window)


def _day_of_every_year(value: str) -> str:
    try:
        date.fromisoformat(f"2025-{value}")
    except ValueError:
        raise ValueError(f"`{value}` is not a day of every year") from None
    return value


def _one_line(value: str) -> str:
    return " ".join(value.split())


MonthDay = Annotated[
    str,
    Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
    AfterValidator(_day_of_every_year),
]


class _Definition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class State(_Definition):
    """One state of the network and its education agency (SEA)."""

    fips: str
    code: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    name: str
    agency_name: str
    #: k: groups of fewer students are never shown. Source: the state's own n-size.
    minimum_group_size: int = Field(default=10, ge=3)

    @field_validator("fips")
    @classmethod
    def _known_fips(cls, value: str) -> str:
        if value not in STATE_FIPS:
            raise ValueError(f"`{value}` is not a state FIPS code; write two digits")
        return value

    @property
    def agency_id(self) -> str:
        """The agency's sender id; it names the agency's inbox."""
        return agency_id(self.fips)


class Site(_Definition):
    """A pilot site: a district, or one school, with its own inbox and outbox."""

    site_id: Annotated[str, Field(pattern=SITE_ID_PATTERN)]
    name: str
    cohort: str | None = None
    #: Address for notices; never published.
    contact_email: str | None = None

    @property
    def state_fips(self) -> str:
        """The state, from the id's first two digits."""
        return self.site_id[:2]

    @property
    def leaid(self) -> str:
        """The district's NCES id."""
        return self.site_id[:7]


class Calendar(_Definition):
    """When a school year begins and its reporting windows end (month-day)."""

    school_year_starts: MonthDay = "07-01"
    window_ends: dict[Window, MonthDay] = {
        "fall": "11-30",
        "mid_year": "02-15",
        "spring": "04-30",
        "end_of_year": "06-30",
    }
    #: Day after a school year's end from which its statistics are released: they are
    #: released once, so most sites should have sent theirs by then.
    statistics_due: MonthDay = "10-01"

    @property
    def starts(self) -> tuple[int, int]:
        """First day of a school year as (month, day)."""
        month, day = self.school_year_starts.split("-")
        return int(month), int(day)

    def first_day(self, school_year: str) -> date:
        """Return the first day of a school year written `YYYY-YYYY`."""
        return date(int(school_year[:4]), *self.starts)

    def window_end(self, school_year: str, window: Window) -> date:
        """Return the last day of a reporting window of a school year.

        A window that the calendar leaves out ends on its usual day.
        """
        usual = Calendar().window_ends
        month, day = (self.window_ends.get(window) or usual[window]).split("-")
        first = int(school_year[:4])
        is_in_first = (int(month), int(day)) >= self.starts
        return date(first if is_in_first else first + 1, int(month), int(day))

    def window_start(self, school_year: str, window: Window) -> date:
        """Return the day after the window before; the year's first day for the first."""
        ends = sorted(self.window_end(school_year, item) for item in WINDOWS)
        place = ends.index(self.window_end(school_year, window))
        if place == 0:
            return self.first_day(school_year)
        return ends[place - 1] + timedelta(days=1)

    def window_of(self, day: date) -> Window:
        """Return the window in which a day lies; after the last one, the last."""
        year = school_year_of(day, starts=self.starts)
        ends = {self.window_end(year, item): item for item in WINDOWS}
        return ends[min((end for end in ends if end >= day), default=max(ends))]

    def open_years(self, day: date) -> tuple[str, str]:
        """Return the school years that are sent on a day: that day's, and the last."""
        first = int(school_year_of(day, starts=self.starts)[:4])
        return f"{first}-{first + 1}", f"{first - 1}-{first}"

    def last_day(self, school_year: str) -> date:
        """Return the last day of a school year written `YYYY-YYYY`."""
        return date(int(school_year[:4]) + 1, *self.starts) - timedelta(days=1)

    def reported_year(self, day: date) -> str:
        """Return the newest school year whose statistics are due on a day."""
        first = int(school_year_of(day, starts=self.starts)[:4]) - 1
        if day < self._due(first):
            first -= 1
        return f"{first}-{first + 1}"

    def _due(self, first: int) -> date:
        """Return the first due day after the end of a year that began in `first`."""
        month, day = (int(part) for part in self.statistics_due.split("-"))
        end = self.last_day(f"{first}-{first + 1}")
        due = date(end.year, month, day)
        return due if due > end else date(end.year + 1, month, day)


class Officer(_Definition):
    """A person or office who may decide about releases."""

    name: Annotated[str, Field(pattern=r"\S"), AfterValidator(_one_line)]
    #: What the person is; for those who read the file.
    role: str | None = None


class Access(_Definition):
    """Who may read which edition: groups of readers, as the agencies name them."""

    public: tuple[str, ...] = ("anyone",)
    network: tuple[str, ...] = ("member_sites", "state_agencies")
    agency: tuple[str, ...] = ("state_agencies",)
    #: Each site's own edition.
    site: tuple[str, ...] = ("the_site", "its_state_agency")


class Sender(BaseModel):
    """Whoever has an inbox: a pilot site or a state's agency."""

    model_config = ConfigDict(frozen=True)

    sender_id: str
    name: str
    kind: Literal["site", "agency"]
    state_fips: str

    @property
    def leaid(self) -> str | None:
        """The district's NCES id, for a site."""
        return self.sender_id[:7] if self.kind == "site" else None


class Network(_Definition):
    """The whole network, as `network.yaml` defines it."""

    name: str
    #: True for invented networks: every page and receipt says so.
    fictional: bool = False
    time_zone: str = "America/Chicago"
    calendar: Calendar = Calendar()
    access: Access = Access()
    #: License under which the published data may be used; None: not decided yet.
    data_license: str | None = None
    #: Where readers find the folder `publications`: a web address, or the way to it
    #: from an answer's folder, as `../../../../publications`. None: not told.
    publications_url: (
        Annotated[str, Field(pattern=r"^(https?://[^\s\"<>]+|\.\.(/[\w.-]+)+)$")] | None
    ) = None
    #: Where readers may write to about the published data; it is published.
    contact_email: str | None = None
    #: Folder on the machine that publishes with a small model of sentences, for matching
    #: lessons by their sense; None: by codes and words alone.
    sentence_model: Path | None = None
    #: Whether a person has to approve a release before it becomes current.
    release_approval: Literal["required", "automatic"] = "automatic"
    #: Who alone may approve, reject or withdraw a release; none: whoever gives a name.
    officers: tuple[Officer, ...] = ()
    #: A release is made anew after this many days even when no data changed,
    #: because ages of open requests move on.
    release_max_age_days: int = Field(default=30, ge=1)
    states: tuple[State, ...]
    sites: tuple[Site, ...]

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"`{value}` is not an IANA time zone")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        fips = [state.fips for state in self.states]
        ids = [site.site_id for site in self.sites]
        names = [officer.name.casefold() for officer in self.officers]
        lists = (("state", fips), ("site", ids), ("officer", names))
        for kind, values in lists:
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"{kind} listed twice: {', '.join(twice)}")
        for site in self.sites:
            if site.state_fips not in fips:
                raise ValueError(
                    f"site {site.site_id} begins with {site.state_fips}, "
                    "which is none of the states listed"
                )
        return self

    @property
    def rule_pages(self) -> str | None:
        """Where each rule's page stands under its code, if that was told."""
        if self.publications_url is None:
            return None
        return f"{self.publications_url.rstrip('/')}/public/rules"

    @property
    def zone(self) -> ZoneInfo:
        """The agency's time zone."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def senders(self) -> dict[str, Sender]:
        """Everyone with an inbox, by sender id: sites first, then agencies."""
        sites = [
            Sender(
                sender_id=site.site_id,
                name=site.name,
                kind="site",
                state_fips=site.state_fips,
            )
            for site in self.sites
        ]
        agencies = [
            Sender(
                sender_id=state.agency_id,
                name=state.agency_name,
                kind="agency",
                state_fips=state.fips,
            )
            for state in self.states
        ]
        return {sender.sender_id: sender for sender in sites + agencies}

    def get_sender(self, sender_id: str) -> Sender:
        """Return a sender.

        Raises:
            UnknownSender: If the network definition does not have it.
        """
        try:
            return self.senders[sender_id]
        except KeyError:
            raise UnknownSender(sender_id) from None
