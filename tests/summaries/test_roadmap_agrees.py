"""PUB9 agrees with a second implementation, and with itself in any row order."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.roadmap import roadmap_comparison
from tests.summaries.oracle_roadmap import expected_roadmap
from tests.support.frames import lake_rows

AS_OF = date(2026, 6, 30)
ACTORS = ("legislature", "governor", "sea_staff", "intermediary", "local_board")
NAMES = ("actions", "decisions", "supports", "leads", "logic")


def actions_of(random):
    return [
        {
            "state_fips": random.choice(("04", "32", "38")),
            "action_id": f"A-{number:02d}",
            "decision_point": random.choice(("DP01", "DP04", "DP05", "DP09")),
            "decision": random.choice(("decided_yes", "deferred", "considering")),
            "decided_on": random.choice(
                (None, AS_OF - timedelta(random.choice((-1, 0, 1, 30, 400))))
            ),
            "status": random.choice(("in_effect", "in_effect", "planned", "ended")),
            "lead_actor": random.choice(ACTORS),
            "support_category": random.choice(("funding", "ta_coaching")),
            "logic_component": random.choice(("inputs", "outcomes")),
            "amount_usd": random.choice((None, random.randint(0, 10**9) / 100)),
        }
        for number in random.sample(range(60), random.randint(0, 25))
    ]


networks = st.randoms(use_true_random=True).map(actions_of)


@settings(max_examples=25, deadline=None)
@given(networks)
def test_agrees_with_a_second_implementation(rows):
    actions = lake_rows("state_action", rows)
    decisions, supports, leads, logic = expected_roadmap(actions, as_of=AS_OF)

    result = roadmap_comparison(actions, as_of=AS_OF)

    columns = (
        *("state_fips", "decision_point", "action_id", "decision", "status"),
        *("lead_actor", "branch", "decided_on", "order", "actions"),
    )
    assert result.decisions.select(columns).rows() == decisions
    assert result.supports.rows() == supports
    assert result.leads.rows() == leads
    assert result.logic.rows() == logic


@settings(max_examples=10, deadline=None)
@given(networks, st.randoms())
def test_the_order_of_rows_never_changes_a_row(rows, random):
    before = roadmap_comparison(lake_rows("state_action", rows), as_of=AS_OF)
    random.shuffle(rows)

    after = roadmap_comparison(lake_rows("state_action", rows), as_of=AS_OF)

    for name in NAMES:
        # The number of a row in its file is not published.
        tables = (getattr(found, name) for found in (before, after))
        one, other = (t.drop("row_number", strict=False) for t in tables)
        assert one.equals(other)
