"""What lessons recommend a second time, in SQL on DuckDB. Nothing is shared."""

from datetime import date

import duckdb
import polars as pl

_LEADS = """
SELECT policy_area, lead_actor,
  CASE WHEN lead_actor = 'legislature' THEN 'legislative'
    WHEN lead_actor IN ('governor', 'state_board', 'chief_state_school_officer',
      'sea_staff', 'educator_standards_board') THEN 'executive'
    ELSE 'other' END AS branch,
  count(DISTINCT state_fips) AS states, count(*) AS n
FROM actions
WHERE policy_area IS NOT NULL AND (decided_on IS NULL OR decided_on <= $as_of)
GROUP BY policy_area, lead_actor ORDER BY policy_area, n DESC, lead_actor
"""
_RECOMMENDATIONS = """
WITH led AS (
  SELECT policy_area, list(lead_actor ORDER BY n DESC, lead_actor) AS actors
  FROM leads GROUP BY policy_area
), told AS (
  SELECT unnest(audience) AS audience, * EXCLUDE (audience) FROM lessons
  WHERE recommendation IS NOT NULL
)
SELECT t.audience, t.policy_area, coalesce(led.actors, []),
  row_number() OVER (PARTITION BY t.audience, t.policy_area
    ORDER BY corroborated DESC, independent_sites DESC NULLS LAST,
      lesson_date DESC, public_id) AS rank,
  public_id, recommendation, element_code, lesson_type, corroborated,
  independent_sites, strength
FROM told t LEFT JOIN strengths s USING (element_code, lesson_type)
LEFT JOIN led USING (policy_area)
WHERE t.audience IN ('state_agency', 'district_leader')
ORDER BY t.audience, t.policy_area, rank
"""


def expected_leads(actions: pl.DataFrame, as_of: date):
    with duckdb.connect() as database:
        database.register("actions", actions.to_arrow())
        return database.execute(_LEADS, {"as_of": as_of}).fetchall()


def expected_recommendations(
    lessons: pl.DataFrame, strengths: pl.DataFrame, actions: pl.DataFrame, as_of: date
):
    with duckdb.connect() as database:
        database.register("actions", actions.to_arrow())
        database.register("lessons", lessons.to_arrow())
        database.register("strengths", strengths.to_arrow())
        leads = database.sql(_LEADS, params={"as_of": as_of})
        database.register("leads", leads.to_arrow_table())
        return database.execute(_RECOMMENDATIONS).fetchall()
