-- People who sign in, and the links that let them in. Times are the ledger's own.

-- name: find(email) -> optional
SELECT
    account_id,
    id,
    password_hash
FROM find_user($1);

-- name: list(account_id) -> many
SELECT
    u.id,
    u.email,
    u.name,
    u.role::text,
    u.teams,
    u.agent,
    u.created_at,
    u.joined_at,
    u.disabled_at,
    u.last_seen_at,
    (
        SELECT max(l.expires_at) FROM user_links l
        WHERE l.account_id = u.account_id AND l.user_id = u.id AND l.purpose = 'invitation' AND l.used_at IS NULL
    ) AS invited_until
FROM users u
WHERE u.account_id = $1
ORDER BY u.disabled_at IS NOT NULL, u.role, u.email;

-- name: read(account_id, id) -> optional
SELECT
    id,
    email,
    name,
    role::text,
    teams,
    agent,
    language,
    zone,
    created_at,
    joined_at,
    disabled_at
FROM users
WHERE account_id = $1 AND id = $2;

-- name: find_in_account(account_id, email) -> optional
SELECT id
FROM users
WHERE account_id = $1 AND email = $2;

-- name: add(account_id, email, name, role, teams, agent) -> optional
INSERT INTO users (account_id, email, name, role, teams, agent)
VALUES ($1, $2, $3, $4::text::user_role, $5::text[], $6)
ON CONFLICT (account_id, email) DO NOTHING
RETURNING id;

-- name: change_role(account_id, id, role, teams, agent) -> none
UPDATE users
SET role = $3::text::user_role, teams = $4::text[], agent = $5
WHERE account_id = $1 AND id = $2;

-- name: change_profile(account_id, id, name, language, zone) -> none
UPDATE users
SET name = $3, language = $4, zone = $5
WHERE account_id = $1 AND id = $2;

-- name: set_password(account_id, id, password_hash) -> none
UPDATE users
SET password_hash = $3
WHERE account_id = $1 AND id = $2;

-- name: join(account_id, id, name) -> none
UPDATE users
SET name = $3, joined_at = coalesce(joined_at, now())
WHERE account_id = $1 AND id = $2;

-- name: disable(account_id, id) -> none
UPDATE users
SET disabled_at = coalesce(disabled_at, now())
WHERE account_id = $1 AND id = $2;

-- name: enable(account_id, id) -> none
UPDATE users
SET disabled_at = NULL
WHERE account_id = $1 AND id = $2;

-- Locked: of two owners who remove each other at the same moment, the second waits for the first.
-- name: lock_owners(account_id) -> many
SELECT id
FROM users
WHERE account_id = $1 AND role = 'owner' AND joined_at IS NOT NULL AND disabled_at IS NULL
ORDER BY id
FOR UPDATE;

-- name: teams(account_id) -> many
SELECT DISTINCT team
FROM agents
WHERE account_id = $1 AND team IS NOT NULL
ORDER BY team;

-- name: agents(account_id) -> many
SELECT code, name
FROM agents
WHERE account_id = $1 AND merged_into IS NULL
ORDER BY code;
