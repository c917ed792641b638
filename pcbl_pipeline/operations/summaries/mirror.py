"""PUB7's connection: the lake's rows and the network edition, to rows of every site.

What comes from the network comes from what is published there, never from the lake.
"""

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.operations.summaries.outcomes import counted_outcomes
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.tables.mirror import (
    PUB7_BARRIERS,
    PUB7_EXPERIENCE,
    PUB7_INDEX,
    PUB7_LEARNING,
    PUB7_LESSONS,
    PUB7_OUTCOMES,
    PUB7_REQUESTS,
    PUB7_STAGES,
)
from pcbl_pipeline.summaries.mirror import (
    open_barriers,
    open_requests,
    own_experience,
    own_index,
    own_learning,
    own_outcomes,
    own_stages,
)
from pcbl_pipeline.summaries.mirror_lessons import lessons_for_sites, with_stage_now
from pcbl_pipeline.summaries.mirror_network import (
    beside_bands,
    beside_index,
    beside_stages,
    for_each_survey,
    named_stages,
    published_bands,
    published_quartiles,
    published_stages,
)

_OF_OUTCOMES = (
    *("school_year", "metric_code", "grade_band", "pilot_scope", "student_group"),
)
_OF_EXPERIENCE = (
    *("school_year", "respondent", "construct_code", "instrument", "student_group"),
)


def mirror_tables(
    rows: LakeRows,
    network: EditionContent,
    *,
    calendar: Calendar,
    public_ids: Callable[[str], str],
    as_of: date,
) -> dict[str, pl.DataFrame]:
    """Return the tables of all sites' mirror reports, each with `site_id`."""
    stages = own_stages(rows.frame("implementation_status"), calendar.window_end)
    requests = open_requests(
        rows.frame("ta_request"), rows.frame("ta_event"), as_of=as_of
    )
    barriers = open_barriers(rows.frame("barrier_and_waiver"), as_of=as_of)
    lessons = lessons_for_sites(
        stages,
        barriers,
        requests,
        network.lessons.lessons,
        _own_lessons(rows.frame("lesson_learned"), public_ids),
    )
    tables = network.tables
    return {
        PUB7_STAGES.name: beside_stages(stages, published_stages(tables)),
        PUB7_INDEX.name: beside_index(own_index(stages), published_quartiles(tables)),
        PUB7_OUTCOMES.name: _outcomes(rows, tables, calendar, as_of),
        PUB7_EXPERIENCE.name: _experience(rows, tables, calendar),
        PUB7_REQUESTS.name: requests,
        PUB7_BARRIERS.name: barriers,
        PUB7_LESSONS.name: with_stage_now(lessons, named_stages(tables)),
        PUB7_LEARNING.name: own_learning(rows.frame("educator_learning")),
    }


def _outcomes(
    rows: LakeRows,
    tables: Mapping[str, pl.DataFrame],
    calendar: Calendar,
    as_of: date,
) -> pl.DataFrame:
    published = published_bands(tables, "pub5_", _OF_OUTCOMES)
    counted = counted_outcomes(rows, calendar, calendar.reported_year(as_of))
    own = own_outcomes(rows.frame("outcome_metric"), counted)
    return beside_bands(own, published, _OF_OUTCOMES)


def _experience(
    rows: LakeRows, tables: Mapping[str, pl.DataFrame], calendar: Calendar
) -> pl.DataFrame:
    published = published_bands(tables, "pub6_", _OF_EXPERIENCE)
    own = own_experience(rows.frame("perception_survey"), calendar.window_end)
    return beside_bands(own, for_each_survey(published, own), _OF_EXPERIENCE)


def _own_lessons(
    lessons: pl.DataFrame, public_ids: Callable[[str], str]
) -> pl.DataFrame:
    own = lessons.select("site_id", "lesson_id").unique(maintain_order=True)
    ids = [public_ids(lesson_id) for lesson_id in own["lesson_id"]]
    return own.select("site_id", pl.Series("public_id", ids, dtype=pl.String))
