-- the time by which half of them have it behind them, in seconds; who was not reached still waits
SELECT
    grp,
    count(*) FILTER (WHERE first_contact_at IS NOT NULL) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(contact_ms), array_agg(first_contact_at IS NOT NULL)) / 1000 AS value
FROM facts
WHERE contact_ms IS NOT NULL
GROUP BY grp
