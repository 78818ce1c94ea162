-- amounts of deals won then
SELECT grp, sum(our_amount) AS numerator, NULL::float8 AS denominator, sum(our_amount) AS value
FROM facts
WHERE stage = 'won'
GROUP BY grp
