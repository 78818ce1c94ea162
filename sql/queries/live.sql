-- The floor now: what agents did last, and the latest attempts.

-- The last state of each agent that began between two moments. Agents are few, and each is one look at the key.
-- name: agent_states(account_id, since, until) -> many
SELECT
    a.code AS agent,
    a.team,
    s.state,
    s.reason,
    s.from_at,
    s.to_at
FROM agents a
CROSS JOIN LATERAL (
    SELECT
        t.state,
        t.reason,
        t.from_at,
        t.to_at
    FROM agent_states t
    WHERE t.account_id = $1::integer
        AND t.agent = a.code
        AND t.from_at >= $2::timestamptz
        AND t.from_at <= $3::timestamptz
        AND t.state IS NOT NULL
    ORDER BY t.from_at DESC
    LIMIT 1
) s
WHERE a.account_id = $1::integer;

-- The attempts that were started last by a moment, the latest first. agents: only those of these agents; null: of all.
-- name: last_attempts(account_id, until, most, agents) -> many
SELECT
    a.dialer,
    a.external_id,
    a.campaign,
    a.agent,
    a.source,
    a.lead,
    a.dialed_at,
    a.rang_at,
    a.answered_at,
    a.ended_at,
    a.agent_joined_at,
    a.ring_ms,
    a.talk_ms,
    a.hold_ms,
    a.network_result,
    a.answered_by,
    a.person_after_ms,
    a.handled,
    a.test,
    a.spam,
    a.disposition,
    a.disposition_set_at,
    a.disposition_agent,
    a.callback_at,
    l.source AS lead_source,
    l.test AS lead_test
FROM attempts a
LEFT JOIN leads l ON l.account_id = $1::integer AND l.external_id = a.lead
WHERE a.account_id = $1::integer
    AND a.dialed_at <= $2::timestamptz
    AND ($4::text[] IS NULL OR COALESCE(a.agent, a.disposition_agent) = ANY ($4::text[]))
ORDER BY a.dialed_at DESC
LIMIT $3::integer;
