-- Everything that was ever said of the calls of which something was said in a window, up to its end; what of it was a
-- goal, and which time was the first, is settled in reports/facts/goal_events.py.

-- name: outcomes(account_id, from_at, to_at) -> many
SELECT
    d.dialer,
    d.attempt AS external_id,
    d.code,
    d.set_at
FROM believed.dispositions d
WHERE d.account_id = $1::integer AND d.set_at < $3::timestamptz
    AND (d.dialer, d.attempt) IN (
        SELECT r.dialer, r.attempt FROM believed.dispositions r
        WHERE r.account_id = $1::integer AND r.set_at >= $2::timestamptz AND r.set_at < $3::timestamptz
    )
