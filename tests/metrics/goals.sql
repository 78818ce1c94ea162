-- S
SELECT grp, sum(goal::integer) AS numerator, NULL::bigint AS denominator, sum(goal::integer) AS value
FROM facts
GROUP BY grp
