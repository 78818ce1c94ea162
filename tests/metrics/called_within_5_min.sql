-- the share called in time, where it is too early to tell for some; the numerator are those called in time
SELECT
    grp,
    count(*) FILTER (WHERE first_attempt_at IS NOT NULL AND response_ms <= 300000) AS numerator,
    count(*) AS denominator,
    pg_temp.within(array_agg(response_ms), array_agg(first_attempt_at IS NOT NULL), 300000) AS value
FROM facts
WHERE response_ms IS NOT NULL
GROUP BY grp
