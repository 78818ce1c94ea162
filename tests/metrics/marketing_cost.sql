-- what the days of the window cost
SELECT grp, sum(cost) AS numerator, NULL::float8 AS denominator, sum(cost) AS value
FROM facts
GROUP BY grp
