-- Attempts, as reports read them. What a call counts as is settled in reports/rules/call_outcomes.py.
-- A column that nobody asks for costs nothing.
SELECT
    a.dialer,
    a.external_id,
    a.campaign,
    -- The agent, else the only agent who took part.
    COALESCE(a.agent, (
        SELECT min(p ->> 'agent') FROM jsonb_array_elements(a.participants) p
        HAVING count(DISTINCT p ->> 'agent') = 1
    )) AS agent,
    a.source,
    a.tracking_number,
    a.lead,
    -- As the caller of an inbound call: nobody can tell the number from it.
    CASE
        WHEN a.to_country IS NOT NULL
            THEN lake_id((SELECT k.lake_key FROM accounts k WHERE k.account_id = $1::integer), a.to_number)
    END AS callee,
    a.lead_by,
    a.to_country AS country,
    a.to_region AS region,
    a.dialed_at,
    a.rang_at,
    a.answered_at,
    a.ended_at,
    a.agent_joined_at,
    -- Where a number may be in several zones whose clocks differ, nobody knows the hour over there. Most are in one.
    -- What the lead says of itself comes before the place of its number.
    CASE
        WHEN a.lead_zone IS NOT NULL THEN a.dialed_at AT TIME ZONE a.lead_zone
        WHEN cardinality(a.to_zones) = 1 THEN a.dialed_at AT TIME ZONE a.to_zones[1]
        ELSE (
            SELECT CASE WHEN count(DISTINCT a.dialed_at AT TIME ZONE z) = 1 THEN min(a.dialed_at AT TIME ZONE z) END
            FROM unnest(a.to_zones) z
        )
    END AS callee_at,
    a.ring_ms,
    a.talk_ms,
    a.hold_ms,
    a.wrap_ms,
    a.dead_ms,
    a.network_result,
    a.answered_by,
    a.handled,
    a.person_after_ms,
    a.shares::text AS shares,
    a.test,
    a.spam,
    a.disposition,
    a.disposition_set_at,
    a.disposition_agent,
    a.callback_at,
    a.outcomes_at,
    a.recorded_at,
    a.superseded_at
FROM fact_rows a
