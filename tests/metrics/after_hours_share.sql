-- calls outside working hours / calls
SELECT grp, sum((is_late)::integer) AS numerator, count(*) AS denominator, avg((is_late)::integer)::float8 AS value
FROM facts
WHERE true
GROUP BY grp
