-- What is believed of the attempts of which something was said in a window, whenever they were dialed.

-- name: disposed_attempts(account_id, from_at, to_at) -> many
SELECT a.* FROM believed.calls a
WHERE a.account_id = $1::integer AND a.dialed_at IS NOT NULL
    AND (a.dialer, a.external_id) IN (
        SELECT r.dialer, r.attempt FROM believed.dispositions r
        WHERE r.account_id = $1::integer AND r.set_at >= $2::timestamptz AND r.set_at < $3::timestamptz
    )
