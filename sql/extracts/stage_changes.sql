-- What is believed of every move of every deal, one row each, with the lead it is about; what the moves make of the deal
-- is settled in reports/deals.py. Money is in ten-thousandths, as exactly as the ledger has it.

-- name: stage_changes(account_id, until) -> many
SELECT
    s.external_id AS change,
    s.opportunity,
    s.lead,
    s.stage,
    s.changed_at,
    (s.amount * 10000)::bigint AS amount,
    (s.gross_profit * 10000)::bigint AS gross_profit,
    s.currency,
    lead.source,
    lead.campaign,
    lead.owner,
    lead.test
FROM believed.stage_changes s
LEFT JOIN believed.leads lead ON lead.account_id = $1::integer AND lead.external_id = s.lead
WHERE s.account_id = $1::integer AND s.changed_at <= $2::timestamptz
    AND s.opportunity IS NOT NULL AND s.stage IS NOT NULL
