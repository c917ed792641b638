"""PUB5 and PUB6 a second time, in SQL, to compare with.

Written from the definitions, not from the library's code: nothing is shared.
"""

import duckdb

OUTCOMES = """
with sent as (
    select * from outcomes
    qualify row_number() over (
        partition by site_id, school_year, metric_code, grade_band, pilot_scope,
            student_group
        order by received_at desc, submission_id desc, row_number desc) = 1
),
years as (
    select distinct site_id, school_year from outcomes where is_baseline = 'Y'
),
both_sources as (
    select site_id, school_year, metric_code, grade_band, pilot_scope, student_group,
        numerator * (case metric_code when 'M09' then 10000 else 1 end) as n,
        denominator * (case metric_code when 'M09' then 10000 else 1 end) as d,
        null as counted, coalesce(is_baseline, 'N') = 'Y' as is_baseline
    from sent s
    where not exists (
        from computed c where c.site_id = s.site_id
        and c.school_year = s.school_year and c.metric_code = s.metric_code)
    union all
    select c.site_id, c.school_year, metric_code, grade_band, 'pilot_students',
        student_group, numerator, denominator, people, y.site_id is not null
    from computed c left join years y using (site_id, school_year)
),
enrolled as (
    select b.*, e.d as e, bool_and(e.d is not null) over (
        partition by b.site_id, b.school_year, b.metric_code, b.grade_band,
            b.pilot_scope) as all_known
    from both_sources b left join both_sources e
        on e.metric_code = 'M01' and e.site_id = b.site_id
        and e.school_year = b.school_year and e.grade_band = b.grade_band
        and e.pilot_scope = b.pilot_scope and e.student_group = b.student_group
),
peopled as (
    select b.*,
        case when b.counted is not null or b.metric_code not in ('M02', 'M09')
                or (b.metric_code = 'M02' and all_known) then null
            when b.metric_code = 'M02' then 366 else 1000000 end as most_each,
        case when b.counted is not null then b.counted
            when b.metric_code = 'M02' then
                case when all_known then least(b.e, b.d) else b.d // 366 end
            when b.metric_code = 'M09' then b.d // 1000000
            else b.d end as p
    from enrolled b
    where b.site_id in (select site_id from sites where school_year = $year)
),
told as (
    select o.metric_code, o.grade_band, o.pilot_scope, o.student_group, o.site_id,
        o.n, o.d, o.p,
        a.n - o.n as rn, a.d - o.d as rd,
        case when coalesce(o.most_each, a.most_each) is null then a.p - o.p
            else (a.d - o.d) // coalesce(o.most_each, a.most_each) end as rp,
        b.n as bn, b.d as bd, b.p as bp
    from peopled o
    left join peopled a on a.student_group = 'ALL' and o.student_group <> 'ALL'
        and a.site_id = o.site_id and a.school_year = o.school_year
        and a.metric_code = o.metric_code and a.grade_band = o.grade_band
        and a.pilot_scope = o.pilot_scope
    left join (
        from peopled where is_baseline and school_year < $year
        qualify row_number() over (
            partition by site_id, metric_code, grade_band, pilot_scope, student_group
            order by school_year desc) = 1
    ) b on b.site_id = o.site_id and b.metric_code = o.metric_code
        and b.grade_band = o.grade_band and b.pilot_scope = o.pilot_scope
        and b.student_group = o.student_group
    where o.school_year = $year
)
"""

