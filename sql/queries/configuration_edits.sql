-- Authors of the configuration, and names that are no spellings of each other.

-- name: sign(account_id, kind, key, recorded_at, author) -> none
INSERT INTO configuration_edits (account_id, kind, key, recorded_at, author)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- Authors of the versions of an item, keys and people.
-- name: authors(account_id, kind, key) -> many
SELECT
    e.recorded_at,
    e.author,
    COALESCE(k.name, NULLIF(u.name, ''), u.email) AS author_name
FROM configuration_edits e
LEFT JOIN api_keys k ON k.account_id = e.account_id AND k.prefix = e.author
LEFT JOIN users u ON u.account_id = e.account_id AND e.author = 'user:' || u.id
WHERE e.account_id = $1 AND e.kind = $2 AND e.key = $3;

-- name: list_different(account_id, kind) -> many
SELECT
    d.code,
    d.other_code,
    d.recorded_at,
    d.author,
    COALESCE(k.name, NULLIF(u.name, ''), u.email) AS author_name
FROM different_names d
LEFT JOIN api_keys k ON k.account_id = d.account_id AND k.prefix = d.author
LEFT JOIN users u ON u.account_id = d.account_id AND d.author = 'user:' || u.id
WHERE d.account_id = $1 AND d.kind = $2
ORDER BY d.recorded_at DESC, d.code, d.other_code;

-- name: tell_apart(account_id, kind, code, other_code, author) -> none
INSERT INTO different_names (account_id, kind, code, other_code, author)
VALUES ($1, $2, LEAST($3::text, $4::text), GREATEST($3::text, $4::text), $5)
ON CONFLICT DO NOTHING;

-- name: propose_again(account_id, kind, code, other_code) -> none
DELETE FROM different_names
WHERE account_id = $1
    AND kind = $2
    AND code = LEAST($3::text, $4::text)
    AND other_code = GREATEST($3::text, $4::text);
