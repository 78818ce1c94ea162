-- mean wait in seconds until the answer; its spread for the interval
SELECT grp, sum(wait_ms) / 1000.0 AS numerator, count(*) AS denominator, avg(wait_ms) / 1000 AS value,
    stddev_samp(wait_ms) / 1000 AS spread
FROM facts
WHERE outcome = 'answered' AND wait_ms IS NOT NULL
GROUP BY grp
