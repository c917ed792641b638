"""After help: did the element that a request was about move to another stage?

What came after help did not come from help alone. So the same count stands beside it
for elements of which no answered request lies between the two ratings.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar, Edition
from pcbl_pipeline.summaries.answers import answered_requests
from pcbl_pipeline.summaries.measures import ratio
from pcbl_pipeline.summaries.planning_stages import HIGHEST, OF_ELEMENT, dated_stages
from pcbl_pipeline.summaries.small_groups import merged_groups
from pcbl_pipeline.summaries.topics import ALL, OTHER

#: Sites that must stand behind every number that the public sees (PUB3).
LEAST_SITES = 3
#: Elements that a share needs.
LEAST_FOR_SHARE = 3
NO_HELP = "no_help"
#: `full`: it was at the highest stage and stayed there, so it could not rise.
#: `not_yet`: no rating since. `unknown`: none before, so that nobody can tell.
MOVES = ("up", "same", "down", "full", "not_yet", "unknown")
_RATED = MOVES[:4]
_COULD_RISE = MOVES[:3]


@dataclass(frozen=True)
class MovesAfterHelp:
    """What followed help.

    Shape: `answered` has one row per answered request: number, school_year, topic,
    element_code, stage_before, stage_after, move; None in the public edition. No site
    is told: all stages of one site together would give it away. `by_topic` has `ALL`
    first, then the topics by code, `other_topics`, and `no_help`: elements without
    help, for comparison.
    """

    answered: pl.DataFrame | None
    by_topic: pl.DataFrame


def moves_after_help(
    requests: pl.DataFrame,
    events: pl.DataFrame,
    ratings: pl.DataFrame,
    *,
    calendar: Calendar,
    edition: Edition,
    as_of: date,
) -> MovesAfterHelp:
    """Compare the stages of an element before and after its request was answered.

    Before is the newest rating of a window that had begun by the day of the first
    event, if the site stood at that stage by then. After is the next rating of a
    window that ends later. Elements that nobody rates (MT) are left out. `up_share` is
    the share of those that rose among those that rose, fell, or stayed below the
    highest stage; blank for fewer than three of these.

    Shape: S7, S8 and S2 rows of any years.
    """
    stages = dated_stages(ratings, calendar, as_of)
    rated = stages.select(
        *OF_ELEMENT, *("window_start", "window_end", "stage", "since")
    )
    helped = _helped(requests, events, rated, as_of)
    beside = _beside(stages, helped)
    by_topic = _by_topic(helped, beside, edition)
    return MovesAfterHelp(_answered(helped) if edition != "public" else None, by_topic)


def _helped(
    requests: pl.DataFrame, events: pl.DataFrame, stages: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    answered = (
        answered_requests(requests, events, as_of=as_of)
        .filter(
            pl.col("first_event").is_not_null(),
            ~pl.col("element_code").str.starts_with("MT"),
        )
        .select(
            *("sender_id", "ta_request_id", "school_year", "topic"),
            *(*OF_ELEMENT, "first_event"),
        )
    )
    key = ("sender_id", "ta_request_id")
    both = answered.join(stages, on=OF_ELEMENT)
    day = pl.col("first_event")
    held = (pl.col("window_start") <= day) & (pl.col("since") <= day)
    before = _one(both.filter(held), key, keep="last").select(
        *key,
        pl.col("stage").alias("stage_before"),
        pl.col("window_end").alias("end_before"),
    )
    later = both.join(before, on=key).filter(
        pl.col("window_end") > pl.max_horizontal("end_before", "first_event")
    )
    after = _one(later, key, keep="first").select(
        *key,
        pl.col("stage").alias("stage_after"),
        pl.col("window_end").alias("end_after"),
    )
    return (
        answered.join(before, on=key, how="left")
        .join(after, on=key, how="left")
        .with_columns(_move())
    )


def _one(rows: pl.DataFrame, key: tuple[str, str], *, keep: str) -> pl.DataFrame:
    ordered = rows.sort("window_end", descending=keep == "last")
    return ordered.unique(key, keep="first", maintain_order=True)


def _move() -> pl.Expr:
    before, after = pl.col("stage_before"), pl.col("stage_after")
    return (
        pl.when(before.is_null())
        .then(pl.lit("unknown"))
        .when(after.is_null())
        .then(pl.lit("not_yet"))
        .when((before == HIGHEST) & (after == HIGHEST))
        .then(pl.lit("full"))
        .when(after > before)
        .then(pl.lit("up"))
        .when(after < before)
        .then(pl.lit("down"))
        .otherwise(pl.lit("same"))
        .alias("move")
    )


def _beside(stages: pl.DataFrame, helped: pl.DataFrame) -> pl.DataFrame:
    """Return two ratings in a row of elements without help between them."""
    pairs = stages.select(
        *OF_ELEMENT,
        pl.col("window_end").alias("end_after"),
        pl.col("stage").alias("stage_after"),
        *(
            pl.col(name).shift().over(OF_ELEMENT, order_by="window_end").alias(alias)
            for name, alias in (
                ("stage", "stage_before"),
                ("window_end", "end_before"),
            )
        ),
    ).drop_nulls("stage_before")
    spans = helped.select(
        *OF_ELEMENT,
        pl.col("end_before").alias("helped_from"),
        pl.col("end_after").alias("helped_to"),
    ).drop_nulls()
    touched = (
        pairs.join(spans, on=OF_ELEMENT)
        .filter(
            pl.col("end_before") >= pl.col("helped_from"),
            pl.col("end_after") <= pl.col("helped_to"),
        )
        .select(*OF_ELEMENT, "end_after")
    )
    own = (*OF_ELEMENT, "end_after")
    return pairs.join(touched, on=own, how="anti").with_columns(_move())


def _by_topic(
    helped: pl.DataFrame, beside: pl.DataFrame, edition: Edition
) -> pl.DataFrame:
    columns = ("topic", "site_id", "move")
    rows = pl.concat(
        [
            helped.with_columns(pl.lit(ALL).alias("topic")).select(columns),
            _under(helped, _shown(helped, edition)).select(columns),
            beside.with_columns(pl.lit(NO_HELP).alias("topic")).select(columns),
        ]
    )
    is_rated = pl.col("move").is_in(_RATED)
    counted = rows.group_by("topic").agg(
        pl.len().cast(pl.Int64).alias("answered"),
        pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
        pl.col("site_id").filter(is_rated).n_unique().alias("rated_sites"),
        *((pl.col("move") == name).sum().cast(pl.Int64).alias(name) for name in MOVES),
    )
    if edition == "public":
        counted = counted.filter(pl.col("rated_sites") >= LEAST_SITES)
    could_rise = pl.sum_horizontal(_COULD_RISE)
    share = pl.when(could_rise >= LEAST_FOR_SHARE).then(ratio(pl.col("up"), could_rise))
    return (
        counted.with_columns(share.alias("up_share"))
        .sort(
            pl.col("topic") != ALL,
            pl.col("topic") == NO_HELP,
            pl.col("topic") == OTHER,
            "topic",
        )
        .select("topic", "answered", "sites", *MOVES, "up_share")
    )


def _shown(helped: pl.DataFrame, edition: Edition) -> dict[str, str | None]:
    """Return topic → under which it is shown: few rated sites never stand alone."""
    topics = helped["topic"].unique().to_list()
    if edition != "public":
        return {topic: topic for topic in topics}
    rated = helped.filter(pl.col("move").is_in(_RATED))
    members = {
        topic: rated.filter(topic=topic)["site_id"].to_list() for topic in topics
    }
    return merged_groups(members, least=LEAST_SITES, into=OTHER)


def _under(helped: pl.DataFrame, shown: dict[str, str | None]) -> pl.DataFrame:
    under = pl.col("topic").replace_strict(
        list(shown), list(shown.values()), return_dtype=pl.String
    )
    return helped.with_columns(under).drop_nulls("topic")


def _answered(helped: pl.DataFrame) -> pl.DataFrame:
    # Sorted by what is shown alone, so that the order of the rows tells nothing else.
    shown = (
        *("school_year", "topic", "element_code"),
        *("stage_before", "stage_after", "move"),
    )
    return (
        helped.sort(shown, nulls_last=True)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("number"))
        .select("number", *shown)
    )
