-- Calls that managers share with teams, with their notes and recordings.

-- The calls that are shared now, the latest first.
-- name: shared_calls(account_id, teams, most) -> many
SELECT
    h.external_id,
    h.dialer,
    h.call,
    h.team,
    h.manager,
    h.note,
    h.shared_at,
    COALESCE(a.agent, i.agent) AS agent
FROM shared_calls h
LEFT JOIN attempts a ON a.account_id = $1::integer AND a.dialer = h.dialer AND a.external_id = h.call
LEFT JOIN inbound_calls i ON i.account_id = $1::integer AND i.dialer = h.dialer AND i.external_id = h.call
WHERE h.account_id = $1::integer
    AND h.withdrawn_at IS NULL
    AND (cardinality($2::text[]) = 0 OR h.team = ANY($2::text[]))
ORDER BY h.shared_at DESC, h.external_id
LIMIT $3::integer;

-- name: shared_call(account_id, external_id) -> optional
SELECT
    external_id,
    dialer,
    call,
    team,
    manager,
    shared_at
FROM shared_calls
WHERE account_id = $1::integer AND external_id = $2 AND withdrawn_at IS NULL;

-- name: key_name(account_id, prefix) -> optional
SELECT name FROM api_keys WHERE account_id = $1::integer AND prefix = $2;
