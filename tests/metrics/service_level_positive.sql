-- answered or abandoned in time / all waits
SELECT grp, sum((outcome IN ('answered', 'abandoned') AND wait_ms <= answer_ms)::integer) AS numerator, count(*) AS denominator, avg((outcome IN ('answered', 'abandoned') AND wait_ms <= answer_ms)::integer)::float8 AS value
FROM facts
WHERE wait_ms IS NOT NULL AND (outcome <> 'open' OR wait_ms > answer_ms)
GROUP BY grp
