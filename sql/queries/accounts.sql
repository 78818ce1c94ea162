-- name: create(code, name, zone, region, currency) -> one
INSERT INTO accounts (code, name, zone, region, currency)
VALUES ($1, $2, $3, $4, $5)
RETURNING account_id;

-- name: find(code) -> optional
SELECT account_id
FROM accounts
WHERE code = $1;

-- name: list() -> many
SELECT
    code,
    name,
    zone,
    region,
    currency
FROM accounts
ORDER BY code;

-- name: read(account_id) -> optional
SELECT
    code,
    name,
    zone,
    region,
    currency,
    recorded_at
FROM accounts
WHERE account_id = $1;

-- A null setting stays as it is. The earlier settings move to history. Returns the moment of new settings; no row if
-- nothing changed.
-- name: change(account_id, name, zone, region, currency) -> optional
WITH stored AS MATERIALIZED (
    SELECT name, zone, region, currency, recorded_at
    FROM accounts
    WHERE account_id = $1
    FOR UPDATE
),
changed AS MATERIALIZED (
    SELECT
        COALESCE($2, name) AS name,
        COALESCE($3, zone) AS zone,
        COALESCE($4, region) AS region,
        COALESCE($5, currency) AS currency,
        GREATEST(now(), recorded_at + interval '1 microsecond') AS recorded_at
    FROM stored
    WHERE (COALESCE($2, name), COALESCE($3, zone), COALESCE($4, region), COALESCE($5, currency))
        IS DISTINCT FROM (name, zone, region, currency)
),
archived AS (
    INSERT INTO accounts_history (account_id, name, zone, region, currency, recorded_at, superseded_at)
    SELECT $1, s.name, s.zone, s.region, s.currency, s.recorded_at, c.recorded_at
    FROM stored s
    CROSS JOIN changed c
)
UPDATE accounts a
SET name = c.name,
    zone = c.zone,
    region = c.region,
    currency = c.currency,
    recorded_at = c.recorded_at
FROM changed c
WHERE a.account_id = $1
RETURNING a.recorded_at;

-- name: lock(account_id) -> optional
SELECT recorded_at
FROM accounts
WHERE account_id = $1
FOR UPDATE;

-- The current settings and all earlier ones, newest first.
-- name: versions(account_id, most) -> many
SELECT
    name,
    zone,
    region,
    currency,
    recorded_at
FROM (
    SELECT account_id, name, zone, region, currency, recorded_at FROM accounts
    UNION ALL
    SELECT account_id, name, zone, region, currency, recorded_at FROM accounts_history
) AS versions
WHERE account_id = $1
ORDER BY recorded_at DESC
LIMIT $2;
