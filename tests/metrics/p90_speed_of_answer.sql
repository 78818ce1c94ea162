-- 90th percentile of the waits until the answer, in seconds
SELECT grp, NULL::float8 AS numerator, count(*) AS denominator,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY wait_ms) / 1000.0 AS value
FROM facts
WHERE outcome = 'answered' AND wait_ms IS NOT NULL
GROUP BY grp
