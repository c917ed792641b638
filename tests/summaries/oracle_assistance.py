"""PUB2 a second time, in SQL on DuckDB, to compare with.

Written from the definition, not from the library's code: nothing is shared. Decimals
are whole ten-thousandths, so that sums are exact and are rounded once, half up.
"""

import duckdb

_PREPARE = """
create or replace macro at_rank(xs, pct) as
    list_sort(xs)[((pct * len(xs) + 99) // 100)::int];
create or replace macro share(a, b) as
    case when b > 0 then ((20000 * a + b) // (2 * b)) / 1e4 end;
create or replace macro units(x) as round(x * 10000)::bigint;
create or replace temp table links as
with named as (
    select ta_event_id, event_date, mode, sites_served,
        unnest(list_distinct(ta_request_ids)) as ta_request_id
    from events where event_date <= $as_of
)
select r.site_id, r.ta_request_id, r.requested_on, event_date, mode
from named join requests r using (ta_request_id)
qualify count(*) over (partition by ta_event_id, ta_request_id) = 1
    or list_contains(sites_served, r.site_id);
create or replace temp table asked as
select r.topic, r.requested_on, r.urgency, r.status,
    $as_of - r.requested_on as age,
    (select min(event_date) from links l where event_date >= r.requested_on
        and (l.site_id, l.ta_request_id) = (r.site_id, r.ta_request_id))
        - r.requested_on as days,
    coalesce((select bool_and(mode = 'library_resource') from links l
        where (l.site_id, l.ta_request_id) = (r.site_id, r.ta_request_id)), false)
        as from_library,
    case when r.site_id in (select site_id from sites where school_year = $period)
        then r.site_id end as asker
from requests r
where requested_on between $first_day and least($last_day, $as_of)
    and status <> 'withdrawn';
create or replace temp table given as
select topic, mode, len(list_distinct(sites_served)) as reached,
    units(hours) * reached as site_hours, units(cost_usd) as cost,
    usefulness_sum as points, usefulness_n as ratings
from events where event_date between $first_day and least($last_day, $as_of);
create or replace temp table placed as
with sized as (
    select topic, count(distinct asker) as askers,
        row_number() over (order by askers, topic) as place
    from (select topic, asker from asked union all select topic, null from given)
    group by topic
), prefixes as (
    select length, count(a.topic) = 0 or count(distinct asker) >= 3 as is_safe
    from range((select count(*) + 1 from sized)) lengths(length)
    left join sized s on place <= length left join asked a on a.topic = s.topic
    group by length
), cut as (
    select min(length) filter (is_safe
        and length >= (select count(*) from sized where askers < 3)) as merged
    from prefixes
)
select topic, case when place <= merged then 'other_topics'
    when merged is not null then topic end as public_row
from sized, cut;
create or replace temp table rated as
with topics as (
    select topic, public_row, coalesce(sum(ratings), 0) as n
    from placed left join given using (topic) group by all
), seen as (
    select public_row, sum(n) as n from topics
    where public_row is not null group by all
), unseen as (
    select public_row from seen where n between 1 and 9
    union all
    (select public_row from seen
    where n >= 10 and (select sum(n) from seen where n < 10) between 1 and 9
    order by n, public_row limit 1)
)
select topic as name, n, case when public_row not in (from unseen) then public_row end
    as block from topics where $edition <> 'public'
union all select public_row, n, null from seen where $edition = 'public';
create or replace temp table silent as
select name from rated
qualify n < 10 or (row_number() over (partition by block, n < 10 order by n, name) = 1
    and sum(n) filter (n < 10) over (partition by block) between 1 and 9);
create or replace temp table shown as
select topic, case when $edition = 'public' then public_row else topic end as name
from placed;
create or replace temp table wanted as
with rows as (
    select 'ALL' as name, * from asked
    union all select name, asked.* from asked join shown using (topic)
)
select name, count(*) as requested, count(days) as met,
    at_rank(list(days) filter (days is not null), 50) as median_days,
    at_rank(list(days) filter (days is not null), 90) as p90_days,
    count(*) filter (age >= 60 and days <= 60) as met_60,
    count(*) filter (age >= 60) as due,
    at_rank(list(age) filter (days is null), 50) as median_age,
    coalesce(sum(urgency) filter (days is null), 0) as urgency,
    count(*) filter (status = 'fulfilled') as fulfilled,
    count(*) filter (status = 'fulfilled' and from_library) as self_served
from rows where name is not null group by name;
create or replace temp table provided as
with rows as (
    select 'ALL' as name, * from given
    union all select name, given.* from given join shown using (topic)
)
select name, count(*) as events, sum(reached) as reached,
    sum(site_hours) as site_hours, count(cost) as costed, sum(cost) as cost,
    sum(site_hours) filter (cost is not null) as costed_hours,
    coalesce(sum(points), 0) as points, coalesce(sum(ratings), 0) as ratings
from rows where name is not null group by name;
create or replace temp table topics as
with named as (select 'ALL' as name union select name from shown where name is not null)
select n.name, coalesce(requested, 0) as requested, coalesce(met, 0), median_days,
    p90_days, coalesce(met_60, 0), coalesce(due, 0), share(met_60, due),
    coalesce(requested - met, 0) as waiting, median_age,
    coalesce(urgency, 0) as urgency, coalesce(events, 0), share(reached, events),
    coalesce(site_hours, 0) / 1e4,
    case when tells_cost then cost / 1e4 end,
    case when tells_cost then share(cost, costed_hours) end,
    case when tells_cost then share(costed, events) end,
    coalesce(fulfilled, 0), share(self_served, fulfilled),
    case when ratings >= 10 and n.name not in (from silent)
        then share(points, ratings) end,
    coalesce(ratings, 0)
from (select *, $edition <> 'public' or name = 'ALL' as tells_cost from named) n
left join wanted w using (name) left join provided p using (name);
"""
_TOPICS = "from topics order by name <> 'ALL', name = 'other_topics', name"
_UNMET = """
select row_number() over (order by waiting desc, urgency desc, name) as rank, name,
    waiting, urgency
from topics where name <> 'ALL' and waiting > 0 order by rank
"""
_MODES = "select mode, count(*), sum(site_hours) / 1e4 from given group by 1 order by 1"


def expected_summary(requests, events, sites, **asked_for):
    """Return (topics, unmet, modes) as lists of tuples.

    Named are edition, period, first_day, last_day and as_of.
    """
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        for name, frame in (
            ("requests", requests),
            ("events", events),
            ("sites", sites),
        ):
            database.register(name, frame.to_arrow())
        for statement in _PREPARE.split(";\n"):
            used = {k: v for k, v in asked_for.items() if f"${k}" in statement}
            database.execute(statement, used)
        return tuple(
            database.execute(query).fetchall() for query in (_TOPICS, _UNMET, _MODES)
        )
