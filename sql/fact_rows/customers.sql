-- Contracts and sales of customers, as reports read them.
SELECT
    c.external_id AS contract,
    COALESCE(c.customer, c.external_id) AS customer,
    c.lead,
    c.since_on,
    c.until_on,
    c.value,
    c.gross_profit,
    c.value_per,
    c.currency,
    c.recorded_at,
    c.superseded_at
FROM fact_rows c
