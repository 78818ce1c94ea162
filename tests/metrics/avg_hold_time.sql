-- mean hold in seconds where an agent spoke with a person; its spread for the interval
SELECT
    grp,
    sum(hold_ms / 1000.0) AS numerator,
    count(hold_ms) AS denominator,
    avg(hold_ms / 1000.0) AS value,
    stddev_samp(hold_ms / 1000.0) AS spread
FROM facts
WHERE (answered_by, handled) = ('human', 'agent')
GROUP BY grp
