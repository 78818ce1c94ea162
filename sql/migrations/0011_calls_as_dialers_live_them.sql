-- Calls as dialers live them: ringing, all outcomes of a call, every agent's part in it, and its lead by phone number.

CREATE TYPE lead_match AS ENUM ('sender', 'number');

-- Two observations of a call's agents, united: one entry for each agent, moment and state.
CREATE FUNCTION unite_participants(a jsonb, b jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.from_at NULLS FIRST, e.agent COLLATE "C", e.state)
    FROM (
        SELECT
            p.from_at,
            p.agent,
            p.state,
            jsonb_strip_nulls(jsonb_build_object(
                'agent', p.agent,
                'from_at', p.from_at,
                'state', p.state,
                'to_at', max(p.to_at COLLATE "C"),
                'role', max(p.role COLLATE "C"),
                'talk_seconds', max(p.talk_seconds)
            )) AS entry
        FROM jsonb_to_recordset(COALESCE(a, '[]') || COALESCE(b, '[]'))
            AS p (agent text, from_at text, state text, to_at text, role text, talk_seconds numeric)
        GROUP BY p.from_at, p.agent, p.state
    ) e
$$;

-- For each name the smaller of two numbers.
CREATE FUNCTION unite_earliest(a jsonb, b jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_object_agg(n.key, n.earliest)
    FROM (
        SELECT e.key, min(e.value::text::bigint) AS earliest
        FROM (
            SELECT key, value FROM jsonb_each(COALESCE(a, '{}'))
            UNION ALL
            SELECT key, value FROM jsonb_each(COALESCE(b, '{}'))
        ) e
        GROUP BY e.key
    ) n
$$;

-- The length of times that do not overlap.
CREATE FUNCTION milliseconds_in(spans tstzmultirange) RETURNS integer LANGUAGE sql STABLE STRICT AS $$
    SELECT (COALESCE(sum(EXTRACT(EPOCH FROM upper(s) - lower(s))), 0) * 1000)::integer FROM unnest(spans) s
$$;

-- How long agents talked in a call and held it, in milliseconds: {"talk_ms", "hold_ms", "shares": [{agent, talk_ms, hold_ms}]}.
-- An entry lasts until its own end, else the same agent's next entry, else until another agent takes over, else until the
-- call ends. A customer on hold talks with no agent. An agent who both joins and leaves in one moment has left, unless the
-- agent was in the call already. Null while that is not known. shares is null for a call with one agent.
CREATE FUNCTION agents_shares(participants jsonb, answered_at timestamptz, ended_at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH reported AS (
        SELECT p.agent, p.from_at, COALESCE(p.state, 'talking') AS state, p.to_at, p.talk_seconds
        FROM jsonb_to_recordset(participants)
            AS p (agent text, from_at timestamptz, state text, to_at timestamptz, talk_seconds numeric)
    ),
    placed AS (
        SELECT r.*, COALESCE((
            SELECT bool_or(o.state <> 'left') FROM reported o
            WHERE o.agent = r.agent AND o.from_at = (
                SELECT max(q.from_at) FROM reported q WHERE q.agent = r.agent AND q.from_at < r.from_at
            )
        ), false) AS was_there
        FROM reported r
    ),
    entries AS (
        SELECT p.*, lead(p.from_at) OVER mine AS next_at, COALESCE(lead(p.state) OVER mine, 'talking') AS next_state
        FROM placed p
        WINDOW mine AS (
            PARTITION BY p.agent, p.from_at IS NULL
            ORDER BY p.from_at, (p.state = 'left') <> p.was_there, p.state COLLATE "C"
        )
    ),
    spans AS (
        SELECT
            e.agent,
            e.state,
            e.talk_seconds,
            e.from_at,
            LEAST(
                COALESCE(
                    e.to_at,
                    CASE WHEN e.next_state <> 'talking' THEN e.next_at END,
                    CASE WHEN e.state = 'holding' THEN e.next_at END,
                    LEAST(
                        e.next_at,
                        (
                            SELECT min(o.from_at) FROM entries o
                            WHERE o.agent <> e.agent AND o.state = 'talking' AND o.from_at > e.from_at
                        )
                    )
                ),
                ended_at
            ) AS until_at
        FROM entries e
        WHERE e.state <> 'left' AND (e.from_at IS NOT NULL OR e.talk_seconds IS NOT NULL)
    ),
    timed AS (
        SELECT
            s.agent,
            s.state,
            s.talk_seconds,
            CASE WHEN s.from_at IS NOT NULL THEN
                tstzrange(GREATEST(s.from_at, answered_at), GREATEST(s.until_at, s.from_at, answered_at))
            END AS span
        FROM spans s
    ),
    held AS (
        SELECT COALESCE(range_agg(t.span), '{}') AS spans FROM timed t WHERE t.state = 'holding'
    ),
    of_agents AS (
        SELECT
            t.agent,
            COALESCE(
                (sum(t.talk_seconds) * 1000)::integer,
                milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'talking') - (SELECT h.spans FROM held h))
            ) AS talk_ms,
            milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'holding')) AS hold_ms
        FROM timed t
        GROUP BY t.agent
    )
    SELECT CASE WHEN (SELECT bool_or(s.until_at IS NULL AND s.talk_seconds IS NULL) FROM spans s) THEN NULL ELSE (
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'talk_ms', COALESCE(
                (SELECT CASE WHEN bool_or(t.talk_seconds IS NOT NULL) THEN (SELECT sum(a.talk_ms) FROM of_agents a) END FROM timed t),
                milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'talking') - (SELECT h.spans FROM held h))
            ),
            'hold_ms', milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'holding')),
            'shares', (
                SELECT CASE WHEN count(*) > 1 THEN jsonb_agg(jsonb_strip_nulls(to_jsonb(a)) ORDER BY a.agent COLLATE "C") END
                FROM of_agents a
            )
        ))
        FROM timed t
        HAVING count(*) > 0
    ) END
