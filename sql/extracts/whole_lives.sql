-- What is believed of every attempt, whenever dialed up to the report's moment, to the leads called in a window.

-- name: whole_lives(account_id, from_at, to_at, until) -> many
SELECT a.* FROM believed.calls a
WHERE a.account_id = $1::integer AND a.dialed_at <= $4::timestamptz
    AND a.lead IN (
        SELECT w.lead FROM believed.attempts w
        WHERE w.account_id = $1::integer AND w.dialed_at >= $2::timestamptz AND w.dialed_at < $3::timestamptz
    )
