-- Files that people upload to import, and what became of their rows.

-- name: begin(account_id, id, file_name, created_by) -> none
INSERT INTO uploads (account_id, id, file_name, created_by)
VALUES ($1, $2, $3, $4);

-- name: complete(account_id, id, bytes) -> none
UPDATE uploads SET state = 'uploaded', bytes = $3 WHERE account_id = $1 AND id = $2;

-- name: find(account_id, id) -> optional
SELECT
    id,
    file_name,
    bytes,
    state::text AS state,
    resource,
    created_at,
    created_by,
    begun_at,
    ended_at,
    starts,
    is_cancelled,
    share,
    rows_read,
    valid,
    known,
    created,
    updated,
    unchanged,
    rejected,
    skipped,
    problem,
    removed_at
FROM uploads
WHERE account_id = $1 AND id = $2;

-- name: list(account_id, most) -> many
SELECT
    id,
    file_name,
    bytes,
    state::text AS state,
    resource,
    created_at,
    created_by,
    begun_at,
    ended_at,
    starts,
    is_cancelled,
    share,
    rows_read,
    valid,
    known,
    created,
    updated,
    unchanged,
    rejected,
    skipped,
    problem,
    removed_at
FROM uploads
WHERE account_id = $1 AND state <> 'uploading'
ORDER BY created_at DESC
LIMIT $2;

-- The files that an account has on disk.
-- name: on_disk(account_id) -> one
SELECT count(*) AS files FROM uploads WHERE account_id = $1 AND removed_at IS NULL;

-- Work that runs already goes on. Files that were removed cannot be read again.
-- name: start(account_id, id, resource, state) -> optional
UPDATE uploads
SET state = $4::text::upload_state,
    resource = $3,
    begun_at = now(),
    ended_at = NULL,
    starts = 0,
    is_cancelled = false,
    share = 0,
    rows_read = 0,
    valid = CASE WHEN $4::text = 'importing' THEN valid END,
    rejected = NULL,
    problem = NULL
WHERE account_id = $1
    AND id = $2
    AND state IN ('uploaded', 'checked', 'failed', 'cancelled')
    AND removed_at IS NULL
RETURNING id;

-- name: cancel(account_id, id) -> optional
UPDATE uploads SET is_cancelled = true
WHERE account_id = $1 AND id = $2 AND state IN ('checking', 'importing')
RETURNING id;

-- name: in_work() -> many
SELECT account_id, id FROM uploads_in_work();

-- Held by the process that works on it for as long as it lives. Class 7323 is ours.
-- name: hold(id) -> one
SELECT pg_try_advisory_lock(7323, hashtext($1::text)) AS held;

-- name: release(id) -> one
SELECT pg_advisory_unlock(7323, hashtext($1::text)) AS released;

-- name: take(account_id, id) -> optional
UPDATE uploads SET starts = starts + 1
WHERE account_id = $1 AND id = $2 AND state IN ('checking', 'importing')
RETURNING starts, state::text AS state;

-- name: advance(account_id, id, share, rows_read) -> optional
UPDATE uploads SET share = $3, rows_read = $4
WHERE account_id = $1 AND id = $2
RETURNING is_cancelled;

-- name: checked(account_id, id, rows_read, valid, known, rejected, skipped) -> none
UPDATE uploads
SET state = 'checked',
    ended_at = now(),
    share = 1,
    rows_read = $3,
    valid = $4,
    known = $5,
    rejected = $6,
    skipped = $7
WHERE account_id = $1 AND id = $2;

-- name: finished(account_id, id, rows_read, created, updated, unchanged, rejected, skipped) -> none
UPDATE uploads
SET state = 'finished',
    ended_at = now(),
    share = 1,
    rows_read = $3,
    created = $4,
    updated = $5,
    unchanged = $6,
    rejected = $7,
    skipped = $8
WHERE account_id = $1 AND id = $2;

-- name: stopped(account_id, id, state, problem) -> none
UPDATE uploads
SET state = $3::text::upload_state,
    ended_at = now(),
    problem = $4
WHERE account_id = $1 AND id = $2;

-- name: to_remove(age) -> many
SELECT account_id, id FROM uploads_to_remove($1);

-- name: removed(account_id, id) -> none
UPDATE uploads SET removed_at = now() WHERE account_id = $1 AND id = $2;

-- The names of people, and those of keys, by what stands for them: user: and an id, or a prefix.
-- name: authors(account_id, prefixes) -> many
SELECT
    'user:' || u.id AS author,
    COALESCE(NULLIF(u.name, ''), u.email) AS name
FROM users u
WHERE u.account_id = $1 AND 'user:' || u.id = ANY($2::text[])
UNION ALL
SELECT
    k.prefix,
    'Access key ' || k.name
FROM api_keys k
WHERE k.account_id = $1 AND k.prefix = ANY($2::text[]);
