-- Corrections arrive: rows know their observations, a disposition may be corrected, an import has a time.

-- What a row has been made of -------------------------------------------------------------------------------------------

DO $$
DECLARE
    fact text;
BEGIN
    FOREACH fact IN ARRAY ARRAY[
        'leads', 'attempts', 'inbound_calls', 'dispositions', 'appointments', 'follow_ups', 'stage_changes', 'spend',
        'agent_states'
    ]
    LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN digests bigint[]', fact);
        EXECUTE format(
            'COMMENT ON COLUMN %I.digests IS %L',
            fact,
            'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are'
            ' those of one observation.'
        );
    END LOOP;
END $$;

-- One disposition of one moment -----------------------------------------------------------------------------------------

-- A disposition with another code for the same moment corrects the first. A list of outcomes has several of one moment.
ALTER TABLE dispositions ADD COLUMN listed text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE dispositions_history ADD COLUMN listed text COLLATE "C" NOT NULL DEFAULT '';
COMMENT ON COLUMN dispositions.listed IS
    'The code of an outcome in a list, which may hold several of one moment; empty for a disposition on its own.';

-- Of several codes for one moment, nobody knows any more which came last. The call's own stands, the others stay too.
UPDATE dispositions d
SET listed = d.code
FROM attempts a
WHERE a.account_id = d.account_id AND a.dialer = d.dialer AND a.external_id = d.attempt
    AND (
        a.outcomes IS NOT NULL
        OR EXISTS (
            SELECT FROM dispositions o
            WHERE o.account_id = d.account_id AND o.dialer = d.dialer AND o.attempt = d.attempt AND o.set_at = d.set_at
                AND o.code <> d.code
                AND (o.code = a.disposition OR d.code <> COALESCE(a.disposition, '') AND o.code > d.code)
        )
    );
UPDATE dispositions_history h
SET listed = d.listed
FROM dispositions d
WHERE d.account_id = h.account_id AND d.dialer = h.dialer AND d.attempt = h.attempt AND d.set_at = h.set_at
    AND d.code = h.code AND d.listed <> h.listed;

ALTER TABLE dispositions
    DROP CONSTRAINT dispositions_pkey,
    ADD PRIMARY KEY (account_id, dialer, attempt, set_at, listed);
ALTER TABLE dispositions_history
    DROP CONSTRAINT dispositions_history_pkey,
    ADD PRIMARY KEY (account_id, dialer, attempt, set_at, listed, recorded_at);

DROP VIEW dispositions_versions;
CREATE VIEW dispositions_versions WITH (security_invoker = true) AS
    SELECT
        account_id, dialer, attempt, set_at, listed, code, agent, callback_at, note, observed_at, stamps, recorded_at,
        changed_xid, 'infinity'::timestamptz AS superseded_at
    FROM dispositions
    UNION ALL
    SELECT
        account_id, dialer, attempt, set_at, listed, code, agent, callback_at, note, observed_at, stamps, recorded_at,
        changed_xid, superseded_at
    FROM dispositions_history;
GRANT SELECT ON dispositions_versions TO calltally_service;

-- As before, with the new key of dispositions.
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
        ('inbound_calls', ARRAY['dialer', 'external_id'], ARRAY['agent', 'disposition_agent'], ARRAY['participants', 'outcomes', 'shares']),
        ('dispositions', ARRAY['dialer', 'attempt', 'set_at', 'listed'], ARRAY['agent'], '{}'::text[]),
        ('agent_states', ARRAY['agent', 'from_at'], ARRAY['agent'], '{}'),
        ('appointments', ARRAY['external_id'], ARRAY['agent'], '{}'),
        ('follow_ups', ARRAY['external_id'], ARRAY['agent'], '{}'),
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

-- The time of an import -------------------------------------------------------------------------------------------------

ALTER TABLE import_runs ADD COLUMN observed_at timestamptz;
COMMENT ON COLUMN import_runs.observed_at IS 'When the file knew its rows; the same file again is no newer observation.';
