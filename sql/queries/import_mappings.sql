-- Mappings that people save under a name, to choose them again.

-- name: list(account_id) -> many
SELECT
    name,
    resource,
    content,
    saved_at,
    saved_by
FROM import_mappings
WHERE account_id = $1
ORDER BY name;

-- name: find(account_id, name) -> optional
SELECT name, resource, content FROM import_mappings WHERE account_id = $1 AND name = $2;

-- name: save(account_id, name, resource, content, saved_by) -> none
INSERT INTO import_mappings (account_id, name, resource, content, saved_by)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, name) DO UPDATE
SET resource = excluded.resource,
    content = excluded.content,
    saved_at = now(),
    saved_by = excluded.saved_by;

-- name: remove(account_id, name) -> optional
DELETE FROM import_mappings WHERE account_id = $1 AND name = $2 RETURNING name;
