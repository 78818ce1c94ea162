-- What service reports need of an inbound call: its menu, topic and case, every wait in a queue, every offer to an agent,
-- the callback chosen, the escalation and the after-call work.

ALTER TYPE inbound_outcome ADD VALUE 'callback' AFTER 'voicemail';

-- Two observations of a call's offers, united: one entry for each agent and moment.
CREATE FUNCTION unite_offers(a jsonb, b jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.from_at, e.agent COLLATE "C")
    FROM (
        SELECT
            o.from_at,
            o.agent,
            jsonb_strip_nulls(jsonb_build_object(
                'agent', o.agent,
                'from_at', o.from_at,
                'to_at', max(o.to_at COLLATE "C"),
                'answered', bool_or(o.answered)
            )) AS entry
        FROM jsonb_to_recordset(COALESCE(a, '[]') || COALESCE(b, '[]'))
            AS o (agent text, from_at text, to_at text, answered boolean)
        GROUP BY o.from_at, o.agent
    ) e
$$;

-- Two observations of a call's waits, united: one entry for each queue and moment. Of several outcomes, the one that says
-- most counts: they are numbered in that order.
CREATE FUNCTION unite_segments(a jsonb, b jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.queued_at, e.queue COLLATE "C")
    FROM (
        SELECT
            s.queued_at,
            s.queue,
            jsonb_strip_nulls(jsonb_build_object(
                'queue', s.queue,
                'queued_at', s.queued_at,
                'left_at', max(s.left_at COLLATE "C"),
                'wait_seconds', max(s.wait_seconds),
                'agent', max(s.agent COLLATE "C"),
                'outcome', (ARRAY['moved', 'abandoned', 'missed', 'voicemail', 'callback', 'answered'])[max(
                    array_position(
                        ARRAY['moved', 'abandoned', 'missed', 'voicemail', 'callback', 'answered'], s.outcome
                    )
                )]
            )) AS entry
        FROM jsonb_to_recordset(COALESCE(a, '[]') || COALESCE(b, '[]'))
            AS s (queue text, queued_at text, left_at text, wait_seconds numeric, agent text, outcome text)
        GROUP BY s.queued_at, s.queue
    ) e
$$;

DO $$
DECLARE
    twin text;
BEGIN
    DROP VIEW inbound_calls_versions;
    FOREACH twin IN ARRAY ARRAY['inbound_calls', 'inbound_calls_history'] LOOP
        EXECUTE format(
            'ALTER TABLE %I'
            ' ADD COLUMN menu_path code,'
            ' ADD COLUMN menu_ms integer,'
            ' ADD COLUMN topic code,'
            ' ADD COLUMN said_case code,'
            ' ADD COLUMN wrap_ms integer,'
            ' ADD COLUMN offers jsonb,'
            ' ADD COLUMN segments jsonb,'
            ' ADD COLUMN callback_chosen_at timestamptz,'
            ' ADD COLUMN escalated_at timestamptz,'
            ' ADD COLUMN escalated_to code',
            twin
        );
    END LOOP;
    EXECUTE (
        SELECT format(
            'CREATE VIEW inbound_calls_versions WITH (security_invoker = true) AS'
            ' SELECT %1$s, timestamptz ''infinity'' AS superseded_at FROM inbound_calls'
            ' UNION ALL SELECT %1$s, superseded_at FROM inbound_calls_history',
            string_agg(quote_ident(c.attname), ', ' ORDER BY c.attnum)
        )
        FROM pg_attribute c
        JOIN pg_attribute h ON h.attrelid = 'inbound_calls_history'::regclass AND h.attname = c.attname
        WHERE c.attrelid = 'inbound_calls'::regclass AND c.attnum > 0 AND NOT c.attisdropped
    );
    GRANT SELECT ON inbound_calls_versions TO calltally_service;
END $$;

-- Sync, and a report on top of the copy, find what changed since the copy by its transaction.
CREATE INDEX inbound_calls_by_changed_xid ON inbound_calls (account_id, changed_xid);

COMMENT ON COLUMN inbound_calls.menu_path IS 'The choices in the voice menu, as the dialer writes them.';
COMMENT ON COLUMN inbound_calls.said_case IS 'The case that the call belongs to, as the sender states it.';
COMMENT ON COLUMN inbound_calls.offers IS 'Each time the call rang at an agent: agent, from_at, to_at, answered.';
COMMENT ON COLUMN inbound_calls.segments IS 'Each wait in a queue: queue, queued_at, left_at, wait_seconds, agent, outcome.';
COMMENT ON COLUMN inbound_calls.callback_chosen_at IS 'When the caller chose to be called back and stopped waiting.';
COMMENT ON COLUMN inbound_calls.escalated_to IS 'The tier or specialist that took over; no code of an agent.';

GRANT UPDATE (offers, segments) ON inbound_calls_history TO calltally_service;

-- Cases: what callers want resolved, from the day each was opened until it is resolved, or opened again ----------------

-- Two lists of the calls of a case, united.
CREATE FUNCTION unite_calls(a jsonb, b jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.entry->>'dialer' COLLATE "C", e.entry->>'external_id' COLLATE "C")
    FROM (
        SELECT DISTINCT entry FROM jsonb_array_elements(COALESCE(a, '[]') || COALESCE(b, '[]')) entry
    ) e
$$;

