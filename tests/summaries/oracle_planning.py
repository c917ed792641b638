"""The planning of help a second time, to compare with: SQL, and the mentors in Python.

Written from the definition, not from the library's code: nothing is shared. Windows
come with their first and last days, because a calendar is no SQL.
"""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import duckdb

_COMMON = """
create temp view known_events as
    select row_number() over () as event, * from events where event_date <= $as_of;
create temp view links as
    select e.event, e.event_date, q.sender_id, q.ta_request_id, q.requested_on,
        list_contains(e.sites_served, q.site_id) as served,
        count(*) over (partition by e.event, q.ta_request_id) as claimants
    from (select event, event_date, sites_served,
            unnest(list_distinct(ta_request_ids)) as asked from known_events) e
    join requests q on q.ta_request_id = e.asked;
create temp view answers as
    select sender_id, ta_request_id, min(event_date) as first_event from links
    where (served or claimants = 1) and event_date >= requested_on group by all;
create temp view stages as
    select r.site_id, r.element_code, w.window_start, w.window_end, r.stage,
        r.school_year, coalesce(r.stage_since, w.window_end) as since
    from ratings r join windows w on (w.school_year, w.win) = (r.school_year, r.window)
    where r.stage is not null and r.element_code not like 'MT%'
        and w.window_start <= $as_of;
create temp view profiles as
    select * from sites
    qualify row_number() over (partition by site_id order by school_year desc) = 1;
"""
_FIRST = """
with now as (
    select site_id, element_code, stage,
        lag(stage) over (partition by site_id, element_code order by window_end)
            as stage_before, window_end
    from stages
    qualify window_end = max(window_end) over (partition by site_id)
), latest as (
    select * from barriers
    qualify row_number() over (partition by sender_id, barrier_id
        order by revision desc) = 1
), blocked as (
    select site_id, element_code, count(*) as n from latest
    where status in ('open', 'under_review') and opened_on <= $as_of group by all
), told as (
    select q.*, date_diff('day', q.requested_on, $as_of) as days, n.stage,
        n.stage_before, coalesce(b.n, 0) as open_barriers,
        coalesce(q.needed_by < $as_of, false) as is_late,
        coalesce(q.urgency = 3, false) as is_urgent,
        date_diff('day', q.requested_on, $as_of) > 60 as is_old,
        not exists (select 1 from known_events e where e.topic = q.topic
            and list_contains(e.sites_served, q.site_id)) as is_unhelped,
        coalesce(n.stage <= n.stage_before and n.stage < 4, false) as is_stuck,
        coalesce(b.n, 0) > 0 as is_blocked
    from requests q
    left join answers a on (a.sender_id, a.ta_request_id)
        = (q.sender_id, q.ta_request_id)
    left join now n on (n.site_id, n.element_code) = (q.site_id, q.element_code)
    left join blocked b on (b.site_id, b.element_code) = (q.site_id, q.element_code)
    where q.status = 'open' and q.requested_on <= $as_of and a.first_event is null
        and q.site_id in (select site_id from profiles)
), counted as (
    select *, is_late::int + is_urgent::int + is_old::int + is_unhelped::int
        + is_stuck::int + is_blocked::int as reasons from told
), needs as (
    select topic, element_code, row_number() over (order by sites desc, urgent desc,
        topic, element_code) as session
    from (select topic, element_code, count(distinct site_id) as sites,
            sum(urgency) as urgent from counted where open_to_peers = 'Y'
        group by topic, element_code) where sites >= 2
)
select row_number() over (order by reasons desc, urgency desc, requested_on, site_id,
        ta_request_id) as rank, c.site_id, ta_request_id, days, is_late, is_urgent,
    is_old, is_unhelped, is_stuck, is_blocked, stage, stage_before, open_barriers,
    reasons, s.session
from counted c left join needs s on (s.topic, s.element_code)
    = (c.topic, c.element_code) and c.open_to_peers = 'Y'
order by rank
"""
_HOSTS = """
with newest as (
    select site_id, element_code, stage from stages
    qualify window_end = max(window_end) over (partition by site_id)
), shown as (
    select distinct site_id, element_code from (
        select * from lessons
        qualify row_number() over (partition by lesson_id order by revision desc) = 1
    ) where share_level <> 'sea_only' and reviewed_no_pii = 'Y'
        and lesson_type = 'worked'
), asking as (
    select distinct f.session, f.site_id, q.element_code from first f
    join requests q on (q.site_id, q.ta_request_id) = (f.site_id, f.ta_request_id)
    where f.session is not null
)
select a.session, b.site_id, a.site_id, h.stage - coalesce(s.stage, 0)
    + coalesce(left(p.locale_code, 1) = left(b.locale_code, 1), false)::int
    + coalesce(list_has_any(p.grades_served, b.grades_served), false)::int
    + exists (select 1 from shown l
        where (l.site_id, l.element_code) = (b.site_id, a.element_code))::int
from asking a join profiles p using (site_id)
join newest h on h.element_code = a.element_code and h.stage >= 3
join profiles b on b.site_id = h.site_id and b.willing_to_host = 'Y'
left join newest s on (s.site_id, s.element_code) = (a.site_id, a.element_code)
where h.stage > coalesce(s.stage, 0)
    and not exists (select 1 from asking o
        where (o.session, o.site_id) = (a.session, b.site_id))
"""
_EVIDENCE = """
select count(*), list(hours order by hours)[((count(*) + 1) // 2)::int],
    count(cost_usd), sum(cost_usd), sum(hours * len(list_distinct(sites_served)))
        filter (cost_usd is not null)
from known_events where mode <> 'library_resource' and ($topic is null or topic = $topic)
"""
_MOVES = """
create temp table helped as
    select q.sender_id, q.ta_request_id, q.site_id, q.element_code, q.topic,
        a.first_event as day,
        arg_max(s.stage, s.window_end) filter (s.window_start <= a.first_event
            and s.since <= a.first_event) as before,
        max(s.window_end) filter (s.window_start <= a.first_event
            and s.since <= a.first_event) as end_before
    from requests q
    join answers a on (a.sender_id, a.ta_request_id) = (q.sender_id, q.ta_request_id)
    left join stages s on (s.site_id, s.element_code) = (q.site_id, q.element_code)
    where q.element_code not like 'MT%' group by all;
create temp table after_help as
    select h.sender_id, h.ta_request_id, h.site_id, h.element_code, h.topic, h.before,
        h.end_before, arg_min(s.stage, s.window_end) as later,
        min(s.window_end) as end_after
    from helped h left join stages s on (s.site_id, s.element_code)
        = (h.site_id, h.element_code) and h.end_before is not null
        and s.window_end > h.end_before and s.window_end > h.day
    group by all;
create temp table beside as
    select * from (
        select site_id, element_code, stage as later, window_end as end_after,
            lag(stage) over w as before, lag(window_end) over w as end_before
        from stages window w as (partition by site_id, element_code order by window_end)
    ) p where before is not null and not exists (select 1 from after_help h
        where (h.site_id, h.element_code) = (p.site_id, p.element_code)
            and h.end_after is not null and p.end_before >= h.end_before
            and p.end_after <= h.end_after);
with rows as (
    select topic, site_id, before, later from after_help
    union all select 'ALL', site_id, before, later from after_help
    union all select 'no_help', site_id, before, later from beside
), moved as (
    select topic, site_id, case when before is null then 'unknown'
        when later is null then 'not_yet' when before = 4 and later = 4 then 'full'
        when later > before then 'up' when later < before then 'down' else 'same' end
        as move
    from rows
)
select topic, count(*), count(distinct site_id), count(*) filter (move = 'up'),
    count(*) filter (move = 'same'), count(*) filter (move = 'down'),
    count(*) filter (move = 'full'), count(*) filter (move = 'not_yet'),
    count(*) filter (move = 'unknown')
from moved group by topic
"""
_FINDINGS = """
with pairs as (
    select *, exists (select 1 from events e where e.topic = 'data_systems'
        and list_contains(e.sites_served, t.site_id)
        and e.event_date >= t.before_on and e.event_date <= t.after_on) as helped
    from tries t where after_on <= $as_of
)
select case when helped then 'helped' else 'not_helped' end as kind,
    count(distinct site_id), count(*), sum(fixed)::bigint, sum(still_open)::bigint,
    sum(left_out)::bigint
from pairs group by kind order by kind
"""


