-- Where dialers deliver.

-- name: create(account_id, dialer, code, campaign, zone, token_sha256, secret, mapping) -> one
INSERT INTO hooks (account_id, dialer, code, campaign, zone, token_sha256, secret, mapping)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id;

-- name: find(token_sha256) -> optional
SELECT
    account_id,
    id,
    dialer,
    code,
    campaign,
    zone,
    secret,
    revoked_at,
    mapping
FROM find_hook($1);

-- name: remap(account_id, id, mapping) -> optional
UPDATE hooks
SET mapping = $3
WHERE account_id = $1 AND id = $2
RETURNING code::text;

-- name: revoke(account_id, id) -> optional
UPDATE hooks
SET revoked_at = COALESCE(revoked_at, now())
WHERE account_id = $1 AND id = $2
RETURNING revoked_at;

-- A null id asks for all.
-- name: list(account_id, id) -> many
SELECT
    id,
    dialer,
    code,
    campaign,
    zone,
    created_at,
    revoked_at,
    mapping
FROM hooks
WHERE account_id = $1 AND ($2::bigint IS NULL OR id = $2)
ORDER BY id;

-- What was counted at hooks since a day; a null hook asks for all.
-- name: counts(account_id, hook, since) -> many
SELECT
    hook,
    kind,
    name,
    sum(count)::bigint AS count,
    max(last_at) AS last_at
FROM hook_counts
WHERE account_id = $1 AND ($2::bigint IS NULL OR hook = $2) AND on_day >= $3
GROUP BY hook, kind, name
ORDER BY hook, kind, name;

-- Counts go up, and down again when a delivery is read anew and turns out to be of another kind.
-- name: count(account_id, hooks, days, kinds, names, counts, last_at) -> none
INSERT INTO hook_counts (account_id, hook, on_day, kind, name, count, last_at)
SELECT
    $1,
    c.hook,
    c.on_day,
    c.kind,
    c.name,
    c.count,
    $7
FROM unnest($2::bigint[], $3::date[], $4::text[], $5::text[], $6::bigint[]) AS c (hook, on_day, kind, name, count)
ORDER BY c.hook, c.on_day, c.kind, c.name
ON CONFLICT (account_id, hook, on_day, kind, name) DO UPDATE
SET count = hook_counts.count + excluded.count, last_at = GREATEST(hook_counts.last_at, excluded.last_at);

-- Disposition codes that somebody has confirmed; the others may get the dialer's own meaning.
-- name: confirmed_codes(account_id, codes) -> many
SELECT code FROM disposition_codes
WHERE account_id = $1 AND code = ANY($2::text[]) AND (confirmed OR result <> 'unmapped');
