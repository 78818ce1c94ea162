-- Moves of deals, as reports read them. Money is in ten-thousandths, as exactly as the ledger has it.
SELECT
    s.external_id AS change,
    s.opportunity,
    s.lead,
    s.stage,
    s.changed_at,
    (s.amount * 10000)::bigint AS amount,
    (s.gross_profit * 10000)::bigint AS gross_profit,
    s.currency,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
