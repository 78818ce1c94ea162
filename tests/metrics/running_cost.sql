-- what the days of the window cost
SELECT grp, sum(amount) AS numerator, NULL::float8 AS denominator, sum(amount) AS value
FROM facts
GROUP BY grp
