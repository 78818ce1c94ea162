-- deals won
SELECT grp, sum(1) AS numerator, NULL::bigint AS denominator, sum(1) AS value
FROM told
WHERE stage = 'won'
GROUP BY grp
