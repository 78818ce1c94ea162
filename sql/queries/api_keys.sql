-- name: create(account_id, prefix, secret_sha256, name, scopes, dialer, expires_at) -> none
INSERT INTO api_keys (account_id, prefix, secret_sha256, name, scopes, dialer, expires_at)
VALUES ($1, $2, $3, $4, $5::text[]::scope[], $6, $7);

-- name: find(prefix) -> optional
SELECT
    account_id,
    secret_sha256,
    scopes,
    dialer,
    expires_at,
    revoked_at
FROM find_api_key($1);

-- name: list() -> many
SELECT
    a.code AS account,
    k.prefix,
    k.name,
    k.scopes::text[],
    k.dialer,
    k.created_at,
    k.expires_at,
    k.revoked_at,
    k.last_used_at
FROM api_keys k
JOIN accounts a USING (account_id)
ORDER BY k.created_at, k.prefix;

-- name: revoke(prefix) -> optional
UPDATE api_keys k
SET revoked_at = coalesce(k.revoked_at, now())
FROM accounts a
WHERE a.account_id = k.account_id AND k.prefix = $1
RETURNING
    a.code AS account,
    k.name,
    k.revoked_at;

-- Several processes see the same key: the minute is kept here, and not only in each of them.
-- name: note_use(account_id, prefix) -> none
UPDATE api_keys
SET last_used_at = now()
WHERE account_id = $1
  AND prefix = $2
  AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');

-- name: read(account_id, prefix) -> optional
SELECT
    prefix,
    name,
    scopes::text[],
    dialer,
    created_at,
    expires_at,
    revoked_at,
    last_used_at
FROM api_keys
WHERE account_id = $1 AND prefix = $2;

-- The keys of one account, the oldest first; the list goes on after a prefix.
-- name: list_of_account(account_id, after, most) -> many
SELECT
    prefix,
    name,
    scopes::text[],
    dialer,
    created_at,
    expires_at,
    revoked_at,
    last_used_at
FROM api_keys
WHERE account_id = $1
    AND (
        $2::text = ''
        OR (created_at, prefix) > (SELECT k.created_at, k.prefix FROM api_keys k WHERE k.account_id = $1 AND k.prefix = $2)
    )
ORDER BY created_at, prefix
LIMIT $3;
