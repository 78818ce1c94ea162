-- hours of talk, part by part; whoever was last on the line had the dead seconds
SELECT
    grp,
    sum(greatest(talked_ms - coalesce(silent_ms, 0), 0)) / 3600000.0 AS numerator,
    NULL::bigint AS denominator,
    sum(greatest(talked_ms - coalesce(silent_ms, 0), 0)) / 3600000.0 AS value
FROM facts
WHERE network_result = 'answered' AND handled = 'agent' AND answered_by NOT IN ('machine', 'fax_or_tone')
    AND talked_ms IS NOT NULL
GROUP BY grp
