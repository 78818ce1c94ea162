-- The audit log. Who acts is a setting of the transaction, so entries take it from there.

-- name: record(account_id, action, resource, subject) -> none
INSERT INTO audit_log (account_id, action, resource, subject)
VALUES ($1, $2::text::audited_action, $3, $4);

-- The latest entries first. A null argument asks for all; before: only entries with a smaller id.
-- name: list(account_id, action, resource, name, from_at, to_at, before, most) -> many
SELECT
    id,
    recorded_at,
    actor::text AS actor,
    name,
    client,
    address,
    action::text AS action,
    resource,
    subject,
    changes
FROM audit_log
WHERE account_id = $1::integer
    AND ($2::text IS NULL OR action = $2::text::audited_action)
    AND ($3::text IS NULL OR resource = $3::text)
    AND ($4::text IS NULL OR name = $4::text)
    AND ($5::timestamptz IS NULL OR recorded_at >= $5::timestamptz)
    AND ($6::timestamptz IS NULL OR recorded_at < $6::timestamptz)
    AND ($7::bigint IS NULL OR id < $7::bigint)
ORDER BY id DESC
LIMIT $8::integer;

-- Entries stay for a year at least, whatever the settings say.
-- name: remove_old(account_id, before, most) -> many
SELECT id FROM forget_audit_log($1, $2, $3);

-- The account of a person or a key that tried to sign in, before it is known who they are.
-- name: account_of(name) -> optional
SELECT coalesce((SELECT account_id FROM find_user($1::text)), (SELECT account_id FROM find_api_key($1::text))) AS account_id;
