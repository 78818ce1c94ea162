-- those that do not stand any more
SELECT grp, count(*) - sum(goal::integer) AS numerator, NULL::bigint AS denominator, count(*) - sum(goal::integer) AS value
FROM facts
GROUP BY grp
