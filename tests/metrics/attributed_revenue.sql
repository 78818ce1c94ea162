-- the revenue of won deals, as credited
SELECT grp, sum(revenue) AS numerator, NULL::float8 AS denominator, sum(revenue) AS value
FROM facts
WHERE kind = 'deal'
GROUP BY grp
