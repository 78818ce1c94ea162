-- What people did about leads, other than call them, from the beginning of a window up to the report's moment.

-- name: follow_ups_done(account_id, from_at, until) -> many
SELECT f.lead, f.done_at
FROM believed.follow_ups f
WHERE f.account_id = $1::integer AND f.automated IS NOT TRUE AND f.lead IS NOT NULL
    AND f.done_at >= $2::timestamptz AND f.done_at <= $3::timestamptz
