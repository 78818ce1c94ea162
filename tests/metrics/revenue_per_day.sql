-- what won deals add to a day
SELECT grp, sum(amount_a_day) AS numerator, NULL::float8 AS denominator, sum(amount_a_day) AS value, count(amount_a_day) AS n
FROM facts
WHERE stage = 'won'
GROUP BY grp
