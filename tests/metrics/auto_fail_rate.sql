-- Failed / evaluations.
SELECT
    grp,
    sum((failed)::integer) AS numerator,
    count(*) AS denominator,
    avg((failed)::integer)::float8 AS value
FROM facts
WHERE session IS NULL
GROUP BY grp
