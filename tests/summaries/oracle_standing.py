"""The standing of lessons a second time, in SQL on DuckDB, to compare with.

Written from the definition, not from the library's code: nothing is shared.
"""

from datetime import date

import duckdb
import polars as pl

_TAKEN_UP = """
CREATE TABLE taken_up AS
SELECT t.public_id, t.element_code, t.lesson_type, s.site_id, s.told_state,
       s.reuse_kind, s.reuse_result
FROM shown s
JOIN shown t ON s.reused_lesson_id IN (t.lesson_id, t.public_id)
WHERE s.site_id <> t.site_id
  AND s.reuse_kind IS NOT NULL AND s.reuse_result IS NOT NULL
QUALIFY row_number() OVER (
  PARTITION BY s.site_id, t.public_id ORDER BY s.lesson_date DESC, s.lesson_id DESC
) = 1
"""
_GROUPS = """
WITH groups AS (
  SELECT element_code, lesson_type,
         coalesce(min(evidence_tier) FILTER (evidence_tier > 0), 0) AS tier,
         max(lesson_date) AS newest
  FROM shown GROUP BY ALL
), opposing AS (
  SELECT DISTINCT g.element_code, g.lesson_type, o.site_id
  FROM groups g
  JOIN (
    SELECT element_code, NULL AS lesson_type, site_id FROM shown
    WHERE lesson_type = 'did_not_work'
    UNION ALL
    SELECT element_code, lesson_type, site_id FROM taken_up
    WHERE reuse_result = 'did_not_help'
  ) o ON o.element_code = g.element_code
     AND coalesce(o.lesson_type, g.lesson_type) = g.lesson_type
  WHERE g.lesson_type IN ('worked', 'adapted')
), bearing AS (
  SELECT element_code, lesson_type, site_id, told_state FROM shown
  UNION
  SELECT element_code, lesson_type, site_id, told_state FROM taken_up
  WHERE reuse_result IN ('helped', 'helped_in_part')
), counted AS (
  SELECT g.*,
    (SELECT count(DISTINCT b.site_id) FROM bearing b
      WHERE b.element_code = g.element_code AND b.lesson_type = g.lesson_type
        AND NOT EXISTS (FROM opposing o WHERE o.site_id = b.site_id
          AND o.element_code = g.element_code AND o.lesson_type = g.lesson_type)
    ) AS sites,
    (SELECT CASE WHEN count(*) > 0 THEN greatest(count(DISTINCT b.told_state), 1)
      ELSE 0 END FROM bearing b
      WHERE b.element_code = g.element_code AND b.lesson_type = g.lesson_type
        AND NOT EXISTS (FROM opposing o WHERE o.site_id = b.site_id
          AND o.element_code = g.element_code AND o.lesson_type = g.lesson_type)
    ) AS states,
    (SELECT count(*) FROM opposing o
      WHERE o.element_code = g.element_code AND o.lesson_type = g.lesson_type
    ) AS against
  FROM groups g
), stepped AS (
  SELECT *,
    newest >= $as_of::DATE - INTERVAL 3 YEAR AS recent,
    CASE
      WHEN sites >= 3 AND states >= 2 AND tier BETWEEN 1 AND 3 THEN 1
      WHEN sites >= 3 OR (sites >= 2 AND tier BETWEEN 1 AND 3) THEN 2
      WHEN sites >= 2 OR tier BETWEEN 1 AND 3 THEN 3
      ELSE 4
    END AS step
  FROM counted
)
SELECT element_code, lesson_type,
  CASE WHEN lesson_type = 'open_question' THEN 'question'
       ELSE ['strong', 'moderate', 'emerging', 'too_little'][
         least(4, step + (against > 0 AND 2 * against >= sites)::INT
                       + (NOT recent)::INT)]
  END AS strength,
  sites, states, tier, newest, against, recent
FROM stepped ORDER BY element_code, lesson_type
"""
_REUSE = """
SELECT public_id, count(*),
  count(*) FILTER (reuse_kind = 'adopted'), count(*) FILTER (reuse_kind = 'adapted'),
  count(*) FILTER (reuse_result = 'helped'),
  count(*) FILTER (reuse_result = 'helped_in_part'),
  count(*) FILTER (reuse_result = 'did_not_help'),
  count(*) FILTER (reuse_result = 'too_early')
FROM taken_up GROUP BY public_id ORDER BY public_id
"""
_CONTRADICTIONS = """
SELECT element_code,
  count(DISTINCT site_id) FILTER (lesson_type IN ('worked', 'adapted')) AS worked,
  count(DISTINCT site_id) FILTER (lesson_type = 'did_not_work') AS failed,
  list(public_id ORDER BY lesson_date DESC, public_id)
    FILTER (lesson_type IN ('worked', 'adapted')),
  list(public_id ORDER BY lesson_date DESC, public_id)
    FILTER (lesson_type = 'did_not_work')
FROM shown GROUP BY element_code HAVING worked > 0 AND failed > 0
ORDER BY element_code
"""


def expected_standing(shown: pl.DataFrame, as_of: date):
    """Return (groups, reuse, contradictions) as lists of tuples."""
    with duckdb.connect() as database:
        database.register("given", shown.to_arrow())
        database.execute("CREATE TABLE shown AS FROM given")
        database.execute(_TAKEN_UP)
        return (
            database.execute(_GROUPS, {"as_of": as_of}).fetchall(),
            database.execute(_REUSE).fetchall(),
            database.execute(_CONTRADICTIONS).fetchall(),
        )