$$;

-- Of the outcomes on a call, the outcome that counts: the mapped one with the greatest result, then the newest.
CREATE FUNCTION chosen_outcome(account integer, outcomes jsonb, outcomes_at timestamptz, first_set jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('code', o.code, 'set_at', s.set_at, 'agent', o.agent, 'callback_at', o.callback_at)
    FROM jsonb_to_recordset(outcomes) AS o (code text, set_at timestamptz, agent text, callback_at timestamptz)
    LEFT JOIN disposition_codes c ON c.account_id = account AND c.code = o.code
    LEFT JOIN disposition_codes k ON k.account_id = account AND k.code = COALESCE(c.merged_into, c.code)
    CROSS JOIN LATERAL (
        SELECT COALESCE(
            o.set_at,
            timestamptz 'epoch' + (first_set->>o.code)::bigint * interval '1 microsecond',
            outcomes_at
        ) AS set_at
    ) s
    ORDER BY
        COALESCE(k.result, 'unmapped') <> 'unmapped' DESC,
        COALESCE(k.result, 'unmapped') DESC,
        s.set_at DESC,
        o.code COLLATE "C" DESC
    LIMIT 1
$$;

DO $$
DECLARE
    calls text;
    twin text;
BEGIN
    FOREACH calls IN ARRAY ARRAY['attempts', 'inbound_calls'] LOOP
        EXECUTE format('DROP VIEW %I', calls || '_versions');
        FOREACH twin IN ARRAY ARRAY[calls, calls || '_history'] LOOP
            EXECUTE format(
                'ALTER TABLE %I'
                ' ADD COLUMN said_lead code,'
                ' ADD COLUMN lead_by lead_match,'
                ' ADD COLUMN lead_matching boolean,'
                ' ADD COLUMN contact code,'
                ' ADD COLUMN said_talk_ms integer,'
                ' ADD COLUMN said_hold_ms integer,'
                ' ADD COLUMN shares jsonb,'
                ' ADD COLUMN spam boolean,'
                ' ADD COLUMN value numeric(14, 4),'
                ' ADD COLUMN outcomes jsonb,'
                ' ADD COLUMN outcomes_at timestamptz,'
                ' ADD COLUMN outcomes_received_at timestamptz,'
                ' ADD COLUMN first_set jsonb',
                twin
            );
            EXECUTE format(
                'UPDATE %I'
                ' SET said_lead = lead, lead_by = CASE WHEN lead IS NOT NULL THEN ''sender''::lead_match END,'
                ' said_talk_ms = talk_ms, said_hold_ms = hold_ms,'
                ' participants = unite_participants(participants, NULL),'
                ' stamps = (SELECT jsonb_object_agg('
                '     CASE WHEN s.key IN (''lead'', ''talk_ms'', ''hold_ms'') THEN ''said_'' || s.key ELSE s.key END,'
                '     s.value) FROM jsonb_each(stamps) s)'
                ' WHERE (lead, talk_ms, hold_ms, participants, stamps) IS DISTINCT FROM (NULL, NULL, NULL, NULL, NULL)',
                twin
            );
        END LOOP;
    END LOOP;
    FOREACH twin IN ARRAY ARRAY['attempts', 'attempts_history'] LOOP
        EXECUTE format(
            'ALTER TABLE %I'
            ' ADD COLUMN rang_at timestamptz,'
            ' ADD COLUMN person_after_ms integer,'
            ' ADD COLUMN note text COLLATE "C"',
            twin
        );
    END LOOP;
    FOREACH calls IN ARRAY ARRAY['attempts', 'inbound_calls'] LOOP
        EXECUTE (
            SELECT format(
                'CREATE VIEW %1$I WITH (security_invoker = true) AS'
                ' SELECT %2$s, timestamptz ''infinity'' AS superseded_at FROM %3$I'
                ' UNION ALL SELECT %2$s, superseded_at FROM %4$I',
                calls || '_versions',
                string_agg(quote_ident(attname), ', ' ORDER BY attnum),
                calls,
                calls || '_history'
            )
            FROM pg_attribute
            WHERE attrelid = calls::regclass AND attnum > 0 AND NOT attisdropped
        );
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', calls || '_versions');
    END LOOP;
END $$;

COMMENT ON COLUMN attempts.lead IS 'said_lead, else the lead with the called number; lead_by says which.';
COMMENT ON COLUMN attempts.lead_matching IS 'False where the sender wants no lead found by number.';
COMMENT ON COLUMN attempts.talk_ms IS 'By the parts of its agents where these are known, else said_talk_ms.';
COMMENT ON COLUMN attempts.person_after_ms IS 'An answered call with this much talk counts as answered by a person; null: never for its length.';
COMMENT ON COLUMN attempts.outcomes IS 'All outcomes on the call at outcomes_at, where the sender tells all; disposition is the one that counts.';
COMMENT ON COLUMN attempts.first_set IS 'When each code without a time of its own was first reported, in microseconds since 1970.';

-- The calls of a number that no sender has given a lead: a lead with that number takes them.
CREATE INDEX attempts_by_unclaimed_number ON attempts (account_id, to_number) WHERE said_lead IS NULL;
CREATE INDEX inbound_calls_by_unclaimed_number ON inbound_calls (account_id, from_number) WHERE said_lead IS NULL;
-- The calls whose counting outcome may change when a code gets another meaning.
CREATE INDEX attempts_with_outcomes ON attempts (account_id) WHERE jsonb_array_length(outcomes) > 1;
CREATE INDEX inbound_calls_with_outcomes ON inbound_calls (account_id) WHERE jsonb_array_length(outcomes) > 1;

-- Null: an answered call of unknown answerer stays unknown. 0: it means a person.
ALTER TABLE hooks
    ADD COLUMN person_after_ms integer DEFAULT 20000 CHECK (person_after_ms >= 0),
    ADD COLUMN match_leads boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN hooks.person_after_ms IS 'After how much talk an answered call of unknown answerer means a person; null: never.';
COMMENT ON COLUMN hooks.match_leads IS 'Whether calls that name no lead get the lead with the same number.';

GRANT UPDATE (person_after_ms, match_leads) ON hooks TO calltally_service;

DROP FUNCTION find_hook(bytea);
CREATE FUNCTION find_hook(wanted bytea)
RETURNS TABLE (
    account_id integer,
    id bigint,
    dialer text,
    code text,
    campaign text,
    zone text,
    secret bytea,
    revoked_at timestamptz,
    person_after_ms integer,
    match_leads boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT
        h.account_id, h.id, h.dialer, h.code, h.campaign, h.zone, h.secret, h.revoked_at, h.person_after_ms,
        h.match_leads
    FROM public.hooks h
    WHERE h.token_sha256 = wanted
$$;
REVOKE ALL ON FUNCTION find_hook(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_hook(bytea) TO calltally_service;

-- What an erasure empties.
GRANT UPDATE (contact, note) ON attempts_history TO calltally_service;
GRANT UPDATE (contact) ON inbound_calls_history TO calltally_service;
