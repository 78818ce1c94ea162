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
