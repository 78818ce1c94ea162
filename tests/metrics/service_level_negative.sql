-- answered within 20 s / all waits
SELECT grp, sum((outcome = 'answered' AND wait_ms <= 20000)::integer) AS numerator, count(*) AS denominator, avg((outcome = 'answered' AND wait_ms <= 20000)::integer)::float8 AS value
FROM facts
WHERE wait_ms IS NOT NULL AND (outcome <> 'open' OR wait_ms > 20000)
GROUP BY grp
