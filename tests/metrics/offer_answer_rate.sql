-- answered offers / offers
SELECT grp, sum((answered)::integer) AS numerator, count(*) AS denominator, avg((answered)::integer)::float8 AS value
FROM facts
WHERE answered IS NOT NULL
GROUP BY grp
