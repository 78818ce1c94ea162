-- Domains that join an account by signing in with the identity provider.

-- name: find(domain) -> optional
SELECT
    account_id,
    role
FROM find_sign_in_domain($1);

-- name: read(account_id) -> optional
SELECT
    domain,
    role::text
FROM sign_in_domains
WHERE account_id = $1;

-- name: remove(account_id) -> none
DELETE FROM sign_in_domains
WHERE account_id = $1;

-- name: add(account_id, domain, role) -> none
INSERT INTO sign_in_domains (account_id, domain, role)
VALUES ($1, $2, $3::text::user_role);
