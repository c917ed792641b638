"""PUB4 a second time, in SQL on DuckDB, to compare with.

Written from the definition, not from the library's code: nothing is shared.
"""

import duckdb

_PREPARE = """
create or replace macro median(xs) as list_sort(xs)[((len(xs) + 1) // 2)::int];
create or replace temp table latest as
select b.* replace (s.site_id as site_id), exists (
    select 1 from actions a
    where list_contains(a.barrier_ids, b.barrier_id)
        and (a.decided_on is null or a.decided_on <= $as_of)
) as answered
from (
    select * from barriers where opened_on <= $as_of and status_date <= $as_of
    qualify row_number() over (partition by barrier_id order by revision desc) = 1
) b left join (select distinct site_id from sites) s using (site_id);
create or replace temp table merged as
with sized as (
    select barrier_type as kind, count(distinct site_id) as n,
        barrier_type = 'other' or count(distinct site_id) < $least as is_small
    from latest group by barrier_type
), ordered as (
    select kind, is_small, row_number() over (order by not is_small, n, kind) as place
    from sized
), prefixes as (
    select o.place, count(distinct l.site_id) as sites
    from ordered o join ordered earlier on earlier.place <= o.place
    join latest l on l.barrier_type = earlier.kind group by o.place
), cut as (
    select count(*) filter (is_small) as small, count(*) as kinds,
        (select min(place) from prefixes where sites >= $least
            and place >= (select count(*) from ordered where is_small)) as last
    from ordered
)
select kind, case when small = 0 or place > last then kind
    when last < kinds then 'other' end as shown
from ordered, cut;
create or replace temp table shown as
select *, 'ALL' as kind from latest
where (select count(distinct site_id) from latest) >= $least
union all
select l.*, case when $least = 1 then l.barrier_type else m.shown end
from latest l join merged m on m.kind = l.barrier_type
where $least = 1 or m.shown is not null;
"""
_KINDS = """
with worst as (
    select kind, site_id, max(severity) as severity from shown group by all
), weights as (
    select kind, coalesce(sum(severity) filter (site_id is not null), 0) as weighted
    from worst group by all
)
select kind, count(distinct site_id) as sites, count(*), max(severity), weighted,
    count(*) filter (request_type <> 'none'),
    count(*) filter (status in ('granted', 'partly_granted', 'expired')) as granted,
    count(*) filter (status in ('granted', 'partly_granted', 'expired', 'denied'))
        as decided,
    case when decided > 0 then ((20000 * granted + decided) // (2 * decided)) / 1e4 end,
    median(list(status_date - opened_on)
        filter (status not in ('open', 'under_review'))),
    count(*) filter (answered)
from shown join weights using (kind)
group by kind, weighted order by kind <> 'ALL', weighted desc, sites desc, kind
"""
_REQUESTS = """
select kind, request_type, count(*) from shown where request_type <> 'none'
group by kind, request_type order by kind <> 'ALL', kind, request_type
"""


def expected_brief(barriers, actions, sites, *, least, as_of):
    """Return (kinds, requests) as lists of tuples."""
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        for name, frame in (
            ("barriers", barriers),
            ("actions", actions),
            ("sites", sites),
        ):
            database.register(name, frame.to_arrow())
        for statement in _PREPARE.split(";\n"):
            values = {"as_of": as_of, "least": least}
            used = {k: v for k, v in values.items() if f"${k}" in statement}
            database.execute(statement, used)
        return tuple(
            database.execute(query).fetchall() for query in (_KINDS, _REQUESTS)
        )
