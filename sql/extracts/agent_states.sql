-- What agents were said to be doing in a window, interval by interval, whole also where it reaches beyond the window.
-- An interval that nobody ended lasts until the same agent's next one.

-- name: agent_states(account_id, from_at, to_at) -> many
SELECT
    s.agent,
    s.state,
    s.reason,
    s.from_at,
    COALESCE(s.to_at, next.from_at) AS to_at
FROM believed.agent_states s
LEFT JOIN LATERAL (
    SELECT min(n.from_at) AS from_at
    FROM believed.agent_states n
    WHERE n.account_id = $1::integer AND n.agent = s.agent AND n.from_at > s.from_at
) next ON s.to_at IS NULL
WHERE s.account_id = $1::integer AND s.from_at < $3::timestamptz
    AND (s.to_at > $2::timestamptz OR s.to_at IS NULL)
    AND COALESCE(s.to_at, next.from_at, 'infinity') > $2::timestamptz