CREATE TABLE cases (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    lead code,
    agent code,
    queue code,
    topic code,
    source code,
    campaign code,
    opened_at timestamptz,
    resolved_at timestamptz,
    reopened_at timestamptz,
    closed_at timestamptz,
    escalated_at timestamptz,
    escalated_to code,
    calls jsonb,
    test boolean,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN cases.resolved_at IS 'When it was last resolved.';
COMMENT ON COLUMN cases.reopened_at IS 'When it was last opened again: later than resolved_at, it is not resolved.';
COMMENT ON COLUMN cases.closed_at IS 'When it was closed without a solution.';
COMMENT ON COLUMN cases.escalated_to IS 'The tier or specialist that took over; no code of an agent.';
COMMENT ON COLUMN cases.calls IS 'The calls that belong to it, by dialer and external_id; a call may name its case as well.';
CREATE INDEX cases_by_opened_at ON cases (account_id, opened_at); -- every report window
CREATE INDEX cases_by_changed_xid ON cases (account_id, changed_xid); -- sync, and a report on top of the copy
CREATE INDEX cases_by_lead ON cases (account_id, lead) WHERE lead IS NOT NULL;

CREATE TABLE cases_history (LIKE cases);
ALTER TABLE cases ADD COLUMN digests bigint[];
COMMENT ON COLUMN cases.digests IS
    'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those'
    ' of one observation.';
ALTER TABLE cases_history
    ADD COLUMN superseded_at timestamptz NOT NULL,
    ADD CONSTRAINT cases_history_was_believed CHECK (superseded_at > recorded_at),
    -- One version at any moment: the key, then the moment we learned it.
    ADD PRIMARY KEY (account_id, external_id, recorded_at);

DO $$
DECLARE
    owned text;
BEGIN
    EXECUTE (
        SELECT format(
            'CREATE VIEW cases_versions WITH (security_invoker = true) AS'
            ' SELECT %1$s, timestamptz ''infinity'' AS superseded_at FROM cases'
            ' UNION ALL SELECT %1$s, superseded_at FROM cases_history',
            string_agg(quote_ident(c.attname), ', ' ORDER BY c.attnum)
        )
        FROM pg_attribute c
        JOIN pg_attribute h ON h.attrelid = 'cases_history'::regclass AND h.attname = c.attname
        WHERE c.attrelid = 'cases'::regclass AND c.attnum > 0 AND NOT c.attisdropped
    );
    FOREACH owned IN ARRAY ARRAY['cases', 'cases_history'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
        EXECUTE format('GRANT SELECT, INSERT ON %I TO calltally_service', owned);
        -- As in 0020: all rows of a table may belong to one account.
        EXECUTE format('ALTER TABLE %I ALTER COLUMN account_id SET STATISTICS 0', owned);
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;
GRANT UPDATE ON cases TO calltally_service;
GRANT UPDATE (agent) ON cases_history TO calltally_service;
GRANT SELECT ON cases_versions TO calltally_service;

-- As before, with the agents of offers, waits and cases.
CREATE OR REPLACE FUNCTION replace_agents(account integer, codes text[], replacements text[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    place record;
    changes text;
    holds text;
BEGIN
    FOR place IN SELECT * FROM (VALUES
        ('attempts', ARRAY['dialer', 'external_id'], ARRAY['agent', 'disposition_agent'], ARRAY['participants', 'outcomes', 'shares']),
        ('inbound_calls', ARRAY['dialer', 'external_id'], ARRAY['agent', 'disposition_agent'], ARRAY['participants', 'outcomes', 'shares', 'offers', 'segments']),
        ('dispositions', ARRAY['dialer', 'attempt', 'set_at', 'listed'], ARRAY['agent'], '{}'::text[]),
        ('agent_states', ARRAY['agent', 'from_at'], ARRAY['agent'], '{}'),
        ('appointments', ARRAY['external_id'], ARRAY['agent'], '{}'),
        ('follow_ups', ARRAY['external_id'], ARRAY['agent'], '{}'),
        ('cases', ARRAY['external_id'], ARRAY['agent'], '{}'),
        ('leads', ARRAY['external_id'], ARRAY['owner'], '{}'),
        ('tracking_number_assignments', ARRAY['number', 'from_at'], ARRAY['agent'], '{}'),
        ('agents', ARRAY['code'], ARRAY['code', 'merged_into'], '{}')
    ) t (name, key, columns, lists)
    LOOP
        SELECT string_agg(c.change, ', '), string_agg(c.hold, ' OR ') INTO changes, holds
        FROM (
            SELECT
                format('%1$I = COALESCE((SELECT m.replacement FROM unnest($2, $3) m (code, replacement) WHERE m.code = v.%1$I), v.%1$I)', name) AS change,
                format('v.%I = ANY($2)', name) AS hold
            FROM unnest(place.columns) name
            UNION ALL
            SELECT
                format('%1$I = with_agents_replaced(v.%1$I, $2, $3)', name),
                format('EXISTS (SELECT FROM jsonb_array_elements(v.%I) e WHERE e->>''agent'' = ANY($2))', name)
            FROM unnest(place.lists) name
        ) c;
        EXECUTE format(
            'UPDATE %1$I t SET changed_xid = pg_current_xact_id() WHERE t.account_id = $1 AND EXISTS ('
            ' SELECT FROM %2$I v WHERE v.account_id = $1 AND %3$s AND (%4$s))',
            place.name,
            place.name || '_history',
            (SELECT string_agg(format('v.%1$I = t.%1$I', name), ' AND ') FROM unnest(place.key) name),
            holds
        ) USING account, codes;
        EXECUTE format('UPDATE %I v SET %s WHERE v.account_id = $1 AND (%s)', place.name || '_history', changes, holds)
        USING account, codes, replacements;
        EXECUTE format(
            'UPDATE %I v SET %s, changed_xid = pg_current_xact_id() WHERE v.account_id = $1 AND (%s)',
            place.name,
            changes,
            holds
        ) USING account, codes, replacements;
    END LOOP;
END $$;
