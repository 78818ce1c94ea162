-- What is believed of every attempt, whenever dialed, to a lead received in a window: columns as those of attempts.sql.
-- Somebody who asks again within 30 days is still the same lead: a call to the later record is a call to the first.

-- name: lead_calls(account_id, from_at, to_at, until) -> many
WITH asking AS (
    SELECT
        l.external_id AS lead,
        l.source,
        l.received_at,
        CASE WHEN l.phone_country IS NOT NULL THEN l.phone_number END AS number
    FROM believed.leads l
    WHERE l.account_id = $1::integer AND l.test IS NOT TRUE
        AND l.received_at >= $2::timestamptz - interval '720 hours'
),
-- Each number's inquiries in order, and how long it had been silent before each.
asked AS (
    SELECT *, received_at - lag(received_at) OVER (PARTITION BY number ORDER BY received_at, lead) AS silence
    FROM asking
),
-- How many times it had begun by then: after 30 days of silence it begins anew.
begun AS (
    SELECT
        *,
        count(*) FILTER (WHERE silence IS NULL OR silence > interval '720 hours')
            OVER (PARTITION BY number ORDER BY received_at, lead) AS beginning
    FROM asked
),
known AS (
    SELECT
        lead,
        source,
        CASE WHEN number IS NULL THEN lead ELSE first_value(lead) OVER one END AS first,
        CASE WHEN number IS NULL THEN received_at ELSE first_value(received_at) OVER one END AS first_received_at
    FROM begun
    WINDOW one AS (PARTITION BY number, beginning ORDER BY received_at, lead)
)
SELECT
    a.dialer,
    a.external_id,
    a.campaign,
    a.agent,
    a.source,
    a.tracking_number,
    known.first AS lead,
    a.to_country AS country,
    a.to_region AS region,
    known.source AS lead_source,
    false AS lead_test,
    a.dialed_at,
    a.answered_at,
    a.ended_at,
    a.agent_joined_at,
    (
        SELECT CASE WHEN count(DISTINCT a.dialed_at AT TIME ZONE z) = 1 THEN min(a.dialed_at AT TIME ZONE z) END
        FROM unnest(a.to_zones) z
    ) AS callee_at,
    a.ring_ms,
    a.talk_ms,
    a.hold_ms,
    a.wrap_ms,
    a.dead_ms,
    a.network_result,
    a.answered_by,
    a.handled,
    a.test,
    a.disposition,
    a.disposition_set_at,
    a.disposition_agent,
    a.callback_at
FROM known
JOIN believed.attempts a ON a.account_id = $1::integer AND a.lead = known.lead
WHERE known.first_received_at >= $2::timestamptz AND known.first_received_at < $3::timestamptz
    AND a.dialed_at <= $4::timestamptz
