-- the time by which half of them have it behind them, in seconds; only working time counts
SELECT
    grp,
    count(*) FILTER (WHERE first_attempt_at IS NOT NULL) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(business_response_ms), array_agg(first_attempt_at IS NOT NULL)) / 1000 AS value
FROM facts
WHERE business_response_ms IS NOT NULL
GROUP BY grp
