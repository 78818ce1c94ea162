-- 9 or 10 / answers up to 10.
SELECT
    grp,
    sum((score > 8.9999)::integer) AS numerator,
    count(*) AS denominator,
    avg((score > 8.9999)::integer)::float8 AS value
FROM facts
WHERE kind = 'csat' AND scale IN ('0-10', '1-10') AND answered
GROUP BY grp