EXPERIENCE = """
with sent as (
    select *, trim(regexp_replace(lower(favorable_rule), '\\s+', ' ', 'g')) as rule,
        list_position(['fall', 'mid_year', 'spring', 'end_of_year'], "window") as w
    from surveys
    where site_id in (select site_id from sites where school_year = $year)
    qualify row_number() over (
        partition by site_id, school_year, "window", respondent, instrument,
            construct_code, student_group
        order by received_at desc, submission_id desc, row_number desc) = 1
),
now as (
    from sent where school_year = $year
    qualify w = max(w) over (
        partition by site_id, respondent, instrument, construct_code)
),
pairs as (
    select n.*, b.n_favorable as bn, b.n_responded as bd
    from now n left join sent b on b.school_year = $before and b.w = n.w
        and b.rule = n.rule and b.site_id = n.site_id
        and b.respondent = n.respondent and b.instrument = n.instrument
        and b.construct_code = n.construct_code and b.student_group = n.student_group
),
numbered as (
    select *,
        (select count(distinct rule) from now o where o.respondent = p.respondent
            and o.construct_code = p.construct_code) as rules,
        (select count(distinct rule) from now o where o.respondent = p.respondent
            and o.construct_code = p.construct_code and o.instrument = p.instrument
            and o.rule <= p.rule) as nth
    from pairs p
),
own as (
    select respondent as metric_code, construct_code as grade_band,
        (case when rules = 1 then 'ALL' else instrument end) || '/'
            || (case when rules = 1 then 1 else nth end) as pilot_scope,
        student_group, site_id,
        sum(n_favorable) as n, sum(n_responded) as d, max(n_responded) as p,
        sum(bn) as bn, sum(bd) as bd, max(case when bd is not null then bd end) as bp,
        sum(case when bd is not null then n_favorable end) as sn,
        sum(case when bd is not null then n_responded end) as sd,
        max(case when bd is not null then n_responded end) as sp,
        sum(n_invited) as invited
    from numbered group by all
),
told as (
    select o.*, a.n - o.n as rn, a.d - o.d as rd, a.p - o.p as rp
    from own o left join own a on a.student_group = 'ALL' and o.student_group <> 'ALL'
        and a.site_id = o.site_id and a.metric_code = o.metric_code
        and a.grade_band = o.grade_band and a.pilot_scope = o.pilot_scope
)
"""

CELLS = """,
parts as (
    select unnest(string_split(codes, ' ')) as student_group, part from (values
        ('AM7 AS7 BL7 HI7 PI7 WH7 MU7 MENA', 1), ('F M', 2), ('ECODIS NECODIS', 3),
        ('LEP NLEP', 4), ('IDEA NIDEA', 5), ('MS', 6), ('HOM', 7), ('FOS', 8),
        ('MIL', 9)) as listed (codes, part)
),
wrong as (
    select t.site_id, t.metric_code, t.grade_band, t.pilot_scope, part
    from told t join parts using (student_group) join told a
        on a.student_group = 'ALL' and a.site_id = t.site_id
        and a.metric_code = t.metric_code and a.grade_band = t.grade_band
        and a.pilot_scope = t.pilot_scope
    group by all
    having sum(t.n) > any_value(a.n) or sum(t.d - t.n) > any_value(a.d - a.n)
        or sum(t.p) > any_value(a.p)
),
checked as (
    select t.*, rn >= 0 and rd >= rn and rp >= 0 as has_rest,
        bd is not null as has_before
    from told t left join parts using (student_group)
    where not exists (
        from wrong w where w.site_id = t.site_id and w.metric_code = t.metric_code
        and w.grade_band = t.grade_band and w.pilot_scope = t.pilot_scope
        and w.part = parts.part)
),
cells as (
    select * from checked
    union all by name
    select * replace ('ALL' as site_id) from checked
)
select metric_code, grade_band, pilot_scope, student_group, site_id,
    count(*) as sites, sum(n), sum(d), sum(p),
    sum(n) filter (where has_rest), sum(d) filter (where has_rest),
    sum(p) filter (where has_rest),
    sum(rn) filter (where has_rest), sum(rd) filter (where has_rest),
    sum(rp) filter (where has_rest),
    {since}
    sum(bn), sum(bd), sum(bp) {invited}
from cells group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
"""
OWN_SINCE = """sum(n) filter (where has_before), sum(d) filter (where has_before),
    sum(p) filter (where has_before),"""


def expected_outcomes(outcomes, computed, sites, year):
    """Return the cells in the order of the library's columns."""
    sql = OUTCOMES + CELLS.format(since=OWN_SINCE, invited="")
    frames = {"outcomes": outcomes, "computed": computed, "sites": sites}
    return _run(sql, frames, {"year": year})


def expected_experience(surveys, sites, year, before):
    """Return the cells; the line is told in three columns, and `invited` comes last."""
    sql = EXPERIENCE + CELLS.format(
        since="sum(sn), sum(sd), sum(sp),", invited=", sum(invited)"
    )
    frames = {"surveys": surveys, "sites": sites}
    return _run(sql, frames, {"year": year, "before": before})


def _run(sql, frames, values):
    with duckdb.connect() as connection:
        for name, frame in frames.items():
            connection.register(name, frame.to_arrow())
        return connection.execute(sql, values).fetchall()
