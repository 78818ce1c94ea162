-- the longest of all waits, in seconds
SELECT grp, NULL::float8 AS numerator, count(wait_ms) AS denominator, max(wait_ms) / 1000.0 AS value
FROM facts
GROUP BY grp
