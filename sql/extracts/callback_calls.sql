-- What is believed of every attempt, whenever dialed, to the leads whom somebody has to call back in a window; and of
-- those in which a callback was promised to nobody knows whom.

-- name: callback_calls(account_id, from_at, to_at, until) -> many
WITH promised AS (
    SELECT p.dialer, p.external_id, p.lead
    FROM believed.attempts p
    WHERE p.account_id = $1::integer AND p.callback_at >= $2::timestamptz AND p.callback_at < $3::timestamptz
),
waiting AS (
    SELECT lead FROM promised WHERE lead IS NOT NULL
    UNION
    SELECT f.lead
    FROM believed.follow_ups f
    WHERE f.account_id = $1::integer AND f.channel = 'call' AND f.automated IS NOT TRUE AND f.lead IS NOT NULL
        AND f.due_at >= $2::timestamptz AND f.due_at < $3::timestamptz
),
wanted AS (
    SELECT dialer, external_id FROM promised WHERE lead IS NULL
    UNION ALL
    SELECT c.dialer, c.external_id
    FROM waiting
    JOIN believed.attempts c ON c.account_id = $1::integer AND c.lead = waiting.lead
)
SELECT a.* FROM wanted
JOIN believed.calls a
    ON a.account_id = $1::integer AND a.dialer = wanted.dialer AND a.external_id = wanted.external_id
WHERE a.dialed_at <= $4::timestamptz
