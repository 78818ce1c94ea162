-- median customer talk in seconds where an agent spoke with a person
SELECT
    grp,
    NULL::float8 AS numerator,
    count(*) AS denominator,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(talk_ms - coalesce(dead_ms, 0), 0)) / 1000.0 AS value
FROM facts
WHERE answered_by = 'human' AND handled = 'agent' AND talk_ms IS NOT NULL
GROUP BY grp
