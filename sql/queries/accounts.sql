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

-- A null setting stays as it is.
-- name: change(account_id, name, zone, region, currency) -> none
UPDATE accounts
SET name = COALESCE($2, name),
    zone = COALESCE($3, zone),
    region = COALESCE($4, region),
    currency = COALESCE($5, currency)
WHERE account_id = $1;
