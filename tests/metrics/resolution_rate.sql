-- resolved cases / cases
SELECT grp, sum((resolved)::integer) AS numerator, count(*) AS denominator, avg((resolved)::integer)::float8 AS value
FROM facts
WHERE true
GROUP BY grp
