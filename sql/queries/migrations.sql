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

-- name: is_usable() -> one
SELECT EXISTS (SELECT FROM accounts WHERE code = 'default') AND pg_has_role('calltally_service', 'SET');

-- name: ensure_default_account() -> none
INSERT INTO accounts (code, name)
VALUES ('default', 'Default')
ON CONFLICT DO NOTHING;

-- A superuser needs no grant; another login has made the role and may grant it, but not yet take it on.
-- name: let_login_serve() -> none
DO $$
BEGIN
    IF NOT pg_has_role('calltally_service', 'SET') THEN
        GRANT calltally_service TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
    END IF;
END $$;

-- On the embedded ledger only: the service logs in as its own role, and can become no other.
-- name: let_service_log_in() -> none
DO $$
BEGIN
    IF NOT (SELECT rolcanlogin FROM pg_roles WHERE rolname = 'calltally_service') THEN
        ALTER ROLE calltally_service LOGIN;
    END IF;
END $$;
