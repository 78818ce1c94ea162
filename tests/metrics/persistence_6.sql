-- Six or more / given up; at the ends, those perhaps reached do not count where they would help.
WITH counts AS (
    SELECT
        grp,
        count(*) FILTER (WHERE attempts > 5)::float8 AS often,
        count(*)::float8 AS leads,
        count(*) FILTER (WHERE attempts > 5 AND perhaps_reached)::float8 AS often_perhaps,
        count(*) FILTER (WHERE perhaps_reached)::float8 AS perhaps
    FROM facts
    WHERE given_up
    GROUP BY grp
),
rates AS (
    SELECT
        *,
        coalesce((often - often_perhaps) / nullif(leads - often_perhaps, 0), 0) AS low,
        often / nullif(leads - perhaps + often_perhaps, 0) AS high
    FROM counts
)
SELECT
    grp,
    often AS numerator,
    leads AS denominator,
    often / leads AS value,
    pg_temp.doubted(often, often / leads, perhaps, leads, low, coalesce(high, low)) AS reason,
    low AS range_low,
    coalesce(high, low) AS range_high
FROM rates