class Oracle:
    """The rows of one network in a database of their own."""

    def __init__(self, windows, *, as_of, **frames) -> None:
        self._database = duckdb.connect()
        self._database.execute("set threads = 1")
        for name, frame in frames.items():
            self._database.register(name, frame.to_arrow())
        self._database.execute(
            "create temp table windows (school_year text, win text, "
            "window_start date, window_end date)"
        )
        self._database.executemany("insert into windows values (?, ?, ?, ?)", windows)
        self._as_of = as_of
        self._run(_COMMON)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._database.close()

    def _run(self, sql, **values):
        # A view cannot be made with a parameter.
        day = f"date '{self._as_of.isoformat()}'"
        return self._database.execute(sql.replace("$as_of", day), values or None)

    def first(self):
        """Return the open requests in order as tuples."""
        self._run(f"create or replace temp table first as {_FIRST}")
        return self._run("from first order by rank").fetchall()

    def mentors(self):
        """Return session → mentor; `first` has to be called before."""
        hosts = self._run(_HOSTS).fetchall()
        sessions = self._run("select distinct session from first").fetchall()
        numbers = sorted(number for (number,) in sessions if number is not None)
        return _mentors(numbers, hosts)

    def moves(self):
        """Return topic → the counts of what followed help."""
        rows = self._run(_MOVES).fetchall()
        return {topic: tuple(counts) for topic, *counts in rows}

    def findings(self):
        """Return kind, sites, files and counts of findings as tuples."""
        return self._run(_FINDINGS).fetchall()

    def saving(self, topic, sites):
        """Return hours, cost per site-hour and saving of a session on a topic."""
        of_topic = self._run(_EVIDENCE, topic=topic).fetchone()
        of_all = self._run(_EVIDENCE, topic=None).fetchone()
        hours = next((e[1] for e in (of_topic, of_all) if e[0] >= 3), None)
        costed = next((e for e in (of_topic, of_all) if e[2] >= 3), None)
        if hours is None or costed is None or not costed[4]:
            return hours, None, None
        rate = Decimal(str(costed[3])) / Decimal(str(costed[4]))
        rate = rate.quantize(Decimal("0.0001"), ROUND_HALF_UP)
        saved = Decimal(str(hours)) * (sites - 1) * rate
        return hours, float(rate), int(saved.quantize(Decimal(1), ROUND_HALF_UP))


def _mentors(sessions, hosts):
    """Choose the host for most sites, then by score, load and id."""
    load, chosen = Counter(), {}
    for session in sessions:
        fits, score = Counter(), Counter()
        for other, host, _, points in hosts:
            if other == session and load[host] < 3:
                fits[host] += 1
                score[host] += points
        ranked = sorted(fits, key=lambda h: (-fits[h], -score[h], load[h], h))
        if ranked:
            chosen[session] = ranked[0]
            load[ranked[0]] += 1
    return chosen
