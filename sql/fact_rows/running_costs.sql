-- Running costs, as reports read them.
SELECT
    c.external_id AS cost,
    c.team,
    c.overhead,
    c.from_on,
    c.to_on,
    c.amount,
    c.currency,
    c.recorded_at,
    c.superseded_at
FROM fact_rows c
