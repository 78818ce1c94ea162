-- answered in time / answered
SELECT grp, sum((wait_ms <= answer_ms)::integer) AS numerator, count(*) AS denominator, avg((wait_ms <= answer_ms)::integer)::float8 AS value
FROM facts
WHERE outcome = 'answered' AND wait_ms IS NOT NULL
GROUP BY grp
