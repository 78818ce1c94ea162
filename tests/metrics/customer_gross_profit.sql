-- what was left of it
SELECT grp, sum(profit) AS numerator, NULL::float8 AS denominator, sum(profit) AS value
FROM facts
GROUP BY grp
