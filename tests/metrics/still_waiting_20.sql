-- the share that would still wait, where an answer ends the watch; the numerator are those who hung up
SELECT
    grp,
    count(*) FILTER (WHERE outcome = 'abandoned' AND wait_ms <= 20000) AS numerator,
    count(*) AS denominator,
    1 - pg_temp.within(array_agg(wait_ms), array_agg(outcome = 'abandoned'), 20000) AS value
FROM facts
WHERE wait_ms > 0
GROUP BY grp
