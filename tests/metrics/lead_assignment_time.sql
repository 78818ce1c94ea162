-- the time by which half of them have it behind them, in seconds; the delay of routing
SELECT
    grp,
    count(*) FILTER (WHERE assigned) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(assignment_ms), array_agg(assigned)) / 1000 AS value
FROM facts
WHERE assignment_ms IS NOT NULL
GROUP BY grp
