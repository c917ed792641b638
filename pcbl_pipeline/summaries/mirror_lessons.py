"""Lessons of others that bear on what a site works on, with the reason (PUB7).

By codes: the same element as one that the site wants to work on next, as an open
request, or the same element or area of policy as an open barrier. Lessons come from the
network edition of PUB1 as published; which of them are a site's own is told by their
public ids. What the texts say is searched afterwards (`mirror_texts`).
"""

import polars as pl

#: Lessons that a site is shown for each kind of reason.
LISTED = 5
NO_POLICY_AREA = "PA0"
PRIORITY, BARRIER, REQUEST = BASES = ("priority_element", "barrier", "request")


def lessons_for_sites(
    stages: pl.DataFrame,
    barriers: pl.DataFrame,
    requests: pl.DataFrame,
    lessons: pl.DataFrame,
    own: pl.DataFrame,
) -> pl.DataFrame:
    """Return up to five lessons by others per site and kind of reason.

    In the order of PUB1: by tier of evidence (none last), then the newest, then the
    public id. A lesson stands once per kind of reason, with its first reason: the
    lowest code of an element, the most severe barrier, the oldest request.

    Shape: `stages`, `barriers`, `requests` as in `mirror`; `lessons` as PUB1
    publishes them; `own` has site_id and public_id. One row per site, basis and rank:
    reference (an element, or the id of the barrier or request), matched_by (`element`
    or `policy_area`), own_stage (the site's newest stage of the lesson's element),
    and from the lesson public_id, element_code, lesson_type, title, site_label,
    lesson_date, evidence_tier, policy_area, stage_at_time.
    """
    newest = _newest(stages)
    reasons = pl.concat(
        [_of_priorities(newest), _of_barriers(barriers), _of_requests(requests)]
    )
    matches = pl.concat(
        [
            _matched(reasons, lessons, "element"),
            _matched(reasons, lessons, "policy_area"),
        ]
    )
    by_others = matches.join(own, on=("site_id", "public_id"), how="anti")
    return (
        _ranked(by_others)
        .join(
            newest.select(
                "site_id", "element_code", pl.col("stage").alias("own_stage")
            ),
            on=("site_id", "element_code"),
            how="left",
        )
        .sort("site_id", pl.col("basis").cast(pl.Enum(BASES)), "rank")
    )


def _newest(stages: pl.DataFrame) -> pl.DataFrame:
    is_newest = pl.col("window_end") == pl.col("window_end").max().over("site_id")
    return stages.filter(is_newest)


def _of_priorities(newest: pl.DataFrame) -> pl.DataFrame:
    return _reasons(
        newest.filter("is_priority_next").sort("site_id", "element_code"),
        PRIORITY,
        reference="element_code",
    )


def _of_barriers(barriers: pl.DataFrame) -> pl.DataFrame:
    area = pl.col("policy_area")
    return _reasons(
        barriers,
        BARRIER,
        reference="barrier_id",
        policy_area=pl.when(area != NO_POLICY_AREA).then(area),
    )


def _of_requests(requests: pl.DataFrame) -> pl.DataFrame:
    return _reasons(requests, REQUEST, reference="ta_request_id")


def _reasons(
    rows: pl.DataFrame,
    basis: str,
    *,
    reference: str,
    policy_area: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return rows as reasons, in their order, which decides between them."""
    area = pl.lit(None) if policy_area is None else policy_area
    return rows.select(
        "site_id",
        pl.lit(basis).alias("basis"),
        pl.int_range(pl.len()).alias("place"),
        pl.col(reference).alias("reference"),
        pl.col("element_code").alias("element"),
        area.cast(pl.String).alias("policy_area"),
    )


def _matched(reasons: pl.DataFrame, lessons: pl.DataFrame, by: str) -> pl.DataFrame:
    column = "element_code" if by == "element" else by
    return reasons.join(
        lessons.with_columns(pl.col(column).alias("same")),
        left_on=by,
        right_on="same",
        suffix="_of_lesson",
    ).select(
        *("site_id", "basis", "place", "reference"),
        pl.lit(by).alias("matched_by"),
        *("public_id", "element_code", "lesson_type", "title", "site_label"),
        *("lesson_date", "evidence_tier"),
        pl.col("policy_area_of_lesson").alias("policy_area"),
        "stage_at_time",
    )


def _ranked(matches: pl.DataFrame) -> pl.DataFrame:
    tier = pl.col("evidence_tier").fill_null(0)
    best = matches.sort("place", "matched_by").unique(
        ("site_id", "basis", "public_id"), keep="first", maintain_order=True
    )
    return (
        best.sort(
            *(tier == 0, tier, "lesson_date", "public_id"),
            descending=[False, False, True, False],
        )
        .with_columns(
            pl.int_range(1, pl.len() + 1).over("site_id", "basis").alias("rank")
        )
        .filter(pl.col("rank") <= LISTED)
        .drop("place")
    )


def with_stage_now(lessons: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Add the stage at which a lesson's site is now, where PUB3 names that site.

    Shape: `named` has site_name, element_code and stage, one row per name and element.
    """
    now = named.select("site_name", "element_code", pl.col("stage").alias("stage_now"))
    return lessons.join(
        now.unique(("site_name", "element_code"), keep="none"),
        left_on=("site_label", "element_code"),
        right_on=("site_name", "element_code"),
        how="left",
        maintain_order="left",
    )
