-- What is believed of the calls, whenever dialed, to the leads of active_leads.sql, and of the calls of the window to
-- nobody in particular.

-- name: active_calls(account_id, from_at, to_at, until) -> many
WITH active AS (
    SELECT l.external_id AS lead FROM believed.leads l
    WHERE l.account_id = $1::integer AND l.received_at >= $2::timestamptz AND l.received_at < $3::timestamptz
    UNION
    SELECT a.lead FROM believed.attempts a
    WHERE a.account_id = $1::integer AND a.dialed_at >= $2::timestamptz AND a.dialed_at < $3::timestamptz
    UNION
    SELECT s.lead FROM believed.stage_changes s
    WHERE s.account_id = $1::integer AND s.changed_at >= $2::timestamptz AND s.changed_at < $3::timestamptz
    UNION
    SELECT m.lead FROM believed.appointments m
    WHERE m.account_id = $1::integer AND m.set_at >= $2::timestamptz AND m.set_at < $3::timestamptz
),
known AS (
    SELECT l.external_id AS lead, CASE WHEN l.phone_country IS NOT NULL THEN l.phone_number END AS number
    FROM believed.leads l
    WHERE l.account_id = $1::integer
),
people AS (
    SELECT k.lead FROM known k
    WHERE k.number IN (SELECT one.number FROM known one WHERE one.lead IN (SELECT active.lead FROM active))
    UNION
    SELECT active.lead FROM active
)
SELECT a.* FROM believed.calls a
WHERE a.account_id = $1::integer AND (
    (a.lead IN (SELECT people.lead FROM people) AND a.dialed_at <= $4::timestamptz)
    OR (a.lead IS NULL AND a.dialed_at >= $2::timestamptz AND a.dialed_at < $3::timestamptz)
)
