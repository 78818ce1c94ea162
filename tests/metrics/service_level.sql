-- answered within 20 s / those, and all who waited longer
SELECT grp, sum((outcome = 'answered' AND wait_ms <= 20000)::integer) AS numerator, count(*) AS denominator, avg((outcome = 'answered' AND wait_ms <= 20000)::integer)::float8 AS value
FROM facts
WHERE wait_ms > 20000 OR outcome = 'answered' AND wait_ms IS NOT NULL
GROUP BY grp
