-- What is believed of the calls to leads that a deal is about, whenever dialed: the columns CALL of reports/reached.py.

-- name: deal_calls(account_id, until) -> many
SELECT
    a.dialer,
    a.external_id,
    a.lead,
    a.campaign,
    a.agent,
    a.source,
    a.tracking_number,
    lead.source AS lead_source,
    lead.test AS lead_test,
    a.dialed_at,
    a.agent_joined_at,
    a.talk_ms,
    a.answered_by,
    a.handled,
    a.test,
    a.disposition,
    a.disposition_agent
FROM believed.attempts a
LEFT JOIN believed.leads lead ON lead.account_id = $1::integer AND lead.external_id = a.lead
WHERE a.account_id = $1::integer AND a.dialed_at <= $2::timestamptz
    AND a.lead IN (SELECT s.lead FROM believed.stage_changes s WHERE s.account_id = $1::integer)
