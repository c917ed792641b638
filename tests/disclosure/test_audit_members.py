"""Attacks by member sites: each knows its own numbers and takes them off the network's."""

import polars as pl
import pytest

from pcbl_pipeline.disclosure.audit.cells import ALL, read_cells
from pcbl_pipeline.disclosure.audit.evidence import State
from pcbl_pipeline.disclosure.audit.judge import judge
from pcbl_pipeline.disclosure.audit.question import Question
from tests.disclosure.attackers import Attacker, narrow_cells
from tests.support.audited import audited, ten
from tests.support.outcome_cells import cells_frame, drawn_counts, hidden_cells

TWO = ("0499901", "0499902")


def attacks(frame: pl.DataFrame, counts: pl.DataFrame):
    """Return what each site can tell of the others from a published frame."""
    found = {}
    for site_id in TWO:
        attacker = Attacker()
        attacker.read(frame)
        attacker.know_site(counts, site_id)
        others = counts.filter(pl.col("site_id") != site_id)
        found |= narrow_cells(attacker, others)
    return found


def drawn(seed: int, *, exact: bool) -> pl.DataFrame:
    """Return cells that are protected by the rules, but for the network's own."""
    counts = drawn_counts(2, seed=seed, smallest=30, largest=70)
    hidden = {
        key: reason
        for key, reason in hidden_cells(counts).items()
        if key[0] != ALL or reason == "primary"
    }
    return cells_frame(counts, hidden, exact=exact)


@pytest.mark.parametrize(("seed", "exact"), [(8, True), (11, False)])
def test_with_two_sites_neither_learns_of_the_other_from_the_network(seed, exact):
    frame = drawn(seed, exact=exact)

    assert attacks(frame, frame)
    assert attacks(audited(frame), frame) == {}


def test_the_member_and_the_audit_find_the_same_narrow_cells():
    frame = drawn(9, exact=True)
    system = Question(read_cells(frame), ten).attack().builder.build()

    exposed = {
        (verdict.secret.key.site_id, verdict.secret.key.student_group)
        for verdict in judge(system)
        if verdict.state == State.EXPOSED and verdict.secret.width == 9
    }

    found = attacks(frame, frame)
    assert found
    assert {key for key in exposed if key[0] != ALL} == set(found)


def test_no_site_can_tell_how_few_all_the_others_have():
    counts = {
        ("0499901", "ALL"): (20, 40),
        ("0499902", "ALL"): (2, 4),
        ("0499903", "ALL"): (2, 4),
        (ALL, "ALL"): (24, 48),
    }
    small = {("0499902", "ALL"): "primary", ("0499903", "ALL"): "primary"}
    frame = cells_frame(counts, small, exact=True)

    secrets = Question(read_cells(frame), ten).attack().builder.build().secrets

    (others,) = [secret for secret in secrets if secret.only is not None]
    assert (others.key.site_id, others.width) == (ALL, 9)
    hidden = audited(frame).filter(reason="audit")
    assert ALL in hidden["site_id"].to_list()
