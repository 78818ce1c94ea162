-- the time by which half of them have it behind them, in seconds; the agent's own clock
SELECT
    grp,
    count(*) FILTER (WHERE first_since_assigned_at IS NOT NULL) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(assigned_response_ms), array_agg(first_since_assigned_at IS NOT NULL)) / 1000 AS value
FROM facts
WHERE assigned_response_ms IS NOT NULL
GROUP BY grp
