"""PUB8 a second time, to compare with: candidates in SQL, the sharing out in Python.

Written from the definition, not from the library's code: nothing is shared. Windows
come with their last days, because a calendar is no SQL.
"""

from collections import Counter

import duckdb

_CANDIDATES = """
with profiles as (
    select * from sites
    qualify row_number() over (partition by site_id order by school_year desc) = 1
), stages as (
    select r.site_id, r.element_code, r.stage from ratings r
    join windows w on (w.school_year, w.win) = (r.school_year, r.window)
    where r.stage is not null
    qualify w.window_end = max(w.window_end) over (partition by r.site_id)
), shown as (
    select distinct site_id, element_code from (
        select * from lessons
        qualify row_number() over (partition by lesson_id order by revision desc) = 1
    ) where share_level <> 'sea_only' and reviewed_no_pii = 'Y'
        and lesson_type = 'worked'
), asked as (
    select row_number() over (order by urgency desc, requested_on, site_id,
        ta_request_id) as request, q.*
    from requests q semi join profiles using (site_id)
    where status = 'open' and open_to_peers = 'Y' and requested_on <= $as_of
)
select a.request, b.site_id as host, coalesce(s.stage, 0) as own, h.stage,
    coalesce(left(p.locale_code, 1) = left(b.locale_code, 1), false),
    coalesce(list_has_any(p.grades_served, b.grades_served), false),
    exists (select 1 from shown l
        where (l.site_id, l.element_code) = (b.site_id, a.element_code))
from asked a join profiles p using (site_id)
left join stages s on (s.site_id, s.element_code) = (a.site_id, a.element_code)
left join (profiles b join stages h on h.site_id = b.site_id
        and b.willing_to_host = 'Y' and h.stage >= 3)
    on h.element_code = a.element_code and b.site_id <> a.site_id
        and h.stage > coalesce(s.stage, 0)
order by a.request
"""


def expected_matches(requests, ratings, sites, lessons, windows, *, as_of):
    """Return request, rank, host, stages, signs and score as tuples."""
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        frames = {
            "requests": requests,
            "ratings": ratings,
            "sites": sites,
            "lessons": lessons,
        }
        for name, frame in frames.items():
            database.register(name, frame.to_arrow())
        database.execute(
            "create temp table windows (school_year text, win text, window_end date)"
        )
        database.executemany("insert into windows values (?, ?, ?)", windows)
        rows = database.execute(_CANDIDATES, {"as_of": as_of}).fetchall()
    load, matches = Counter(), []
    for request in sorted({row[0] for row in rows}):
        free = [r for r in rows if r[0] == request and r[1] and load[r[1]] < 3]
        scored = [
            (own - stage - sum(signs), host, own, stage, signs)
            for _, host, own, stage, *signs in free
        ]
        best = sorted(scored, key=lambda item: (item[0], load[item[1]], item[1]))[:3]
        for rank, (minus, host, own, stage, signs) in enumerate(best, start=1):
            load[host] += 1
            matches.append((request, rank, host, own, stage, *signs, -minus))
    return matches
