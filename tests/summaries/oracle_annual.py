"""PUB10 a second time, in SQL on DuckDB, to compare with. Nothing is shared."""

import duckdb
import polars as pl

_PARTICIPATION = """
WITH y AS (
  SELECT *, site_id <> leaid AND leaid IN (
    SELECT leaid FROM sites WHERE school_year = $period AND site_id = leaid
  ) AS inside
  FROM sites WHERE school_year = $period
), told AS (
  SELECT 'ALL' AS grouping, 'ALL' AS value, * FROM y
  UNION ALL SELECT 'cohort', cohort_label, * FROM y
  UNION ALL SELECT 'phase', grant_phase, * FROM y
)
SELECT grouping, value, count(DISTINCT site_id),
  coalesce(sum(schools_total) FILTER (NOT inside), 0),
  coalesce(sum(schools_in_pilot) FILTER (NOT inside), 0),
  coalesce(sum(students_total) FILTER (NOT inside), 0) AS all_students,
  coalesce(sum(students_in_pilot) FILTER (NOT inside), 0) AS students,
  coalesce(sum(educators_total) FILTER (NOT inside), 0),
  coalesce(sum(educators_in_pilot) FILTER (NOT inside), 0),
  CASE WHEN all_students > 0
    THEN floor(students::DECIMAL(18, 6) / all_students * 10000 + 0.5) / 10000
  END::DOUBLE
FROM told WHERE value IS NOT NULL
GROUP BY grouping, value ORDER BY grouping, value
"""
_AWARDS = """
SELECT element_code, count(*), count(DISTINCT site_id),
  CASE WHEN sum(n_completed) >= 5 THEN sum(n_completed)::BIGINT END,
  CASE WHEN sum(n_completed) >= 5 THEN
    sum(hours::DECIMAL(12, 4) * n_completed)::DOUBLE END,
  sum(n_completed) < 5
FROM learning WHERE school_year = $period AND element_code IS NOT NULL
GROUP BY element_code ORDER BY element_code
"""
_QUALITY = """
WITH by_delivery AS (
  SELECT d.dataset, d.sender_id, d."window",
    bool_or(d.received_on <= u.due_on) AS on_time,
    bool_or(u.due_on IS NOT NULL) AS owed,
    bool_or(has_accepted) AS has_accepted, sum(received) AS received, sum(accepted) AS accepted,
    sum(quarantined) AS quarantined
  FROM deliveries d
  LEFT JOIN due u ON u.dataset = d.dataset AND u."window" IS NOT DISTINCT FROM d."window"
  GROUP BY ALL
), expected AS (
  SELECT dataset, count(*) * $sites AS expected FROM due GROUP BY dataset
), counted AS (
  SELECT dataset, count(*) AS delivered,
    count(*) FILTER (owed AND on_time) AS on_time,
    count(*) FILTER (owed AND has_accepted) AS complete,
    sum(received)::BIGINT AS received, sum(accepted)::BIGINT AS accepted,
    sum(quarantined)::BIGINT AS quarantined
  FROM by_delivery GROUP BY dataset
)
SELECT dataset, expected, coalesce(delivered, 0),
  CASE WHEN expected IS NOT NULL THEN coalesce(on_time, 0) END,
  coalesce(received, 0), coalesce(accepted, 0), coalesce(quarantined, 0),
  CASE WHEN expected > 0
    THEN floor(coalesce(complete, 0)::DECIMAL(18, 6) / expected * 10000 + 0.5) / 10000
  END::DOUBLE
FROM counted FULL JOIN expected USING (dataset) ORDER BY dataset
"""


def _asked(query: str, tables: dict[str, pl.DataFrame], **values: object):
    with duckdb.connect() as database:
        for name, frame in tables.items():
            database.register(name, frame.to_arrow())
        return database.execute(query, values).fetchall()


def expected_participation(sites: pl.DataFrame, period: str):
    return _asked(_PARTICIPATION, {"sites": sites}, period=period)


def expected_awards(learning: pl.DataFrame, period: str):
    return _asked(_AWARDS, {"learning": learning}, period=period)


def expected_quality(deliveries: pl.DataFrame, due: pl.DataFrame, sites: int):
    return _asked(_QUALITY, {"deliveries": deliveries, "due": due}, sites=sites)
