-- The first steps of an account: each is done as soon as its data are there.

-- name: read(account_id) -> one
SELECT
    a.zone <> 'UTC' OR a.name NOT IN ('Default', a.code) AS is_named,
    has_calls($1) AS has_calls,
    EXISTS (SELECT FROM hooks h WHERE h.account_id = $1 AND h.revoked_at IS NULL) AS has_dialer,
    EXISTS (SELECT FROM disposition_codes d WHERE d.account_id = $1 AND d.confirmed)
        AND NOT EXISTS (
            SELECT FROM disposition_codes d
            WHERE d.account_id = $1 AND NOT d.confirmed AND d.result = 'unmapped' AND d.merged_into IS NULL
        ) AS has_meanings,
    EXISTS (SELECT FROM leads l WHERE l.account_id = $1 AND l.received_at IS NOT NULL) AS has_leads,
    EXISTS (SELECT FROM spend s WHERE s.account_id = $1) AS has_spend,
    (SELECT count(*) FROM users u WHERE u.account_id = $1 AND u.disabled_at IS NULL) > 1 AS has_colleague,
    EXISTS (SELECT FROM first_steps f WHERE f.account_id = $1 AND f.dismissed_at IS NOT NULL) AS is_dismissed
FROM accounts a
WHERE a.account_id = $1;

-- name: set_dismissed(account_id, is_dismissed) -> none
INSERT INTO first_steps (account_id, dismissed_at)
VALUES ($1, CASE WHEN $2::boolean THEN now() END)
ON CONFLICT (account_id) DO UPDATE
SET dismissed_at = excluded.dismissed_at;
