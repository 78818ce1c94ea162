-- Where dialers deliver.

-- name: create(account_id, dialer, code, campaign, zone, token_sha256, secret, person_after_ms, match_leads, mapping) -> one
INSERT INTO hooks (
    account_id,
    dialer,
    code,
    campaign,
    zone,
    token_sha256,
    secret,
    person_after_ms,
    match_leads,
    mapping
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
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
    person_after_ms,
    match_leads,
    mapping
FROM find_hook($1);

-- How the calls of a hook are read; the talk after which an answer means a person stays unless it is given.
-- name: change(account_id, id, gives_answer, person_after_ms, match_leads) -> optional
UPDATE hooks
SET person_after_ms = CASE WHEN $3::boolean THEN $4::integer ELSE person_after_ms END,
    match_leads = COALESCE($5::boolean, match_leads)
WHERE account_id = $1 AND id = $2
RETURNING (old.person_after_ms, old.match_leads) IS DISTINCT FROM (new.person_after_ms, new.match_leads) AS changed;

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

-- Campaigns to suggest for calls that name none.
-- name: campaigns(account_id) -> many
SELECT code FROM campaigns
WHERE account_id = $1 AND merged_into IS NULL
ORDER BY code
LIMIT 500;

-- An open hook, for a change of its address or its secret.
-- name: lock(account_id, id) -> optional
SELECT
    dialer,
    code,
    campaign,
    zone,
    mapping,
    token_sha256,
    secret
FROM hooks
WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL
FOR NO KEY UPDATE;

-- name: renew(account_id, id, token_sha256, secret) -> none
UPDATE hooks
SET token_sha256 = $3, secret = $4
WHERE account_id = $1 AND id = $2;

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
    person_after_ms,
    match_leads,
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

-- Names are counted for one transaction at a time, so that the limit below holds.
-- name: lock_names(account_id, hooks) -> none
SELECT id FROM hooks
WHERE account_id = $1 AND id = ANY($2::bigint[])
ORDER BY id
FOR NO KEY UPDATE;

-- Counts go up, and down again when a delivery is read anew and turns out to be of another kind. Of the names that a hook
-- counts in 30 days only so many are kept apart: senders choose them. The rest is counted as `other`.
-- name: count(account_id, hooks, days, kinds, names, counts, last_at, most_names) -> none
WITH sent AS (
    SELECT
        c.*,
        c.name <> '' AND NOT EXISTS (
            SELECT FROM hook_counts k
            WHERE k.account_id = $1 AND k.hook = c.hook AND k.kind = c.kind AND k.name = c.name
                AND k.on_day > c.on_day - 30
        ) AS is_new
    FROM unnest($2::bigint[], $3::date[], $4::text[], $5::text[], $6::bigint[]) AS c (hook, on_day, kind, name, count)
),
named AS (
    SELECT
        s.hook,
        s.on_day,
        s.kind,
        CASE WHEN s.is_new AND dense_rank() OVER (PARTITION BY s.hook, s.kind, s.is_new ORDER BY s.name) + (
            SELECT count(DISTINCT k.name) FROM hook_counts k
            WHERE k.account_id = $1 AND k.hook = s.hook AND k.kind = s.kind AND k.name <> 'other'
                AND k.on_day > s.on_day - 30
        ) > $8::integer THEN 'other' ELSE s.name END AS name,
        s.count
    FROM sent s
)
INSERT INTO hook_counts (account_id, hook, on_day, kind, name, count, last_at)
SELECT
    $1,
    n.hook,
    n.on_day,
    n.kind,
    n.name,
    sum(n.count),
    $7
FROM named n
GROUP BY n.hook, n.on_day, n.kind, n.name
ORDER BY n.hook, n.on_day, n.kind, n.name
ON CONFLICT (account_id, hook, on_day, kind, name) DO UPDATE
SET count = hook_counts.count + excluded.count, last_at = GREATEST(hook_counts.last_at, excluded.last_at);

-- What hooks have stored of the content of deliveries on some days, in bytes.
-- name: stored_bytes(account_id, hooks, days) -> many
SELECT
    c.hook,
    c.on_day,
    c.count
FROM hook_counts c
WHERE c.account_id = $1 AND c.kind = 'bytes' AND c.name = ''
    AND (c.hook, c.on_day) IN (SELECT h.hook, h.on_day FROM unnest($2::bigint[], $3::date[]) h (hook, on_day));

-- Disposition codes that somebody has confirmed; the others may get the dialer's own meaning.
-- name: confirmed_codes(account_id, codes) -> many
SELECT code FROM disposition_codes
WHERE account_id = $1 AND code = ANY($2::text[]) AND (confirmed OR result <> 'unmapped');
