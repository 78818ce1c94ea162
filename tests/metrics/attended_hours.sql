-- Time logged in, on days with a plan.
SELECT grp, sum(hours) AS numerator, NULL::bigint AS denominator, sum(hours) AS value
FROM facts
WHERE activity IS NULL
GROUP BY grp
