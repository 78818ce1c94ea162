-- S
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE result = 'sale'
GROUP BY grp
