-- gross profits of won deals
SELECT grp, sum(gross_profit) AS numerator, NULL::float8 AS denominator, sum(gross_profit) AS value, count(gross_profit) AS n
FROM facts
WHERE stage = 'won'
GROUP BY grp
