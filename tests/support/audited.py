"""Frames of cells as the audit lets them go out, alone or after earlier releases."""

import polars as pl

from pcbl_pipeline.disclosure.audit.cells import read_cells
from pcbl_pipeline.disclosure.audit.earlier import EarlierRelease, hidden_before
from pcbl_pipeline.disclosure.audit.question import Question
from pcbl_pipeline.disclosure.audit.repair import Outcome, audit
from tests.support.outcome_cells import FAMILY


def ten(site_id: str) -> int:
    return 10


def told(frame: pl.DataFrame) -> EarlierRelease:
    """Return what a frame told when it was released: no counts."""
    cells = frame.drop("numerator", "denominator")
    return EarlierRelease("2026-11-20", FAMILY, read_cells(cells))


def audited(frame: pl.DataFrame, *earlier: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with what the audit hides in it."""
    outcome, hidden = judged(frame, *earlier)
    assert outcome.unsafe == ()
    return hide(frame, hidden)


def judged(frame: pl.DataFrame, *earlier: pl.DataFrame) -> tuple[Outcome, set]:
    """Return the audit's outcome, and all the cells that it hides."""
    releases = tuple(told(item) for item in earlier)
    question = Question(read_cells(frame), ten, earlier=releases)
    before = hidden_before(question.cells, releases)
    outcome = audit(question.without(before))
    return outcome, {*before, *outcome.hidden}


def hide(frame: pl.DataFrame, hidden: set) -> pl.DataFrame:
    """Return the frame with some cells hidden."""
    key = pl.concat_str("site_id", pl.lit("|"), "student_group")
    gone = key.is_in([f"{item.site_id}|{item.student_group}" for item in hidden])
    return frame.with_columns(
        pl.when(~gone).then("n_band").alias("n_band"),
        pl.when(~gone).then("percent_band").alias("percent_band"),
        pl.when(gone).then(pl.lit("audit")).otherwise("reason").alias("reason"),
    )
