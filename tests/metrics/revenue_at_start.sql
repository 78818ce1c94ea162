-- monthly values of the start
SELECT grp, sum(value_at_start) AS numerator, NULL::float8 AS denominator, sum(value_at_start) AS value
FROM facts
WHERE at_start
GROUP BY grp
