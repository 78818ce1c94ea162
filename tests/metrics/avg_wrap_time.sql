-- mean wrap in seconds where an agent spoke with a person; its spread for the interval
SELECT
    grp,
    sum(wrap_ms / 1000.0) AS numerator,
    count(wrap_ms) AS denominator,
    avg(wrap_ms / 1000.0) AS value,
    stddev_samp(wrap_ms / 1000.0) AS spread
FROM facts
WHERE (answered_by, handled) = ('human', 'agent')
GROUP BY grp
