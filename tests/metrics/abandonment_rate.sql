-- callers who hung up / waits that are over
SELECT grp, sum((outcome = 'abandoned')::integer) AS numerator, count(*) AS denominator, avg((outcome = 'abandoned')::integer)::float8 AS value
FROM facts
WHERE outcome <> 'open'
GROUP BY grp
