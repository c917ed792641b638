"""M07 to M09 a second time, in SQL, to compare with.

Written from the definitions, not from the library's code: nothing is shared. Credits
are decimals here, and ten-thousandths only in the end.
"""

import duckdb

SQL = """
with learner as (
    select
        r.site_id, r.school_year, r.student_key,
        max(b.place) as place,
        count(*) filter (where r.expected_by <= y.last_day) as expected,
        count(*) filter (where r.level >= 3 and r.demonstrated_on is not null) as met,
        count(r.credits_earned) as known,
        coalesce(sum(r.credits_earned::decimal(18, 4)), 0) as credits,
        coalesce(sum(r.credits_earned::decimal(18, 4)) filter (
            where r.level >= 3 and r.demonstrated_on is not null), 0) as mastered,
        coalesce(sum(r.credits_earned::decimal(18, 4)) filter (
            where r.learning_setting <> 'classroom'), 0) as outside
    from records r
    join years y using (school_year)
    left join grades b using (grade_level)
    group by all
),
banded as (
    select learner.*, 'ALL' as grade_band from learner
    union all
    select learner.*, band from learner join (select distinct place, band from grades)
        using (place)
),
told as (
    select distinct site_id, school_year, student_key, unnest(student_groups) as g
    from records
    union
    select distinct site_id, school_year, student_key, 'ALL' from records
),
cell as (
    select
        site_id, school_year, grade_band, g as student_group,
        count(*) filter (where expected > 0) as paced,
        count(*) filter (where expected > 0 and met >= expected) as on_pace,
        count(*) as learners,
        count(*) filter (where outside >= 1) as with_outside,
        count(*) filter (where credits > 0) as credited,
        sum(known) as known,
        (sum(credits) * 10000)::bigint as credits,
        (sum(mastered) * 10000)::bigint as mastered
    from banded join told using (site_id, school_year, student_key)
    where g is not null
    group by all
)
select site_id, school_year, 'M07', grade_band, student_group, on_pace, paced, paced
from cell where paced > 0
union all
select site_id, school_year, 'M08', grade_band, student_group,
    with_outside, learners, learners
from cell
where grade_band = '09-12' and (site_id, school_year) in (
    select (site_id, school_year) from cell
    where grade_band = '09-12' and known > 0)
union all
select site_id, school_year, 'M09', grade_band, student_group,
    mastered, credits, credited
from cell where credits > 0
order by all
"""

BANDS = {
    "PK-02": ["PR", "PK", "TK", "KG", "01", "02"],
    "03-05": ["03", "04", "05"],
    "06-08": ["06", "07", "08"],
    "09-12": ["09", "10", "11", "12"],
}


def expected_outcomes(records, last_days):
    """Return (site, year, metric, band, group, numerator, denominator, people)."""
    grades = [(grade, band) for band, own in BANDS.items() for grade in own]
    with duckdb.connect() as connection:
        connection.register("records", records.to_arrow())
        connection.execute("create table years (school_year text, last_day date)")
        connection.executemany("insert into years values (?, ?)", [*last_days.items()])
        connection.execute(
            "create table grades (place int, grade_level text, band text)"
        )
        connection.executemany(
            "insert into grades values (?, ?, ?)",
            [(place, *grade) for place, grade in enumerate(grades)],
        )
        return connection.execute(SQL).fetchall()
