-- The attempts of a window as they were believed at one instant, and what each finally counts as.
--
--   $1 account   $2 from   $3 to (half-open, on dialed_at)   $4 as of; null: now, and history is not read
--
-- One row per attempt. The rules, each marked where it is applied:
--   1  A version is believed from recorded_at until superseded_at; leads and codes are read at the same instant.
--   2  A code merged into another reads as that other, to the end of the chain; merges in a circle are ignored.
--   3  The disposition has the last word on every axis it speaks about; null and `unknown` are silence.
--   4  A sale, an appointment or a qualified lead was agreed with the right party, unless the code names another
--      party. A right party is a person who answered, with an agent, unless only an IVR handled the call.
--   5  When the agent says nobody answered, the dialer's guess of who answered is void.
--   6  When nobody says who handled the call: an agent, if one joined, or if a named one talked.
--   7  A person who answered, and a call we dropped, was answered. Else what was said; else `answered` when there
--      is a moment of answer, or something is known to have picked up.
--   8  Agent: the attempt's, else the disposition's. Source: the attempt's, else the lead's, else the campaign's.
--   9  A test call says so, or says nothing and goes to a test lead.
--  10  Open: no end, no talk time, no disposition, and no network result that ends a call.
--  11  A disposition whose code has no axes yet is `unmapped`; no disposition is `none`.
WITH RECURSIVE
-- 1
agents_then AS (
    SELECT code, team, merged_into FROM agents
    WHERE account_id = $1::integer AND ($4::timestamptz IS NULL OR recorded_at <= $4::timestamptz)
    UNION ALL
    SELECT code, team, merged_into FROM agents_history
    WHERE account_id = $1::integer AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
),
campaigns_then AS (
    SELECT code, source, merged_into FROM campaigns
    WHERE account_id = $1::integer AND ($4::timestamptz IS NULL OR recorded_at <= $4::timestamptz)
    UNION ALL
    SELECT code, source, merged_into FROM campaigns_history
    WHERE account_id = $1::integer AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
),
sources_then AS (
    SELECT code, merged_into FROM sources
    WHERE account_id = $1::integer AND ($4::timestamptz IS NULL OR recorded_at <= $4::timestamptz)
    UNION ALL
    SELECT code, merged_into FROM sources_history
    WHERE account_id = $1::integer AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
),
codes_then AS (
    SELECT code, network_result, answered_by, party, handled, result, next_step, merged_into FROM disposition_codes
    WHERE account_id = $1::integer AND ($4::timestamptz IS NULL OR recorded_at <= $4::timestamptz)
    UNION ALL
    SELECT code, network_result, answered_by, party, handled, result, next_step, merged_into
    FROM disposition_codes_history
    WHERE account_id = $1::integer AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
),
leads_then AS (
    SELECT external_id, source, test FROM leads
    WHERE account_id = $1::integer AND ($4::timestamptz IS NULL OR recorded_at <= $4::timestamptz)
    UNION ALL
    SELECT external_id, source, test FROM leads_history
    WHERE account_id = $1::integer AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
),
attempts_then AS (
    SELECT
        dialer, external_id, campaign, agent, lead, source, tracking_number, dialed_at, answered_at, agent_joined_at,
        ended_at, ring_ms, talk_ms, hold_ms, wrap_ms, dead_ms, network_result, answered_by, handled, test,
        disposition, disposition_agent, callback_at
    FROM attempts
    WHERE account_id = $1::integer
        AND dialed_at >= $2::timestamptz AND dialed_at < $3::timestamptz
        AND ($4::timestamptz IS NULL OR recorded_at <= $4::timestamptz)
    UNION ALL
    SELECT
        dialer, external_id, campaign, agent, lead, source, tracking_number, dialed_at, answered_at, agent_joined_at,
        ended_at, ring_ms, talk_ms, hold_ms, wrap_ms, dead_ms, network_result, answered_by, handled, test,
        disposition, disposition_agent, callback_at
    FROM attempts_history
    WHERE account_id = $1::integer
        AND dialed_at >= $2::timestamptz AND dialed_at < $3::timestamptz
        AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
),
-- 2
links (kind, code, merged_into) AS (
    SELECT 'agent', code, merged_into FROM agents_then WHERE merged_into IS NOT NULL
    UNION ALL
    SELECT 'campaign', code, merged_into FROM campaigns_then WHERE merged_into IS NOT NULL
    UNION ALL
    SELECT 'source', code, merged_into FROM sources_then WHERE merged_into IS NOT NULL
    UNION ALL
    SELECT 'disposition', code, merged_into FROM codes_then WHERE merged_into IS NOT NULL
),
steps (kind, code, reached) AS (
    SELECT kind, code, merged_into FROM links
    UNION ALL
    SELECT steps.kind, steps.code, links.merged_into
    FROM steps JOIN links ON links.kind = steps.kind AND links.code = steps.reached
) CYCLE reached SET circular USING path,
merges AS MATERIALIZED (
    SELECT kind, code, reached FROM steps
    WHERE NOT EXISTS (SELECT FROM links WHERE links.kind = steps.kind AND links.code = steps.reached)
),
agents_read AS MATERIALIZED (
    SELECT a.code, coalesce(m.reached, a.code) AS agent, reads.team
    FROM agents_then a
    LEFT JOIN merges m ON m.kind = 'agent' AND m.code = a.code
    LEFT JOIN agents_then reads ON reads.code = coalesce(m.reached, a.code)
),
campaigns_read AS MATERIALIZED (
    SELECT c.code, coalesce(m.reached, c.code) AS campaign, reads.source
    FROM campaigns_then c
    LEFT JOIN merges m ON m.kind = 'campaign' AND m.code = c.code
    LEFT JOIN campaigns_then reads ON reads.code = coalesce(m.reached, c.code)
),
-- 3
codes_read AS MATERIALIZED (
    SELECT
        c.code,
        coalesce(m.reached, c.code) AS disposition,
        nullif(reads.network_result, 'unknown') AS network_result,
        nullif(reads.answered_by, 'unknown') AS answered_by,
        nullif(reads.party, 'unknown') AS party,
        reads.handled,
        reads.result,
        reads.next_step,
        reads.result IN ('sale', 'appointment', 'qualified') AS agreed
    FROM codes_then c
    LEFT JOIN merges m ON m.kind = 'disposition' AND m.code = c.code
    LEFT JOIN codes_then reads ON reads.code = coalesce(m.reached, c.code)
)
SELECT
    a.dialer,
    a.external_id,
    coalesce(campaign.campaign, a.campaign) AS campaign,
    coalesce(agent.agent, a.agent, a.disposition_agent) AS agent,
    agent.team,
    coalesce(source.reached, origin.source) AS source,
    a.tracking_number,
    a.lead,
    a.dialed_at,
    a.answered_at,
    a.ended_at,
    a.ring_ms,
    a.talk_ms,
    a.hold_ms,
    a.wrap_ms,
    a.dead_ms,
    network.network_result,
    person.answered_by,
    said.party,
    handled.handled,
    said.result,
    coalesce(code.next_step, CASE WHEN a.callback_at IS NULL THEN 'none' ELSE 'callback' END::next_step) AS next_step,
    coalesce(code.disposition, a.disposition) AS disposition,
    coalesce(a.test, lead.test, false) AS test, -- 9
    -- 10
    a.ended_at IS NULL AND a.talk_ms IS NULL AND a.disposition IS NULL
        AND network.network_result IN ('unknown', 'answered') AS open
