-- Sessions of the pages. Times are the ledger's own.

-- name: open(account_id, token_sha256, key_prefix, user_id, device, lasts) -> one
INSERT INTO sessions (account_id, token_sha256, key_prefix, user_id, device, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + $6::interval)
RETURNING id;

-- What is long over is of no use to anybody.
-- name: forget(account_id, lasts) -> none
DELETE FROM sessions
WHERE account_id = $1 AND expires_at < now() - $2::interval;

-- name: find(token_sha256) -> optional
SELECT
    account_id,
    id,
    last_seen_at,
    key_prefix,
    scopes,
    dialer,
    user_id,
    email,
    name,
    role,
    teams,
    agent,
    language,
    zone,
    is_demo(account_id) AS is_demo
FROM find_session($1);

-- Several processes see the same session: the minute is kept here, and not only in each of them.
-- name: note_seen(account_id, id) -> none
WITH seen AS (
    UPDATE sessions
    SET last_seen_at = now()
    WHERE account_id = $1 AND id = $2 AND last_seen_at < now() - interval '1 minute'
    RETURNING user_id
)
UPDATE users
SET last_seen_at = now()
WHERE account_id = $1 AND id = (SELECT user_id FROM seen);

-- name: note_user_seen(account_id, user_id) -> none
UPDATE users
SET last_seen_at = now()
WHERE account_id = $1 AND id = $2;

-- name: list(account_id) -> many
SELECT
    s.id,
    k.name AS key_name,
    s.key_prefix,
    s.user_id,
    u.name AS user_name,
    u.email,
    s.device,
    s.created_at,
    s.last_seen_at,
    s.expires_at
FROM sessions s
LEFT JOIN api_keys k ON k.account_id = s.account_id AND k.prefix = s.key_prefix
LEFT JOIN users u ON u.account_id = s.account_id AND u.id = s.user_id
WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > now()
ORDER BY s.id DESC;

-- name: close(account_id, id) -> optional
UPDATE sessions
SET ended_at = now()
WHERE account_id = $1 AND id = $2 AND ended_at IS NULL
RETURNING id;

-- A null id leaves no session open.
-- name: close_others(account_id, user_id, key_prefix, id) -> many
UPDATE sessions
SET ended_at = now()
WHERE account_id = $1
  AND (user_id = $2 OR key_prefix = $3)
  AND id IS DISTINCT FROM $4::bigint
  AND ended_at IS NULL
  AND expires_at > now()
RETURNING id;
