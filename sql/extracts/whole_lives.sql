-- What is believed of every attempt, whenever dialed up to the report's moment, to the leads called in a window.
-- Columns as those of attempts.sql, where they are needed.

-- name: whole_lives(account_id, from_at, to_at, until) -> many
SELECT
    a.dialer,
    a.external_id,
    a.campaign,
    a.agent,
    a.source,
    a.tracking_number,
    a.lead,
    lead.source AS lead_source,
    lead.test AS lead_test,
    lead.closed_at AS lead_closed_at,
    a.dialed_at,
    a.answered_at,
    a.agent_joined_at,
    a.talk_ms,
    a.network_result,
    a.answered_by,
    a.handled,
    a.test,
    a.disposition,
    a.disposition_set_at,
    a.disposition_agent,
    a.callback_at
FROM believed.attempts a
LEFT JOIN believed.leads lead ON lead.account_id = $1::integer AND lead.external_id = a.lead
WHERE a.account_id = $1::integer AND a.dialed_at <= $4::timestamptz
    AND a.lead IN (
        SELECT w.lead FROM believed.attempts w
        WHERE w.account_id = $1::integer AND w.dialed_at >= $2::timestamptz AND w.dialed_at < $3::timestamptz
    )
