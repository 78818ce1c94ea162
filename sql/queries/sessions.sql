-- Sessions of the pages. Times are the ledger's own.

-- name: open(account_id, token_sha256, key_prefix, lasts) -> one
INSERT INTO sessions (account_id, token_sha256, key_prefix, expires_at)
VALUES ($1, $2, $3, now() + $4::interval)
RETURNING id;

-- What is long over is of no use to anybody.
-- name: forget(account_id, lasts) -> none
DELETE FROM sessions
WHERE account_id = $1 AND expires_at < now() - $2::interval;

-- name: find(token_sha256) -> optional
SELECT
    account_id,
    id,
    key_prefix,
    scopes,
    dialer
FROM find_session($1);

-- name: list(account_id) -> many
SELECT
    s.id,
    k.name AS key_name,
    s.key_prefix,
    s.created_at,
    s.expires_at
FROM sessions s
JOIN api_keys k ON k.account_id = s.account_id AND k.prefix = s.key_prefix
WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > now()
ORDER BY s.id DESC;

-- name: close(account_id, id) -> optional
UPDATE sessions
SET ended_at = now()
WHERE account_id = $1 AND id = $2 AND ended_at IS NULL
RETURNING id;
