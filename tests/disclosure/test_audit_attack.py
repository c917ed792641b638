"""Attacks: planted small groups, and an attacker who tries to work them out.

Each attack must succeed where the protection is switched off; else it proves nothing.
"""

from dataclasses import replace

import polars as pl
import pytest

from pcbl_pipeline.disclosure.audit.cells import read_cells
from pcbl_pipeline.disclosure.audit.evidence import State
from pcbl_pipeline.disclosure.audit.judge import judge
from pcbl_pipeline.disclosure.audit.question import Question
from tests.disclosure.attackers import Attacker, narrow_cells
from tests.support.audited import audited, ten
from tests.support.outcome_cells import (
    cells_frame,
    drawn_counts,
    small_cells,
)

SITES = 3


def attack(frame: pl.DataFrame):
    attacker = Attacker()
    attacker.read(frame)
    return narrow_cells(attacker, frame)


@pytest.mark.parametrize("seed", [3])
def test_bands_alone_tell_small_groups_and_audited_bands_do_not(seed):
    counts = drawn_counts(SITES, seed=seed, smallest=11, largest=30)
    unprotected = cells_frame(counts, small_cells(counts))

    assert attack(unprotected)
    assert attack(audited(unprotected)) == {}


def test_counts_tell_small_groups_and_audited_counts_do_not():
    counts = drawn_counts(SITES, seed=4)
    unprotected = cells_frame(counts, small_cells(counts), exact=True)

    known = attack(unprotected)

    assert any(low == high for low, high in known.values())
    assert attack(audited(unprotected)) == {}


def test_the_attacker_and_the_audit_find_the_same_narrow_cells():
    counts = drawn_counts(SITES, seed=5, smallest=11, largest=60)
    frame = cells_frame(counts, small_cells(counts))
    system = Question(read_cells(frame), ten).attack().builder.build()

    exposed = {
        (verdict.secret.key.site_id, verdict.secret.key.student_group)
        for verdict in judge(replace(system, members=()))
        if verdict.state == State.EXPOSED and verdict.secret.width == 9
    }

    assert {key for key in exposed if key[0] != "ALL"} == set(attack(frame))
