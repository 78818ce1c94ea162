-- The second factor of people who sign in with a password.

-- name: read(account_id, user_id) -> optional
SELECT
    secret,
    confirmed_at,
    last_step,
    recovery_sha256
FROM second_factors
WHERE account_id = $1 AND user_id = $2
FOR UPDATE;

-- name: is_needed(account_id, user_id) -> one
SELECT
    a.second_factor_required AS required,
    EXISTS (
        SELECT FROM second_factors f
        WHERE f.account_id = $1 AND f.user_id = $2 AND f.confirmed_at IS NOT NULL
    ) AS confirmed
FROM accounts a
WHERE a.account_id = $1;

-- name: start(account_id, user_id, secret) -> none
INSERT INTO second_factors (account_id, user_id, secret)
VALUES ($1, $2, $3);

-- name: confirm(account_id, user_id, step, recovery_sha256) -> none
UPDATE second_factors
SET confirmed_at = now(), last_step = $3, recovery_sha256 = $4
WHERE account_id = $1 AND user_id = $2;

-- name: use_step(account_id, user_id, step) -> none
UPDATE second_factors
SET last_step = $3
WHERE account_id = $1 AND user_id = $2;

-- name: use_recovery(account_id, user_id, code_sha256) -> none
UPDATE second_factors
SET recovery_sha256 = array_remove(recovery_sha256, $3::bytea)
WHERE account_id = $1 AND user_id = $2;

-- name: remove(account_id, user_id) -> none
DELETE FROM second_factors
WHERE account_id = $1 AND user_id = $2;

-- name: require(account_id, required) -> none
UPDATE accounts
SET second_factor_required = $2
WHERE account_id = $1;
