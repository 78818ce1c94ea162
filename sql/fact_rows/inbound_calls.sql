-- Inbound calls, as reports read them. What a call counts as is resolved in reports/rules/inbound/outcomes.py.
SELECT
    c.dialer,
    c.external_id,
    c.campaign,
    c.agent,
    -- The first agent who was in the call and had not just left it.
    jsonb_path_query_first(c.participants, '$[*] ? (!(@.state == "left")).agent') #>> '{}' AS first_participant,
    c.disposition_agent,
    c.source,
    c.tracking_number,
    c.lead,
    c.from_country AS country,
    c.from_region AS region,
    -- Who called: the same for all calls from one phone number, and nobody can tell the number from it. Without a phone
    -- number, the dialer's own id of the caller.
    CASE
        WHEN c.from_country IS NOT NULL
            THEN lake_id((SELECT k.lake_key FROM accounts k WHERE k.account_id = $1::integer), c.from_number)
        WHEN c.contact IS NOT NULL
            THEN lake_id(
                (SELECT k.lake_key FROM accounts k WHERE k.account_id = $1::integer), c.dialer || ' ' || c.contact
            )
    END AS caller,
    c.menu_path,
    c.menu_ms,
    c.topic,
    c.said_case AS case_id,
    c.queue,
    c.arrived_at,
    c.queued_at,
    c.answered_at,
    c.ended_at,
    c.callback_chosen_at,
    c.escalated_at,
    c.escalated_to,
    c.queue_ms,
    c.talk_ms,
    c.hold_ms,
    c.wrap_ms,
    c.outcome,
    c.transferred,
    c.shares::text AS shares,
    c.segments::text AS segments,
    c.offers::text AS offers,
    c.test,
    c.spam,
    c.recorded_at,
    c.superseded_at
FROM fact_rows c
