-- What is believed of the attempts to the leads worked in a window: those of the window, and from then on those that
-- came to something. What they count as is settled in reports/facts/pursuits.py.

-- name: pursuits(account_id, from_at, to_at, until) -> many
SELECT w.* FROM believed.calls w
WHERE w.account_id = $1::integer AND w.lead IS NOT NULL
    AND w.dialed_at >= $2::timestamptz AND w.dialed_at < $3::timestamptz
UNION ALL
-- Two queries and not one with OR: the leads are looked up by a join, however many they are.
SELECT l.* FROM believed.calls l
WHERE l.account_id = $1::integer AND l.dialed_at >= $3::timestamptz AND l.dialed_at <= $4::timestamptz
    AND l.disposition IS NOT NULL -- no goal is reached without one
    AND l.lead IN (
        SELECT w.lead FROM believed.attempts w
        WHERE w.account_id = $1::integer AND w.dialed_at >= $2::timestamptz AND w.dialed_at < $3::timestamptz
    )
