-- Followed up in time / spoken with, the time over and the lead not closed before.
WITH calls AS (
    SELECT grp, followed AS good, certain AND is_due AS counts, NOT certain AND is_due AS perhaps
    FROM facts,
        LATERAL (
            SELECT in_time_until <= pg_temp.setting('until')::timestamptz
                AND (followed OR closed_at IS NULL OR closed_at >= in_time_until) AS is_due
        ) due
),
counts AS (
    SELECT
        grp,
        count(*) FILTER (WHERE counts AND good)::float8 AS numerator,
        count(*) FILTER (WHERE counts)::float8 AS denominator,
        count(*) FILTER (WHERE perhaps AND good)::float8 AS perhaps_good,
        count(*) FILTER (WHERE perhaps)::float8 AS perhaps
    FROM calls
    GROUP BY grp
),
rates AS (
    SELECT
        *,
        numerator / nullif(denominator, 0) AS value,
        coalesce(numerator / nullif(denominator + perhaps - perhaps_good, 0), 0) AS low,
        (numerator + perhaps_good) / nullif(denominator + perhaps_good, 0) AS high
    FROM counts
)
SELECT
    grp,
    numerator,
    denominator,
    value,
    pg_temp.doubted(numerator, value, perhaps, denominator + perhaps, low, high) AS reason,
    CASE WHEN value IS NOT NULL OR high > low THEN low END AS range_low,
    CASE WHEN value IS NOT NULL OR high > low THEN high END AS range_high
FROM rates
