-- Moves of deals, as reports read them.
SELECT
    s.external_id AS change,
    s.opportunity,
    s.lead,
    s.stage,
    s.changed_at,
    s.amount,
    s.gross_profit,
    s.currency,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
