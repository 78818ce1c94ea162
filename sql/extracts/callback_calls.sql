-- What is believed of every attempt, whenever dialed, to the leads whom somebody has to call back in a window; and of
-- those in which a callback was promised to nobody knows whom. Columns as those of attempts.sql, where they are needed.

-- name: callback_calls(account_id, from_at, to_at, until) -> many
WITH promised AS (
    SELECT p.dialer, p.external_id, p.lead
    FROM believed.attempts p
    WHERE p.account_id = $1::integer AND p.callback_at >= $2::timestamptz AND p.callback_at < $3::timestamptz
),
waiting AS (
    SELECT lead FROM promised WHERE lead IS NOT NULL
    UNION
    SELECT f.lead
    FROM believed.follow_ups f
    WHERE f.account_id = $1::integer AND f.channel = 'call' AND f.automated IS NOT TRUE AND f.lead IS NOT NULL
        AND f.due_at >= $2::timestamptz AND f.due_at < $3::timestamptz
),
wanted AS (
    SELECT dialer, external_id FROM promised WHERE lead IS NULL
    UNION ALL
    SELECT c.dialer, c.external_id
    FROM waiting
    JOIN believed.attempts c ON c.account_id = $1::integer AND c.lead = waiting.lead
)
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
FROM wanted
JOIN believed.attempts a
    ON a.account_id = $1::integer AND a.dialer = wanted.dialer AND a.external_id = wanted.external_id
LEFT JOIN believed.leads lead ON lead.account_id = $1::integer AND lead.external_id = a.lead
WHERE a.dialed_at <= $4::timestamptz
