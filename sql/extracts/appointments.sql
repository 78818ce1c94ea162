-- The appointments that were set in a window or are scheduled for it, with the attempt that set each and its lead.

-- name: appointments(account_id, from_at, to_at) -> many
SELECT
    p.external_id,
    COALESCE(p.lead, a.lead) AS lead,
    p.dialer,
    p.attempt,
    p.agent,
    a.agent AS attempt_agent,
    a.disposition_agent,
    lead.owner,
    a.campaign,
    lead.campaign AS lead_campaign,
    a.source,
    lead.source AS lead_source,
    a.tracking_number,
    a.test,
    lead.test AS lead_test,
    p.set_at,
    p.scheduled_at,
    p.status
FROM believed.appointments p
LEFT JOIN believed.attempts a
    ON a.account_id = $1::integer AND a.dialer = p.dialer AND a.external_id = p.attempt
LEFT JOIN believed.leads lead
    ON lead.account_id = $1::integer AND lead.external_id = COALESCE(p.lead, a.lead)
WHERE p.account_id = $1::integer AND (
    (p.set_at >= $2::timestamptz AND p.set_at < $3::timestamptz)
    OR (p.scheduled_at >= $2::timestamptz AND p.scheduled_at < $3::timestamptz)
)
