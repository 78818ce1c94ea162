-- The attributes of leads that an account reports by.

-- name: list_lead_attributes(account_id, name, after, most) -> many
SELECT
    name,
    title,
    allowed AS values,
    bands,
    fewest_leads,
    recorded_at
FROM lead_attributes
WHERE account_id = $1
    AND reported
    AND ($2::text IS NULL OR name = $2)
    AND name > $3::text
ORDER BY name
LIMIT $4;

-- The values of an attribute that at least so many leads have, those of most leads first.
-- name: list_values(account_id, name, fewest) -> many
SELECT btrim(attributes ->> $2::text) AS value, count(*) AS leads
FROM leads
WHERE account_id = $1::integer
    AND attributes ? $2::text
    AND btrim(attributes ->> $2::text) <> ''
GROUP BY 1
HAVING count(*) >= $3::integer
ORDER BY leads DESC, value;

-- Names of attributes that are not declared, from so many leads that reading them takes no time.
-- name: undeclared_names(account_id) -> many
SELECT DISTINCT k.name
FROM (
    SELECT attributes FROM leads WHERE account_id = $1 AND attributes IS NOT NULL LIMIT 2000
) l
CROSS JOIN LATERAL jsonb_object_keys(l.attributes) k (name)
WHERE k.name NOT IN (SELECT name FROM lead_attributes WHERE account_id = $1 AND reported)
ORDER BY k.name;

-- The leads that have an attribute, each with its value as text.
-- name: attribute_values(account_id, name, as_of) -> many
SELECT external_id AS lead, attributes ->> $2::text AS value FROM leads
WHERE account_id = $1::integer AND attributes ? $2::text
    AND ($3::timestamptz IS NULL OR recorded_at <= $3::timestamptz)
UNION ALL
SELECT external_id AS lead, attributes ->> $2::text AS value FROM leads_history
WHERE account_id = $1::integer AND attributes ? $2::text
    AND recorded_at <= $3::timestamptz AND superseded_at > $3::timestamptz;
