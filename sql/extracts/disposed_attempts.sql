-- What is believed of the attempts of which something was said in a window, whenever they were dialed; columns as those
-- of attempts.sql.

-- name: disposed_attempts(account_id, from_at, to_at) -> many
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
FROM believed.attempts a
LEFT JOIN believed.leads lead ON lead.account_id = $1::integer AND lead.external_id = a.lead
WHERE a.account_id = $1::integer AND a.dialed_at IS NOT NULL
    AND (a.dialer, a.external_id) IN (
        SELECT r.dialer, r.attempt FROM believed.dispositions r
        WHERE r.account_id = $1::integer AND r.set_at >= $2::timestamptz AND r.set_at < $3::timestamptz
    )
