"""PUB7's connection: the lake's rows and the network edition, to rows of every site.

What comes from the network comes from what is published there, never from the lake.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.operations.summaries.needs import released_needs
from pcbl_pipeline.operations.summaries.outcomes import counted_outcomes
from pcbl_pipeline.operations.summaries.planning import plan_of
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.tables.mirror import (
    PUB7_BARRIERS,
    PUB7_EXPERIENCE,
    PUB7_INDEX,
    PUB7_LEARNING,
    PUB7_LESSONS,
    PUB7_NEAR_DUPLICATES,
    PUB7_OUTCOMES,
    PUB7_REQUESTS,
    PUB7_STAGES,
)
from pcbl_pipeline.summaries.meaning_match import Encode, LessonMeanings
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
from pcbl_pipeline.summaries.mirror_texts import Search, with_text_matches
from pcbl_pipeline.summaries.near_duplicates import (
    near_duplicates,
    pairs_of_sites,
    with_decisions,
)
from pcbl_pipeline.summaries.planning_named import with_session
from pcbl_pipeline.summaries.text_match import LessonTexts

#: What `matched_by` says of a lesson that shares words with a need, or is near to it.
BY_TEXT, BY_MEANING = "text", "meaning"


@dataclass(frozen=True)
class SiteTexts:
    """What decides how texts of sites may be used."""

    narratives: Narratives
    #: What agencies decided about pairs of lessons.
    pair_decisions: pl.DataFrame
    #: From texts to vectors, where the network has a model of sentences.
    encode: Encode | None = None


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
    texts: SiteTexts,
    as_of: date,
) -> dict[str, pl.DataFrame]:
    """Return the tables of all sites' mirror reports, each with `site_id`."""
    stages = own_stages(rows.frame("implementation_status"), calendar.window_end)
    requests = with_session(
        open_requests(rows.frame("ta_request"), rows.frame("ta_event"), as_of=as_of),
        plan_of(rows, calendar, as_of),
    )
    barriers = open_barriers(rows.frame("barrier_and_waiver"), as_of=as_of)
    shared, tables = network.lessons.lessons, network.tables
    own = _own_lessons(rows.frame("lesson_learned"), public_ids)
    lessons = with_text_matches(
        lessons_for_sites(stages, barriers, requests, shared, own),
        released_needs(rows, barriers, requests, texts.narratives),
        shared,
        own,
        _searches(shared, texts.encode),
    )
    return {
        PUB7_STAGES.name: beside_stages(stages, published_stages(tables)),
        PUB7_INDEX.name: beside_index(own_index(stages), published_quartiles(tables)),
        PUB7_OUTCOMES.name: _outcomes(rows, tables, calendar, as_of),
        PUB7_EXPERIENCE.name: _experience(rows, tables, calendar),
        PUB7_REQUESTS.name: requests,
        PUB7_BARRIERS.name: barriers,
        PUB7_LESSONS.name: with_stage_now(lessons, named_stages(tables)),
        PUB7_NEAR_DUPLICATES.name: pairs_of_sites(
            with_decisions(near_duplicates(shared), shared, texts.pair_decisions),
            shared,
            own,
        ),
        PUB7_LEARNING.name: own_learning(rows.frame("educator_learning")),
    }


def _searches(lessons: pl.DataFrame, encode: Encode | None) -> dict[str, Search]:
    searches: dict[str, Search] = {BY_TEXT: LessonTexts(lessons).search}
    if encode is not None:
        searches[BY_MEANING] = LessonMeanings(lessons, encode).search
    return searches


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
