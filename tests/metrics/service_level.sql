-- answered in time / those, and all who waited longer
SELECT grp, sum((outcome = 'answered' AND wait_ms <= answer_ms)::integer) AS numerator, count(*) AS denominator, avg((outcome = 'answered' AND wait_ms <= answer_ms)::integer)::float8 AS value
FROM facts
WHERE wait_ms > answer_ms OR outcome = 'answered' AND wait_ms IS NOT NULL
GROUP BY grp
