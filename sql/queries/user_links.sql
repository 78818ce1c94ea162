-- Links that work once. Times are the ledger's own.

-- name: add(account_id, user_id, purpose, token_sha256, lasts) -> one
INSERT INTO user_links (account_id, user_id, purpose, token_sha256, expires_at)
VALUES ($1, $2, $3::text::link_purpose, $4, now() + $5::interval)
RETURNING expires_at;

-- A later link replaces the earlier ones, and none outlives a new password.
-- name: replace(account_id, user_id) -> none
UPDATE user_links
SET used_at = now()
WHERE account_id = $1 AND user_id = $2 AND used_at IS NULL;

-- name: find(token_sha256, purpose) -> optional
SELECT
    account_id,
    id,
    user_id,
    email,
    name,
    account_name
FROM find_user_link($1, $2::text::link_purpose);

-- name: use(account_id, id) -> optional
UPDATE user_links
SET used_at = now()
WHERE account_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > now()
RETURNING user_id;

-- name: was_just_made(account_id, user_id, purpose) -> one
SELECT EXISTS (
    SELECT FROM user_links
    WHERE account_id = $1
      AND user_id = $2
      AND purpose = $3::text::link_purpose
      AND created_at > now() - interval '1 minute'
);