FROM attempts_then a
LEFT JOIN leads_then lead ON lead.external_id = a.lead
LEFT JOIN campaigns_read campaign ON campaign.code = a.campaign
LEFT JOIN agents_read agent ON agent.code = coalesce(a.agent, a.disposition_agent) -- 8
LEFT JOIN codes_read code ON code.code = a.disposition
CROSS JOIN LATERAL (SELECT coalesce(a.source, lead.source, campaign.source) AS source) origin -- 8
LEFT JOIN merges source ON source.kind = 'source' AND source.code = origin.source
-- 4, 11
CROSS JOIN LATERAL (
    SELECT
        coalesce(code.party, CASE WHEN code.agreed THEN 'right_party' ELSE 'unknown' END::party) AS party,
        coalesce(code.result, CASE WHEN a.disposition IS NULL THEN 'none' ELSE 'unmapped' END::result) AS result
) said
CROSS JOIN LATERAL (SELECT said.party = 'right_party' OR coalesce(code.agreed, false) AS spoken) met
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN met.spoken THEN 'human'
        WHEN code.answered_by IS NOT NULL THEN code.answered_by
        WHEN code.network_result <> 'answered' THEN 'unknown' -- 5
        ELSE coalesce(a.answered_by, 'unknown')
    END AS answered_by
) person
-- 4, 6
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN met.spoken AND coalesce(nullif(code.handled, 'none'), a.handled) IS DISTINCT FROM 'ivr_only'
            AND (code.handled IS NULL OR code.handled = 'none') THEN 'agent'
        WHEN code.handled IS NOT NULL THEN code.handled
        WHEN a.handled IS NOT NULL THEN a.handled
        WHEN a.agent_joined_at IS NOT NULL OR a.talk_ms > 0 AND a.agent IS NOT NULL THEN 'agent'
        ELSE 'none'
    END AS handled
) handled
-- 7
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN person.answered_by = 'human' OR handled.handled = 'abandoned_by_us' THEN 'answered'
        WHEN code.network_result IS NOT NULL THEN code.network_result
        WHEN a.network_result <> 'unknown' THEN a.network_result
        WHEN a.answered_at IS NOT NULL OR person.answered_by <> 'unknown' THEN 'answered'
        ELSE 'unknown'
    END AS network_result
) network
