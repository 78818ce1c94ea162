-- What is believed of the attempts of a window, one row each.
-- A row without dialed_at is in no window and so in no report.

-- name: attempts(account_id, from_at, to_at) -> many
SELECT a.* FROM believed.calls a
WHERE a.account_id = $1::integer AND a.dialed_at >= $2::timestamptz AND a.dialed_at < $3::timestamptz
