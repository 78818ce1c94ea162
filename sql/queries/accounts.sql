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
