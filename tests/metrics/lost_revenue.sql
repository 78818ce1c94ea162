-- monthly values of the start that are gone
SELECT grp, sum(value_at_start) AS numerator, NULL::float8 AS denominator, sum(value_at_start) AS value
FROM facts
WHERE at_start AND ended
GROUP BY grp
