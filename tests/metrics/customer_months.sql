-- months as a customer, where the profit is known
SELECT grp, sum(months) AS numerator, NULL::float8 AS denominator, sum(months) AS value
FROM facts
WHERE profit_known
GROUP BY grp
