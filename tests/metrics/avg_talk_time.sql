-- mean customer talk in seconds where an agent handled the call and no machine is known; its spread for the interval
SELECT
    grp,
    sum(seconds) AS numerator,
    count(*) AS denominator,
    avg(seconds) AS value,
    stddev_samp(seconds) AS spread
FROM (
    SELECT grp, greatest(talk_ms - coalesce(dead_ms, 0), 0) / 1000.0 AS seconds
    FROM facts
    WHERE network_result = 'answered' AND handled = 'agent' AND answered_by NOT IN ('machine', 'fax_or_tone') AND talk_ms IS NOT NULL
) talks
GROUP BY grp
