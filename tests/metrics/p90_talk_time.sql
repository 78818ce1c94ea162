-- 90th percentile of customer talk in seconds where an agent handled the call and no machine is known
SELECT
    grp,
    NULL::float8 AS numerator,
    count(*) AS denominator,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY greatest(talk_ms - coalesce(dead_ms, 0), 0)) / 1000.0 AS value
FROM facts
WHERE network_result = 'answered' AND handled = 'agent' AND answered_by NOT IN ('machine', 'fax_or_tone') AND talk_ms IS NOT NULL
GROUP BY grp
