-- The account's own numbers, and whose they are, as believed at a moment.

-- number: only this one; null asks for all.
-- name: list_numbers(account_id, as_of, number, most) -> many
SELECT
    n.number,
    n.name,
    n.retired_at,
    (
        SELECT COALESCE(jsonb_agg(
            jsonb_build_object(
                'from_at', a.from_at,
                'to_at', a.to_at,
                'campaign', a.campaign,
                'source', a.source,
                'agent', a.agent
            ) ORDER BY a.from_at
        ), '[]')
        FROM tracking_number_assignments_versions a
        WHERE a.account_id = n.account_id
            AND a.number = n.number
            AND a.recorded_at <= $2::timestamptz
            AND a.superseded_at > $2::timestamptz
    ) AS assignments
FROM tracking_numbers_versions n
WHERE n.account_id = $1::integer
    AND n.recorded_at <= $2::timestamptz
    AND n.superseded_at > $2::timestamptz
    AND ($3::text IS NULL OR n.number = $3)
ORDER BY n.number
LIMIT $4;
