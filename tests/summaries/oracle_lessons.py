"""PUB1 a second time, in SQL on DuckDB, to compare with.

Written from the definition, not from the library's code: nothing is shared. A text that
the scan would hold is one whose result begins with `to be held`.
"""

import duckdb

_PREPARE = """
create or replace macro has_consent(id) as (
    select arg_max(consent_publish_name, school_year) = 'Y' from sites
    where site_id = id
);
create or replace temp table crowds as
select state_fips, school_year, left(locale_code, 1) as place,
    count(distinct site_id) as crowd
from sites group by grouping sets (
    (state_fips, school_year), (state_fips, school_year, place)
) having grouping(place) = 1 or place is not null;
create or replace temp table judged as
select l.* replace (l.evidence_tier::int as evidence_tier),
    s.state_fips, s.term_code, left(s.locale_code, 1) as place,
    case when share_level = 'sea_only' or (share_level = 'network' and $is_public)
            then 'not_shared'
        when reviewed_no_pii <> 'Y' then 'not_reviewed'
        when s.site_id is null then 'no_site_profile'
        when starts_with(result, 'to be held') then 'text_screen' end as reason
from lessons l left join sites s using (site_id, school_year)
qualify row_number() over (partition by lesson_id order by revision desc) = 1;
create or replace temp table shown as
select j.*, has_consent(site_id) as is_named, in_state.crowd >= 3 as in_crowd,
    alike.crowd >= 3 as has_alike
from judged j
join crowds in_state on in_state.place is null
    and (in_state.state_fips, in_state.school_year) = (j.state_fips, j.school_year)
left join crowds alike on (alike.state_fips, alike.school_year, alike.place)
    = (j.state_fips, j.school_year, j.place)
where reason is null;
"""
_GROUPS = """
select element_code, lesson_type, count(*), count(distinct site_id) as sites,
    count(distinct state_fips), sites >= 3,
    coalesce(min(nullif(evidence_tier, 0)), 0) as strongest,
    max(lesson_date) as newest,
    list(lesson_id order by evidence_tier = 0, evidence_tier, lesson_date desc,
        lesson_id)[:5]
from shown group by element_code, lesson_type
order by sites desc, strongest = 0, strongest, newest desc, element_code, lesson_type
"""
_LESSONS = """
select lesson_id, revision,
    case when is_named then (select arg_max(site_name, school_year) from sites s
            where s.site_id = shown.site_id)
        when in_crowd then 'a district in ' || states.name else 'a pilot site' end,
    case when is_named or in_crowd then state_fips end,
    case when is_named or has_alike then place end, term_code
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
