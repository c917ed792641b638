"""Rules about lists of ours and about what came before: kept by one exchange, broken by another."""

import pytest

from tests.support.rule_exchanges import EXCHANGES, Desk
from tests.support.rule_files import own_catalogue
from tests.support.workspaces import make_workspace


@pytest.fixture
def desk(tmp_path, monkeypatch):
    # Reading the contracts takes longer than most of these exchanges.
    monkeypatch.setattr(
        "pcbl_pipeline.workspace.load_catalogue", lambda _: own_catalogue()
    )
    return Desk(make_workspace(tmp_path / "store"))


def codes_of(receipt):
    return {group.code for group in receipt.all_findings}


@pytest.mark.parametrize("code", EXCHANGES)
def test_broken_exchange_fires_its_rule_and_no_other(code, desk):
    pair = EXCHANGES[code]

    assert codes_of(pair.broken(desk)) == {code} | pair.also


#: Exchanges that keep several rules are held once.
KEPT = {pair.kept: (code, pair) for code, pair in EXCHANGES.items()}


@pytest.mark.parametrize(("code", "pair"), KEPT.values())
def test_kept_exchange_does_not_fire_the_rule(code, pair, desk):
    assert codes_of(pair.kept(desk)) == pair.says
