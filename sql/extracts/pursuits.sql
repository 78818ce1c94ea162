-- What is believed of the attempts to the leads worked in a window: those of the window, and from then on those that
-- came to something. What they count as is settled in reports/facts/pursuits.py; columns as those of attempts.sql.

-- name: pursuits(account_id, from_at, to_at, until) -> many
SELECT
    a.dialer,
    a.external_id,
    a.campaign,
    a.agent,
    a.source,
    a.tracking_number,
    a.lead,
    a.to_country AS country,
    a.to_region AS region,
    -- Joined only when it is asked for: the planner drops a join to a key that nothing reads.
    lead.source AS lead_source,
    a.lead IN (SELECT t.external_id FROM believed.leads t WHERE t.account_id = $1::integer AND t.test) AS lead_test,
    a.dialed_at,
    a.answered_at,
    a.ended_at,
    a.agent_joined_at,
    -- Where a number may be in several zones whose clocks differ, nobody knows the hour over there.
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
FROM (
    SELECT w.* FROM believed.attempts w
    WHERE w.account_id = $1::integer AND w.lead IS NOT NULL
        AND w.dialed_at >= $2::timestamptz AND w.dialed_at < $3::timestamptz
    UNION ALL
    -- Two queries and not one with OR: the leads are looked up by a join, however many they are.
    SELECT l.* FROM believed.attempts l
    WHERE l.account_id = $1::integer AND l.dialed_at >= $3::timestamptz AND l.dialed_at <= $4::timestamptz
        AND l.disposition IS NOT NULL -- no goal is reached without one
        AND l.lead IN (
            SELECT w.lead FROM believed.attempts w
            WHERE w.account_id = $1::integer AND w.dialed_at >= $2::timestamptz AND w.dialed_at < $3::timestamptz
        )
) a
LEFT JOIN believed.leads lead ON lead.account_id = $1::integer AND lead.external_id = a.lead
