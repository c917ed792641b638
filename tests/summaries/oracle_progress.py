"""PUB3 a second time, in SQL on DuckDB, to compare with.

Written from the definition, not from the library's code: nothing is shared. Windows
come with their last days, because a calendar is no SQL.
"""

import duckdb

_PREPARE = """
-- The median is the lower one in the middle: the value at rank ceil(n / 2).
create or replace macro at_rank(xs, pct) as
    list_sort(xs)[((pct * len(xs) + 99) // 100)::int];
create or replace macro share(a, b) as ((20000 * a + b) // (2 * b)) / 10000.0;
create or replace macro holds(xs, k) as len(list_filter(xs, lambda x: x = k));
create or replace temp table rated as
select r.school_year, r.window as win, w.window_end, r.element_code, r.site_id,
    r.stage, coalesce(s.cohort_label, 'unknown') as cohort,
    coalesce(left(s.locale_code, 1), 'unknown') as locale,
    case when r.stage_since <= w.window_end then
        12 * (year(w.window_end) - year(r.stage_since))
        + month(w.window_end) - month(r.stage_since)
        - case when day(w.window_end) < day(r.stage_since) then 1 else 0 end
    end as months
from ratings r
join sites s using (site_id, school_year)
join windows w on (w.school_year, w.win) = (r.school_year, r.window)
where r.element_code not like 'MT%';
"""
_ELEMENTS = """
with shown as (
    select school_year, win, window_end, element_code, count(*) as n,
        list(stage) as stages, list(months) filter (months is not null) as known
    from rated group by all having count(*) >= 3
), placed as (
    select *, lag(window_end) over earlier as end_before,
        lag(school_year) over earlier as year_before,
        lag(win) over earlier as win_before
    from shown window earlier as (partition by element_code order by window_end)
), moves as (
    select p.window_end, p.element_code, count(*) as both_n,
        count(*) filter (a.stage > b.stage) as up
    from placed p
    join rated a on (a.window_end, a.element_code) = (p.window_end, p.element_code)
    join rated b on b.window_end = p.end_before
        and (b.element_code, b.site_id) = (a.element_code, a.site_id)
    group by all having count(*) >= 3
)
select school_year, win, element_code, n,
    holds(stages, 0), holds(stages, 1), holds(stages, 2), holds(stages, 3),
    holds(stages, 4), holds(stages, 3) + holds(stages, 4),
    share(holds(stages, 0), n), share(holds(stages, 1), n),
    share(holds(stages, 2), n), share(holds(stages, 3), n),
    share(holds(stages, 4), n), share(holds(stages, 3) + holds(stages, 4), n),
    at_rank(stages, 50), year_before, win_before, both_n, up, share(up, both_n),
    case when len(known) >= 3 then at_rank(known, 50) end
from placed left join moves using (window_end, element_code)
order by window_end, element_code
"""
_INDEX = """
with indices as (
    select school_year, win, window_end, site_id, cohort, locale,
        (500 * sum(stage) + count(*)) // (2 * count(*)) as tenths
    from rated group by all having count(*) >= 14
), grouped as (
    select *, 'cohort' as kind, cohort as grp from indices
    union all select *, 'locale', locale from indices
), sized as (
    select window_end, kind, grp, count(*) as n from grouped group by all
), ordered as (
    select *, row_number() over o as place, sum(n) over o as so_far,
        count(*) filter (n < 3) over (partition by window_end, kind) as small,
        count(*) over (partition by window_end, kind) as groups
    from sized
    window o as (partition by window_end, kind order by n, grp
        rows between unbounded preceding and current row)
), cut as (
    select window_end, kind, min(place) filter (so_far >= 3 and place >= small) as last,
        any_value(small) as small, any_value(groups) as groups
    from ordered group by all
), named as (
    select o.window_end, o.kind, o.grp, case
        when c.small = 0 or place > last then grp
        when last < c.groups then 'other' end as shown
    from ordered o join cut c using (window_end, kind)
), rows as (
    select i.*, 'all' as kind, 'ALL' as shown from indices i
    union all
    select g.* exclude (kind, grp), g.kind, n.shown from grouped g
    join named n using (window_end, kind, grp) where n.shown is not null
)
select school_year, win, kind, shown, count(*), at_rank(list(tenths), 25) / 10.0,
    at_rank(list(tenths), 50) / 10.0, at_rank(list(tenths), 75) / 10.0
from rows group by window_end, school_year, win, kind, shown having count(*) >= 3
order by window_end, kind, shown = 'other', shown
"""


def expected_progress(ratings, sites, windows):
    """Return (elements, index) as lists of tuples; `windows` are those that began."""
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        for name, frame in (("ratings", ratings), ("sites", sites)):
            database.register(name, frame.to_arrow())
        database.execute(
            "create temp table windows (school_year text, win text, window_end date)"
        )
        database.executemany("insert into windows values (?, ?, ?)", windows)
        database.execute(_PREPARE)
        return tuple(
            database.execute(query).fetchall() for query in (_ELEMENTS, _INDEX)
        )
