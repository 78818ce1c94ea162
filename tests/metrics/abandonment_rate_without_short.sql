-- callers who hung up after 5 s or more / waits that are over, without those who hung up before
SELECT grp, sum((outcome = 'abandoned')::integer) AS numerator, count(*) AS denominator, avg((outcome = 'abandoned')::integer)::float8 AS value
FROM facts
WHERE outcome <> 'open' AND NOT (outcome = 'abandoned' AND COALESCE(wait_ms, 5000) < 5000)
GROUP BY grp
