-- Time with a plan.
SELECT grp, sum(hours) AS numerator, NULL::bigint AS denominator, sum(hours) AS value
FROM facts
WHERE activity IS NOT NULL
GROUP BY grp
