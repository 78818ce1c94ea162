-- mean wrap in seconds where an agent handled the call and no machine is known; its spread for the interval
SELECT
    grp,
    sum(wrap_ms / 1000.0) AS numerator,
    count(wrap_ms) AS denominator,
    avg(wrap_ms / 1000.0) AS value,
    stddev_samp(wrap_ms / 1000.0) AS spread
FROM facts
WHERE network_result = 'answered' AND handled = 'agent' AND answered_by NOT IN ('machine', 'fax_or_tone')
GROUP BY grp
