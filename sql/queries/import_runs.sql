-- Imports of files: how far each has come, committed together with the rows it has brought.

-- name: find_unfinished(account_id, resource, fingerprint) -> optional
SELECT
    id,
    rows_done,
    created,
    updated,
    unchanged,
    rejected,
    started_at,
    observed_at
FROM import_runs
WHERE account_id = $1 AND resource = $2 AND fingerprint = $3 AND finished_at IS NULL;

-- name: find_finished(account_id, resource, fingerprint) -> optional
SELECT max(finished_at) AS finished_at
FROM import_runs
WHERE account_id = $1 AND resource = $2 AND fingerprint = $3;

-- The same file again is the same observation, unless its time is stated: it takes the time of its last import.
-- name: start(account_id, resource, fingerprint, file_name, observed_at, is_stated) -> one
INSERT INTO import_runs AS r (account_id, resource, fingerprint, file_name, observed_at)
SELECT
    $1,
    $2,
    $3,
    $4,
    CASE WHEN $6::boolean THEN $5::timestamptz ELSE COALESCE(
        (
            SELECT b.observed_at FROM import_runs b
            WHERE b.account_id = $1 AND b.resource = $2 AND b.fingerprint = $3 AND b.finished_at IS NOT NULL
            ORDER BY b.finished_at DESC
            LIMIT 1
        ),
        $5
    ) END
ON CONFLICT (account_id, resource, fingerprint) WHERE finished_at IS NULL DO UPDATE
SET file_name = excluded.file_name,
    observed_at = CASE WHEN $6 THEN excluded.observed_at ELSE COALESCE(r.observed_at, excluded.observed_at) END
RETURNING id;

-- From the beginning once more: what the rows did before is forgotten, what they brought is kept.
-- name: restart(account_id, id) -> none
UPDATE import_runs
SET rows_done = 0,
    created = 0,
    updated = 0,
    unchanged = 0,
    rejected = 0,
    started_at = now()
WHERE account_id = $1 AND id = $2;

-- Held by the process that imports for as long as it lives. Class 7324 is ours; the lake's locks have 7322.
-- name: hold(id) -> one
SELECT pg_try_advisory_lock(7324, ($1::bigint % 2147483647)::integer);

-- Answers nothing when another process has gone on with the run.
-- name: advance(account_id, id, rows_before, rows_done, created, updated, unchanged, rejected) -> optional
UPDATE import_runs
SET rows_done = $4,
    created = created + $5,
    updated = updated + $6,
    unchanged = unchanged + $7,
    rejected = rejected + $8
WHERE account_id = $1 AND id = $2 AND rows_done = $3 AND finished_at IS NULL
RETURNING rows_done;

-- name: finish(account_id, id) -> one
UPDATE import_runs
SET finished_at = now()
WHERE account_id = $1 AND id = $2
RETURNING created, updated, unchanged, rejected;
