-- deals won
SELECT grp, sum(1) AS numerator, NULL::bigint AS denominator, sum(1) AS value
FROM facts
WHERE stage = 'won'
GROUP BY grp
