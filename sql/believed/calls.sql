-- What is believed of every attempt of an account, one row each, with what is believed of its lead: what extracts of calls
-- read as believed.calls. What a call counts as is settled in reports/outcomes.py. A column that an extract does not
-- ask for costs nothing, and a lead whose columns nobody asks for is not looked up.
SELECT
    a.account_id,
    a.dialer,
    a.external_id,
    a.campaign,
    a.agent,
    a.source,
    a.tracking_number,
    a.lead,
    a.to_country AS country,
    a.to_region AS region,
    lead.source AS lead_source,
    a.lead IN (SELECT t.external_id FROM believed.leads t WHERE t.account_id = $1::integer AND t.test) AS lead_test,
    lead.closed_at AS lead_closed_at,
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
