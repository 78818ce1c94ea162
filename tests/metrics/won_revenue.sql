-- amounts of won deals
SELECT grp, sum(amount) AS numerator, NULL::float8 AS denominator, sum(amount) AS value, count(amount) AS n
FROM facts
WHERE stage = 'won'
GROUP BY grp
