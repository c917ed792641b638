"""PUB7 a second time, in SQL, to compare with; written from the definition."""

from functools import cache

import duckdb

STAGES = """
select site_id, school_year, "window", window_end, element_code, stage, stage_since,
  coalesce(is_priority_next = 'Y', false) as is_priority_next,
  stage - lag(stage) over (
    partition by site_id, element_code order by window_end) as change
from ratings join windows using (school_year, "window")
where stage is not null
order by site_id, window_end, element_code
"""

INDEX = """
select site_id, school_year, "window", window_end, count(*) as rated,
  case when count(*) >= 14
    then floor(1000 * sum(stage) / (4 * count(*)) + 0.5) / 10 end as site_index
from ratings join windows using (school_year, "window")
where stage is not null and element_code not like 'MT%'
group by all order by site_id, window_end
"""

QUARTILES = """
select quantile_disc(stage, 0.25), quantile_disc(stage, 0.5), quantile_disc(stage, 0.75)
from sites
"""

BARRIERS = """
with numbered as (
  select *, row_number() over (
    partition by sender_id, barrier_id order by revision desc) as newest
  from barriers)
select site_id, barrier_id, severity, date_diff('day', opened_on, $as_of) as age_days
from numbered
where newest = 1 and status in ('open', 'under_review') and opened_on <= $as_of
order by site_id, severity desc, opened_on, barrier_id
"""

REQUESTS = """
select site_id, ta_request_id, date_diff('day', requested_on, $as_of) as age_days,
  coalesce(needed_by < $as_of, false) as is_late
from requests r
where status in ('open', 'scheduled') and requested_on <= $as_of
  and not exists (
    select 1 from events e
    where list_contains(e.ta_request_ids, r.ta_request_id)
      and list_contains(e.sites_served, r.site_id)
      and e.event_date between r.requested_on and $as_of)
order by site_id, requested_on, ta_request_id
"""

LESSONS = """
with newest as (
  select * from stages s where window_end = (
    select max(window_end) from stages o where o.site_id = s.site_id)),
reasons as (
  select site_id, 1 as basis, element_code, null as area
    from newest where is_priority_next
  union all select site_id, 2, element_code, null from barriers
  union all select site_id, 2, null, policy_area from barriers
    where policy_area <> 'PA0'
  union all select site_id, 3, element_code, null from requests),
matches as (
  select distinct r.site_id, r.basis, l.public_id, l.evidence_tier, l.lesson_date
  from reasons r join lessons l
    on r.element_code = l.element_code or r.area = l.policy_area
  where (r.site_id, l.public_id) not in (select (site_id, public_id) from own)),
ranked as (
  select *, row_number() over (partition by site_id, basis order by
    coalesce(evidence_tier, 0) = 0, coalesce(evidence_tier, 0),
    lesson_date desc, public_id
  ) as rank from matches)
select site_id, basis, rank, public_id from ranked where rank <= 5
order by site_id, basis, rank
"""


def answer(query, *, as_of=None, **tables):
    """Return the rows of a query over some frames."""
    connection = _connection()
    for name, frame in tables.items():
        connection.register(name, frame.to_arrow())
    parameters = {"as_of": as_of} if as_of else {}
    return connection.execute(query, parameters).fetchall()


@cache
def _connection():
    return duckdb.connect(config={"threads": 1})
