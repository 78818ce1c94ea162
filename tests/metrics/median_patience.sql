-- the time by which half would have hung up, in seconds
SELECT
    grp,
    count(*) FILTER (WHERE outcome = 'abandoned') AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(wait_ms), array_agg(outcome = 'abandoned')) / 1000 AS value
FROM facts
WHERE wait_ms > 0
GROUP BY grp
