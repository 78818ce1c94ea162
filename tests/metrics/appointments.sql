-- AP
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE result = 'appointment'
GROUP BY grp
