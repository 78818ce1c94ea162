-- customers of the start
SELECT grp, count(*) FILTER (WHERE at_start) AS numerator, NULL::bigint AS denominator, count(*) FILTER (WHERE at_start) AS value
FROM facts
GROUP BY grp
