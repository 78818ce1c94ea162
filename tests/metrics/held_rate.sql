-- Held / due. A meeting that came to something was due, whatever the clock says; so was one whose time has passed.
WITH due AS (
    SELECT
        grp,
        CASE WHEN status IN ('held', 'no_show', 'cancelled_by_them') THEN status ELSE 'not told' END AS outcome
    FROM told
    WHERE status IS DISTINCT FROM 'cancelled_by_us'
        AND (status IN ('held', 'no_show') OR NOT scheduled_at > pg_temp.asked('until')::timestamptz)
)
SELECT
    grp,
    sum((outcome = 'held')::integer) AS numerator,
    sum(1) AS denominator,
    sum((outcome = 'held')::integer)::float8 / sum(1) AS value,
    sum((outcome IN ('held', 'not told'))::integer)::float8 / sum(1) AS range_high
FROM due
GROUP BY grp
