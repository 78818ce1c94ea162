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

-- How soon calls should be answered ------------------------------------------------------------------------------------

-- A target of the service level may say within what time. As in 0021, the view has every column of both tables.
DROP VIEW targets_versions;
ALTER TABLE targets ADD COLUMN within_ms integer;
COMMENT ON COLUMN targets.within_ms IS 'For the service level: how soon a call should be answered; null for the usual time.';
ALTER TABLE targets_history ADD COLUMN within_ms integer;
CREATE VIEW targets_versions WITH (security_invoker = true) AS
SELECT
    account_id, metric, dimension, code, from_on, id, to_on, value, upper, within_ms, recorded_at, changed_xid,
    timestamptz 'infinity' AS superseded_at
FROM targets
UNION ALL
SELECT
    account_id, metric, dimension, code, from_on, id, to_on, value, upper, within_ms, recorded_at, changed_xid,
    superseded_at
FROM targets_history;
GRANT SELECT ON targets_versions TO calltally_service;
