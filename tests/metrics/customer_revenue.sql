-- what accrued
SELECT grp, sum(revenue) AS numerator, NULL::float8 AS denominator, sum(revenue) AS value
FROM facts
GROUP BY grp
