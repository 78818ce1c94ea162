-- What is believed of the attempts of a window, one row each; what they count as is settled in reports/outcomes.py.
-- A row without dialed_at is in no window and so in no report.

-- name: now(account_id, from_at, to_at) -> many
SELECT
    a.dialer,
    a.external_id,
    a.campaign,
    a.agent,
    a.source,
    a.tracking_number,
    a.lead,
    -- Joined only when it is asked for: the planner drops a join to a key that nothing reads.
    lead.source AS lead_source,
    a.lead IN (SELECT external_id FROM leads WHERE account_id = $1::integer AND test) AS lead_test,
    a.dialed_at,
    a.answered_at,
    a.ended_at,
    a.agent_joined_at,
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
    a.disposition_agent,
    a.callback_at
FROM attempts a
LEFT JOIN leads lead ON lead.account_id = $1::integer AND lead.external_id = a.lead
WHERE a.account_id = $1::integer AND a.dialed_at >= $2::timestamptz AND a.dialed_at < $3::timestamptz;

-- name: as_of(account_id, from_at, to_at, as_of) -> many
-- A version is believed from recorded_at until superseded_at.
WITH leads_then AS MATERIALIZED (
    SELECT external_id, source, test FROM leads
    WHERE account_id = $1::integer AND recorded_at <= $4::timestamptz
    UNION ALL
    SELECT external_id, source, test FROM leads_history
    WHERE account_id = $1::integer AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
),
attempts_then AS (
    SELECT
        dialer,
        external_id,
        campaign,
        agent,
        source,
        tracking_number,
        lead,
        dialed_at,
        answered_at,
        ended_at,
        agent_joined_at,
        ring_ms,
        talk_ms,
        hold_ms,
        wrap_ms,
        dead_ms,
        network_result,
        answered_by,
        handled,
        test,
        disposition,
        disposition_agent,
        callback_at
    FROM attempts
    WHERE account_id = $1::integer AND dialed_at >= $2::timestamptz AND dialed_at < $3::timestamptz
        AND recorded_at <= $4::timestamptz
    UNION ALL
    SELECT
        dialer,
        external_id,
        campaign,
        agent,
        source,
        tracking_number,
        lead,
        dialed_at,
        answered_at,
        ended_at,
        agent_joined_at,
        ring_ms,
        talk_ms,
        hold_ms,
        wrap_ms,
        dead_ms,
        network_result,
        answered_by,
        handled,
        test,
        disposition,
        disposition_agent,
        callback_at
    FROM attempts_history
    WHERE account_id = $1::integer AND dialed_at >= $2::timestamptz AND dialed_at < $3::timestamptz
        AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
)
SELECT
    a.dialer,
    a.external_id,
    a.campaign,
    a.agent,
    a.source,
    a.tracking_number,
    a.lead,
    a.dialed_at,
    a.answered_at,
    a.ended_at,
    a.agent_joined_at,
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
    a.disposition_agent,
    a.callback_at,
    lead.source AS lead_source,
    lead.test AS lead_test
FROM attempts_then a
LEFT JOIN leads_then lead ON lead.external_id = a.lead;
