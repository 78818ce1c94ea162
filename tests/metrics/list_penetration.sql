-- leads called / leads that can be called and may be
SELECT
    grp,
    count(*) FILTER (WHERE first_attempt_at IS NOT NULL) AS numerator,
    count(*) AS denominator,
    avg((first_attempt_at IS NOT NULL)::integer) AS value
FROM facts
WHERE dialable
GROUP BY grp
