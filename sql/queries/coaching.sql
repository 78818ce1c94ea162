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
    a.agent,
    a.external_id IS NOT NULL AS outbound,
    COALESCE(a.recording, i.recording)->>'uri' AS recording
FROM shared_calls h
LEFT JOIN attempts a ON a.account_id = $1::integer AND a.dialer = h.dialer AND a.external_id = h.call
LEFT JOIN inbound_calls i ON i.account_id = $1::integer AND i.dialer = h.dialer AND i.external_id = h.call
WHERE h.account_id = $1::integer
    AND h.withdrawn_at IS NULL
    AND (cardinality($2::text[]) = 0 OR h.team = ANY($2::text[]))
ORDER BY h.shared_at DESC, h.external_id
LIMIT $3::integer;

-- Those of some calls that the account has, made or taken, with their recordings.
-- name: known_calls(account_id, dialers, external_ids) -> many
SELECT c.dialer, c.external_id, c.outbound, c.recording
FROM unnest($2::text[], $3::text[]) AS listed (dialer, external_id)
CROSS JOIN LATERAL (
    SELECT a.dialer, a.external_id, true AS outbound, a.recording->>'uri' AS recording
    FROM attempts a
    WHERE a.account_id = $1::integer AND a.dialer = listed.dialer AND a.external_id = listed.external_id
    UNION ALL
    SELECT i.dialer, i.external_id, false, i.recording->>'uri'
    FROM inbound_calls i
    WHERE i.account_id = $1::integer AND i.dialer = listed.dialer AND i.external_id = listed.external_id
) c;

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

-- name: has_call(account_id, dialer, external_id) -> one
SELECT
    EXISTS (SELECT FROM attempts a WHERE a.account_id = $1::integer AND a.dialer = $2 AND a.external_id = $3)
    OR EXISTS (SELECT FROM inbound_calls i WHERE i.account_id = $1::integer AND i.dialer = $2 AND i.external_id = $3);

-- name: key_name(account_id, prefix) -> optional
SELECT name FROM api_keys WHERE account_id = $1::integer AND prefix = $2;
