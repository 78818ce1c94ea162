-- AP
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM told
WHERE result = 'appointment'
GROUP BY grp
