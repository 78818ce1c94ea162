-- the gross profit of won deals, as credited
SELECT grp, sum(profit) AS numerator, NULL::float8 AS denominator, sum(profit) AS value
FROM facts
WHERE kind = 'deal'
GROUP BY grp
