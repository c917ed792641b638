"""PUB9 a second time, in SQL on DuckDB, to compare with.

Written from the definition, not from the library's code: nothing is shared.
"""

import duckdb

_PREPARE = """
create or replace temp table known as
select *, case when lead_actor = 'legislature' then 'legislative'
    when lead_actor in ('governor', 'state_board', 'chief_state_school_officer',
        'sea_staff', 'educator_standards_board') then 'executive' else 'other'
    end as branch
from actions where decided_on is null or decided_on <= $as_of
"""
_LATEST = """
create or replace temp table latest as
select *, count(*) over (partition by state_fips, decision_point) as actions
from known
qualify row_number() over (partition by state_fips, decision_point
    order by decided_on desc nulls last, action_id) = 1
"""
_DECISIONS = """
select state_fips, decision_point, action_id, decision, status, lead_actor, branch,
    decided_on, case when decided_on is not null then rank() over (
        partition by state_fips order by decided_on nulls last) end, actions
from latest order by state_fips, decision_point
"""
_SUPPORTS = """
select support_category, count(distinct state_fips) as states, count(*) as n,
    sum(amount_usd::decimal(18, 4))::double,
    ((20000 * count(amount_usd) + n) // (2 * n)) / 1e4
from known where status = 'in_effect' group by support_category
order by states desc, support_category
"""
_LEADS = """
select decision_point, count(*), count(*) filter (branch = 'legislative'),
    count(*) filter (branch = 'executive'), count(*) filter (branch = 'other')
from latest group by decision_point order by decision_point
"""
_LOGIC = """
select logic_component, count(distinct state_fips), count(*),
    count(*) filter (status = 'in_effect')
from known group by logic_component order by logic_component
"""


def expected_roadmap(actions, *, as_of):
    """Return (decisions, supports, leads, logic) as lists of tuples."""
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        database.register("actions", actions.to_arrow())
        database.execute(_PREPARE, {"as_of": as_of})
        database.execute(_LATEST)
        queries = (_DECISIONS, _SUPPORTS, _LEADS, _LOGIC)
        return tuple(database.execute(query).fetchall() for query in queries)
