"""What one edition of a release is made from: plain values and frames.

Nothing here computes or hides anything. Every row that arrives here is published
to the readers of its edition; what they may not see must have been left out before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.model.network import Edition


@dataclass(frozen=True)
class LessonsContent:
    """PUB1 as it is published.

    Shape: `groups` has one row per element and lesson type, in the digest's order;
    `lessons` one row per lesson. Columns as in `tables.PUB1_GROUPS`, `PUB1_LESSONS`.
    """

    groups: pl.DataFrame
    lessons: pl.DataFrame


@dataclass(frozen=True)
class AssistanceContent:
    """PUB2 of one school year as it is published.

    Shape: `topics` has one row per topic, `ALL` first; `unmet` one row per topic with
    open requests, by rank; `modes` one row per way of giving help. Columns as in
    `tables.PUB2_TOPICS`, `PUB2_UNMET`, `PUB2_MODES`, without `period`.
    """

    period: str
    topics: pl.DataFrame
    unmet: pl.DataFrame
    modes: pl.DataFrame


@dataclass(frozen=True)
class Change:
    """How many rows of a published table are not as the last release had them."""

    table: str
    added: int
    removed: int
    changed: int


@dataclass(frozen=True)
class Changes:
    """What is not as the last release had it. Lessons by their public ids."""

    previous: str
    previous_as_of: date
    tables: tuple[Change, ...]
    new_lessons: tuple[str, ...]
    revised_lessons: tuple[str, ...]
    withdrawn_lessons: int


@dataclass(frozen=True)
class PublishedErratum:
    """What releases had wrong, as its readers are told."""

    number: int
    text: str
    tables: tuple[str, ...]
    release_id: str
    day: date


@dataclass(frozen=True)
class History:
    """What a release says of those before it; `changes` is None in the first."""

    changes: Changes | None
    #: The newest first.
    errata: tuple[PublishedErratum, ...]
    #: The releases before this one as (number, day of the data), the newest first.
    releases: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class EditionContent:
    """Everything that the files and pages of one edition say."""

    edition: Edition
    network_name: str
    #: True for invented networks: every page says so.
    fictional: bool
    #: State FIPS code → the state's name, for the states of the network.
    states: Mapping[str, str]
    #: The day in the network's time zone up to which the data count.
    as_of: date
    lessons: LessonsContent
    #: The newest school year first.
    assistance: tuple[AssistanceContent, ...]
    code_lists: Mapping[str, CodeList]
    pipeline_version: str
    contract_versions: Mapping[str, str]
    #: The license of the data by its name, for instance `CC BY 4.0`; None: not set.
    license_name: str | None = None
    #: Path → Markdown of the data dictionary and the rules.
    documents: Mapping[str, str] = field(default_factory=dict)
    #: Path → bytes of the contracts in forms that other tools read.
    contract_files: Mapping[str, bytes] = field(default_factory=dict)
    #: Table name → rows of the further summaries (`publication/tables`). A table that
    #: is missing here is not published in this edition.
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    #: State FIPS code → that state's own words for the model, as of the day.
    state_terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: What came before this release; None where only the contents matter.
    history: History | None = None
    #: The address under which `publications/` is served; None: not known.
    site_url: str | None = None
    #: Where readers may write to about the data; None: not set.
    contact_email: str | None = None
