-- median days from the beginning to the win, of the rows of a year
SELECT
    grp,
    NULL::float8 AS numerator,
    count(*) AS denominator,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY cycle_ms) / 86400000 AS value
FROM facts
WHERE stage = 'won'
GROUP BY grp
