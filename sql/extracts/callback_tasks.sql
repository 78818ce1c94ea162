-- The calls that somebody else than a dialer put down as due in a window, each with its lead.

-- name: callback_tasks(account_id, from_at, to_at) -> many
SELECT
    f.external_id,
    f.lead,
    f.agent,
    f.due_at,
    f.done_at,
    lead.owner,
    lead.campaign,
    lead.source,
    lead.test,
    lead.closed_at AS lead_closed_at
FROM believed.follow_ups f
LEFT JOIN believed.leads lead ON lead.account_id = $1::integer AND lead.external_id = f.lead
WHERE f.account_id = $1::integer AND f.channel = 'call' AND f.automated IS NOT TRUE
    AND f.due_at >= $2::timestamptz AND f.due_at < $3::timestamptz
