-- cases opened again / cases ever resolved, where reopenings are reported
SELECT grp, sum((reopened_at IS NOT NULL)::integer) AS numerator, count(*) AS denominator, avg((reopened_at IS NOT NULL)::integer)::float8 AS value
FROM facts
WHERE resolved_at IS NOT NULL AND tells_reopenings
GROUP BY grp
