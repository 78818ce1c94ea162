-- the gross profit of won deals, as credited
SELECT grp, sum(profit) AS numerator, NULL::float8 AS denominator, sum(profit) AS value
FROM told
WHERE kind = 'deal' AND ours
GROUP BY grp
