"""PUB1 a second time, in SQL on DuckDB, to compare with.

Written from the definition, not from the library's code: nothing is shared. A text that
the scan would hold is one whose result begins with `to be held`.
"""

import duckdb

_PREPARE = """
create or replace temp table profiles as
select site_id, school_year, state_fips, left(locale_code, 1) as place, term_code,
    case when arg_max(consent_publish_name, school_year) over of_site = 'Y'
        then arg_max(site_name, school_year) over of_site end as name
from sites window of_site as (partition by site_id);
create or replace temp table judged as
select l.* replace (l.evidence_tier::int as evidence_tier),
    p.* exclude (site_id, school_year),
    case when share_level = 'sea_only' or (share_level = 'network' and $is_public)
            then 'not_shared'
        when reviewed_no_pii <> 'Y' then 'not_reviewed'
        when p.site_id is null then 'no_site_profile'
        when starts_with(result, 'to be held') then 'text_screen' end as reason
from lessons l left join profiles p using (site_id, school_year)
qualify row_number() over (partition by lesson_id order by revision desc) = 1;
-- Values that two sites without a name hide in, or none where one is left beside them.
create or replace temp table told as
with traits as (
    select school_year, 'state' as kind, '' as inside, state_fips as value, name
    from profiles
    union all select school_year, 'place', state_fips, place, name from profiles
), sized as (
    select school_year, kind, inside, value, count(*) filter (name is null) as silent,
        value is not null and count(*) >= 3 and silent >= 2 as may
    from traits group by school_year, kind, inside, value
)
select * from sized
qualify may and not (row_number() over (partition by school_year, kind, inside, may
        order by silent, value) = 1
    and coalesce(sum(silent) filter (not may) over (
        partition by school_year, kind, inside), 0) = 1);
create or replace temp table shown as
select j.*, name is not null or s.value is not null as has_state,
    name is not null or (s.value is not null and p.value is not null) as has_place
from judged j
left join told s on s.kind = 'state'
    and (s.school_year, s.value) = (j.school_year, j.state_fips)
left join told p on p.kind = 'place'
    and (p.school_year, p.inside, p.value) = (j.school_year, j.state_fips, j.place)
where reason is null;
"""
_GROUPS = """
select element_code, lesson_type, count(*), count(distinct site_id) as sites,
    greatest(count(distinct state_fips) filter (has_state), 1), sites >= 3,
    coalesce(min(nullif(evidence_tier, 0)), 0) as strongest,
    max(lesson_date) as newest,
    list(lesson_id order by evidence_tier = 0, evidence_tier, lesson_date desc,
        lesson_id)[:5]
from shown group by element_code, lesson_type
order by sites desc, strongest = 0, strongest, newest desc, element_code, lesson_type
"""
_LESSONS = """
select lesson_id, revision, coalesce(shown.name, case when has_state
        then 'a district in ' || states.name else 'a pilot site' end),
    case when has_state then state_fips end, case when has_place then place end,
    case when shown.name is not null then term_code end
from shown join states using (state_fips) order by lesson_id
"""
_WITHHELD = """
select lesson_id, revision, reason from judged where reason is not null order by 1
"""


def expected_digest(lessons, sites, *, edition, states):
    """Return (groups, lessons, withheld) as lists of tuples."""
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        database.execute("create temp table states (state_fips text, name text)")
        database.executemany("insert into states values (?, ?)", list(states.items()))
        for name, frame in (("lessons", lessons), ("sites", sites)):
            database.register(name, frame.to_arrow())
        for statement in _PREPARE.split(";\n"):
            is_public = {"is_public": edition == "public"}
            database.execute(statement, is_public if "$is_public" in statement else {})
        return tuple(
            database.execute(query).fetchall()
            for query in (_GROUPS, _LESSONS, _WITHHELD)
        )
