-- name: take_turn(number) -> none
SELECT pg_advisory_xact_lock($1);

-- name: limit_waiting(lock_timeout) -> none
SELECT set_config('lock_timeout', $1, true);

-- name: exists() -> one
SELECT to_regclass('migrations') IS NOT NULL;

-- name: create() -> none
CREATE TABLE migrations (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: list() -> many
SELECT
    number,
    name,
    sha256
FROM migrations
ORDER BY number;

-- name: record(number, name, sha256) -> none
INSERT INTO migrations (number, name, sha256)
VALUES ($1, $2, $3);

-- The insert is skipped and not merely in conflict, so that starting does not use up account numbers.
-- name: ensure_default_account() -> none
INSERT INTO accounts (code, name)
SELECT 'default', 'Default'
WHERE NOT EXISTS (SELECT FROM accounts WHERE code = 'default')
ON CONFLICT DO NOTHING;
