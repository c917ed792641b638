"""The network by state in SQL, written from the words of the summary alone."""

from datetime import date

import duckdb
import polars as pl

_SQL = """
WITH year AS (
    SELECT max(school_year) AS year FROM sites WHERE school_year <= $school_year
),
counted AS (
    SELECT state_fips, count(DISTINCT site_id) AS sites
    FROM sites, year WHERE school_year = year.year GROUP BY ALL
),
decided AS (
    SELECT state_fips, count(DISTINCT decision_point) AS decided FROM actions
    WHERE decision = 'decided_yes' AND decided_on <= $as_of
      AND (ended_on IS NULL OR ended_on > $as_of)
    GROUP BY ALL
),
phases AS (
    SELECT state_fips, max_by(state_phase, (decided_on, action_id)) AS state_phase
    FROM actions WHERE decided_on <= $as_of AND state_phase IS NOT NULL GROUP BY ALL
)
SELECT state_fips, coalesce((SELECT year FROM year), $school_year) AS school_year,
       coalesce(sites, 0) AS sites, coalesce(decided, 0) AS decided, state_phase
FROM (SELECT unnest($states) AS state_fips)
LEFT JOIN counted USING (state_fips)
LEFT JOIN decided USING (state_fips)
LEFT JOIN phases USING (state_fips)
ORDER BY state_fips
"""


def network_states_in_sql(
    sites: pl.DataFrame,
    actions: pl.DataFrame,
    *,
    states: list[str],
    school_year: str,
    as_of: date,
) -> list[tuple[object, ...]]:
    """Return the rows of the summary."""
    with duckdb.connect() as connection:
        connection.register("sites", sites.to_arrow())
        connection.register("actions", actions.to_arrow())
        asked = {"states": states, "school_year": school_year, "as_of": as_of}
        return connection.execute(_SQL, asked).fetchall()
