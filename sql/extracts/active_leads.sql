-- What is believed of the leads that something happened to in a window, and of everyone who is the same person, one row
-- each. Leads with one phone number are one person, who goes by the first of their codes; numbers never leave.

-- name: active_leads(account_id, from_at, to_at) -> many
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
    SELECT
        l.external_id AS lead,
        -- What is not a phone number ("unknown") is nobody's in particular.
        CASE WHEN l.phone_country IS NOT NULL THEN l.phone_number END AS number,
        l.received_at,
        l.source,
        l.campaign,
        l.owner,
        l.closed_at,
        l.test IS TRUE AS test
    FROM believed.leads l
    WHERE l.account_id = $1::integer
)
SELECT
    lead,
    CASE WHEN number IS NULL THEN lead ELSE min(lead) OVER (PARTITION BY number) END AS person,
    received_at,
    -- Within 30 days of the last time that number asked, as in leads.sql; a test is no one asking.
    number IS NOT NULL AND NOT test AND coalesce(
        received_at - lag(received_at) OVER (PARTITION BY number, test ORDER BY received_at, lead)
        <= interval '720 hours',
        false
    ) AS duplicate,
    source,
    campaign,
    owner,
    closed_at,
    test
FROM known
WHERE lead IN (SELECT active.lead FROM active)
    OR number IN (SELECT k.number FROM known k WHERE k.lead IN (SELECT active.lead FROM active))
