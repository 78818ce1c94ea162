-- the time by which half have had the event, in seconds; waiting leads are included
SELECT
    grp,
    count(*) FILTER (WHERE first_attempt_at IS NOT NULL) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(response_ms), array_agg(first_attempt_at IS NOT NULL)) / 1000 AS value
FROM facts
WHERE response_ms IS NOT NULL
GROUP BY grp
