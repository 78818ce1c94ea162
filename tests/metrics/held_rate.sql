-- Held / due. A meeting with an outcome was due at any time; so was a meeting with a past time.
WITH due AS (
    SELECT
        grp,
        CASE WHEN status IN ('held', 'no_show', 'cancelled_by_them') THEN status ELSE 'not reported' END AS outcome
    FROM facts
    WHERE status IS DISTINCT FROM 'cancelled_by_us'
        AND (status IN ('held', 'no_show') OR NOT scheduled_at > pg_temp.setting('until')::timestamptz)
)
SELECT *, pg_temp.doubted(numerator, value, unknown, denominator, value, range_high) AS reason
FROM (
    SELECT
        grp,
        sum((outcome = 'held')::integer) AS numerator,
        sum(1) AS denominator,
        sum((outcome = 'not reported')::integer) AS unknown,
        sum((outcome = 'held')::integer)::float8 / sum(1) AS value,
        sum((outcome IN ('held', 'not reported'))::integer)::float8 / sum(1) AS range_high
    FROM due
    GROUP BY grp
) rates
