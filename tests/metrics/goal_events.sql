-- every call of which the goal was recorded
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM told
GROUP BY grp
