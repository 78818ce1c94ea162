-- Costs, as reports read them.
SELECT
    s.external_id AS spend,
    s.source,
    s.campaign,
    s.tracking_number,
    s.from_on,
    s.to_on,
    s.amount,
    s.currency,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
