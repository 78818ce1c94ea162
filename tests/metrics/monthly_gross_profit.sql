-- what was left of monthly payments
SELECT grp, sum(profit) AS numerator, NULL::float8 AS denominator, sum(profit) AS value
FROM facts
WHERE value_per = 'month'
GROUP BY grp
