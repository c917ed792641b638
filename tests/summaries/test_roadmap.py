"""PUB9 against answers worked out by hand, and the evidence beside it."""

from datetime import date

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.summaries.roadmap import BRANCHES, roadmap_comparison
from pcbl_pipeline.summaries.roadmap_evidence import AREAS, roadmap_evidence
from tests.support.frames import lake_rows, lake_table

AS_OF = date(2026, 6, 30)
ACTIONS = """
| state_fips | action_id | decision_point | decision    | status      | lead_actor   | decided_on | support_category | amount_usd | barrier_ids |
| 04         | a1        | DP05           | decided_yes | ended       | legislature  | 2021-05-20 | funding          | 900.25     |             |
| 04         | a2        | DP05           | decided_yes | in_effect   | state_board  | 2023-05-20 | funding          | 100.50     | b1;b2       |
| 04         | a3        | DP05           | considering | considering | governor     |            | funding          |            |             |
| 04         | a4        | DP01           | decided_yes | in_effect   | sea_staff    | 2021-05-20 | ta_coaching      |            |             |
| 04         | a5        | DP07           | deferred    | considering | legislature  |            | ta_coaching      | 7          |             |
| 32         | n1        | DP05           | decided_no  | considering | legislature  | 2022-01-01 | ta_coaching      |            | b1;b3       |
| 32         | n2        | DP01           | decided_yes | in_effect   | intermediary | 2022-01-01 | funding          |            |             |
| 32         | n3        | DP01           | decided_yes | in_effect   | local_board  | 2026-07-01 | funding          | 5000       |             |
"""
SITES = [{"site_id": f"049990{n}"} for n in range(1, 6)]


def comparison():
    return roadmap_comparison(lake_table("state_action", ACTIONS), as_of=AS_OF)


def barrier(name: str, site: str, **changes: object) -> dict[str, object]:
    return {"barrier_id": name, "site_id": site, "policy_area": "PA2", **changes}


def evidence(*barriers: dict[str, object]) -> list[tuple[object, ...]]:
    return roadmap_evidence(
        lake_rows("barrier_and_waiver", barriers),
        lake_table("state_action", ACTIONS),
        lake_rows("site_profile", SITES),
        as_of=AS_OF,
    ).rows()


def test_each_state_stands_with_its_latest_decision():
    rows = comparison().decisions.select(
        "state_fips", "decision_point", "action_id", "branch", "order", "actions"
    )

    # a3 has no day, so a2 is later. n3 is not decided yet. Ranks are within a state.
    assert rows.rows() == [
        ("04", "DP01", "a4", "executive", 1, 1),
        ("04", "DP05", "a2", "executive", 2, 3),
        ("04", "DP07", "a5", "legislative", None, 1),
        ("32", "DP01", "n2", "other", 1, 1),
        ("32", "DP05", "n1", "legislative", 1, 1),
    ]


def test_supports_count_states_with_an_action_in_effect():
    # Funding: a2 and n2 are in effect; only one of them names an amount.
    assert comparison().supports.rows() == [
        ("funding", 2, 2, 100.5, 0.5),
        ("ta_coaching", 1, 1, None, 0.0),
    ]


def test_lead_actors_are_counted_by_branch():
    assert comparison().leads.rows() == [
        ("DP01", 2, 0, 1, 1),
        ("DP05", 2, 1, 1, 0),
        ("DP07", 1, 1, 0, 0),
    ]


def test_actions_stand_in_the_order_of_time_without_the_reports_behind_them():
    actions = comparison().actions

    assert actions["action_id"].to_list() == ["a1", "a4", "a2", "a3", "a5", "n1", "n2"]
    assert "barrier_ids" not in actions.columns


def test_reports_bear_on_a_decision_by_name_or_by_area():
    rows = evidence(
        barrier("b1", "0499901"),
        barrier("b2", "0499902"),
        barrier("b3", "0499903", policy_area="PA6", barrier_type="funding"),
        barrier("b4", "0499904", barrier_type="assessment"),
        barrier("b5", "0499905", barrier_type="accountability"),
    )

    # DP05 is of the area PA2, as are DP03, DP04 and DP11. Kinds of one site are merged;
    # the one funding report of PA6 is not told.
    assert [row for row in rows if row[0] == "DP05"] == [
        # Named are b1, b2, b3; funding alone would be one site, so seat time joins it.
        ("DP05", "named", "other", 3, 3),
        ("DP05", "area", "other", 2, 2),
        ("DP05", "area", "seat_time", 2, 2),
    ]
    assert {row[0] for row in rows} == {"DP03", "DP04", "DP05", "DP11"}


def test_a_single_site_is_no_evidence_to_show():
    assert evidence(barrier("b1", "0499901"), barrier("b4", "0499901")) == []


def test_a_report_counts_as_evidence_also_before_its_site_has_a_profile():
    rows = evidence(
        barrier("b1", "0499901", school_year="2019-2020"),
        barrier("b2", "0499902"),
        barrier("b3", "0499909"),
    )

    # 0499909 never sent a profile: its report counts, and it is no site of the network.
    assert ("DP05", "named", "seat_time", 2, 3) in rows


def test_every_decision_point_has_the_area_that_its_code_list_says():
    codes = load_catalogue().code_lists["decision_point"].codes

    assert {code.code for code in codes} == set(AREAS)
    for code in codes:
        assert f"Area {AREAS[code.code]}." in (code.description or "")


def test_every_branch_is_what_the_code_list_says():
    for code in load_catalogue().code_lists["lead_actor"].codes:
        branch = (code.description or "Other.").removesuffix(".").lower()
        assert BRANCHES.get(code.code, "other") == branch
