-- 4 or 5 / answers of 1 to 5.
SELECT
    grp,
    sum((score > 3.9999)::integer) AS numerator,
    count(*) AS denominator,
    avg((score > 3.9999)::integer)::float8 AS value
FROM facts
WHERE kind = 'csat' AND scale = '1-5' AND answered
GROUP BY grp
