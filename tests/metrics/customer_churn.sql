-- those of the start who are gone
SELECT
    grp,
    count(*) FILTER (WHERE ended) AS numerator,
    count(*) AS denominator,
    avg(ended::integer)::float8 AS value
FROM facts
WHERE at_start
GROUP BY grp
