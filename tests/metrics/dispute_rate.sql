-- Disputed / evaluations.
SELECT
    grp,
    sum((dispute IS NOT NULL)::integer) AS numerator,
    count(*) AS denominator,
    avg((dispute IS NOT NULL)::integer)::float8 AS value
FROM facts
WHERE session IS NULL
GROUP BY grp
