-- What is believed of all attempts, from a lead's first one up to the end of a window, to the leads worked in it.

-- name: lives(account_id, from_at, to_at) -> many
SELECT a.* FROM believed.calls a
WHERE a.account_id = $1::integer AND a.dialed_at < $3::timestamptz
    AND a.lead IN (
        SELECT w.lead FROM believed.attempts w
        WHERE w.account_id = $1::integer AND w.dialed_at >= $2::timestamptz AND w.dialed_at < $3::timestamptz
    )
