-- the time by which half of them have it behind them, in seconds; who has not picked up still waits
SELECT
    grp,
    count(*) FILTER (WHERE first_human_at IS NOT NULL) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(human_ms), array_agg(first_human_at IS NOT NULL)) / 1000 AS value
FROM facts
WHERE human_ms IS NOT NULL
GROUP BY grp
