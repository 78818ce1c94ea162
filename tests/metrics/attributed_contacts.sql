-- the parts of contacts that were credited
SELECT grp, sum(weight) / 1e6 AS numerator, NULL::float8 AS denominator, sum(weight) / 1e6 AS value
FROM facts
WHERE kind = 'contact'
GROUP BY grp
