-- answered within 20 s / answered
SELECT grp, sum((wait_ms <= 20000)::integer) AS numerator, count(*) AS denominator, avg((wait_ms <= 20000)::integer)::float8 AS value
FROM facts
WHERE outcome = 'answered' AND wait_ms IS NOT NULL
GROUP BY grp
