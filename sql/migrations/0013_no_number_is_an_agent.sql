-- No phone number is an agent; calls that turn out to be an erased person's are emptied; talks that last too long.

-- When a call's note or contact is gone, nothing was ever said of them.
CREATE FUNCTION stamps_without_words(stamps jsonb, note text, contact text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN NULLIF(stamps - array_remove(ARRAY[
    CASE WHEN note IS NULL THEN 'note' END,
    CASE WHEN contact IS NULL THEN 'contact' END
], NULL), '{}');

-- The calls of a lead that turns out to be erased.
CREATE INDEX inbound_calls_by_lead ON inbound_calls (account_id, lead);

COMMENT ON COLUMN deliveries.body IS
    'As it came, without secrets; null, as query and headers are, where a hook stored too much that day or a person in it'
    ' was erased.';
COMMENT ON COLUMN deliveries.said IS
    'The items that were taken from it; null where there were none, or a person in it was erased.';

-- Talks that last longer than two hours, or longer than their call: somebody should see whether a hang-up is missing.
CREATE INDEX attempts_talking_too_long ON attempts (account_id, recorded_at)
    WHERE talk_ms > 7200000 OR talk_ms * interval '1 millisecond' > ended_at - dialed_at + interval '2 seconds';
CREATE INDEX inbound_calls_talking_too_long ON inbound_calls (account_id, recorded_at)
    WHERE talk_ms > 7200000 OR talk_ms * interval '1 millisecond' > ended_at - arrived_at + interval '2 seconds';

-- Erasing a person in the codes of agents ------------------------------------------------------------------------------

-- Agents in the parts or outcomes of a call, with other codes in place of some.
CREATE FUNCTION with_agents_replaced(entries jsonb, codes text[], replacements text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT jsonb_agg(
        CASE WHEN m.code IS NULL THEN e.entry ELSE e.entry || jsonb_build_object('agent', m.replacement) END
        ORDER BY e.place
    )
    FROM jsonb_array_elements(entries) WITH ORDINALITY e (entry, place)
    LEFT JOIN unnest(codes, replacements) m (code, replacement) ON m.code = e.entry->>'agent'
);

-- Puts other codes in place of the codes of some agents, in every version of everything. Its caller has the account's lock
-- alone. Runs with the rights of its caller, so under row-level security.
CREATE FUNCTION replace_agents(account integer, codes text[], replacements text[]) RETURNS void
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
        ('dispositions', ARRAY['dialer', 'attempt', 'set_at', 'code'], ARRAY['agent'], '{}'::text[]),
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

ALTER TABLE erasures ADD COLUMN agents integer NOT NULL DEFAULT 0;

-- What an erasure changes in history beside what it empties.
GRANT UPDATE (agent, disposition_agent, participants, outcomes, shares) ON attempts_history, inbound_calls_history
    TO calltally_service;
GRANT UPDATE (agent) ON
    dispositions_history, agent_states_history, appointments_history, follow_ups_history, tracking_number_assignments_history
    TO calltally_service;
GRANT UPDATE (owner) ON leads_history TO calltally_service;
GRANT UPDATE (code, merged_into) ON agents_history TO calltally_service;

-- Cleaning what is there -----------------------------------------------------------------------------------------------

-- As service/ingest/agents.py says which codes are numbers. A number that was merged into an agent becomes that agent.
CREATE FUNCTION pg_temp.is_number(agent text, one text DEFAULT NULL, other text DEFAULT NULL) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT w.written ~ '^([+][0-9]{7,15}|00[1-9][0-9]{9,13})$'
        OR regexp_replace(u.name, '[ -]', '', 'g') ~ '^[(][0-9]{2,5}[)][0-9]{5,12}$'
        OR w.written ~ '^[0-9]{7,15}$' AND EXISTS (
            SELECT FROM unnest(ARRAY[one, other]) n (number)
            WHERE n.number ~ '^[+][0-9]{7,15}$' AND length(ltrim(w.written, '0')) >= 7
                AND right(n.number, length(ltrim(w.written, '0'))) = ltrim(w.written, '0')
                AND length(n.number) - 1 - length(ltrim(w.written, '0')) BETWEEN 0 AND 3
        )
    FROM (
        SELECT split_part(split_part(
            regexp_replace(btrim(split_part(regexp_replace(agent, '^.*<', ''), '>', 1)), '^(sips?|tel):', '', 'i'), '@', 1
        ), ';', 1) AS name
    ) u
    CROSS JOIN LATERAL (SELECT regexp_replace(u.name, '[ ().-]', '', 'g') AS written) w
$$;
CREATE FUNCTION pg_temp.agent_of(account integer, agent text, one text DEFAULT NULL, other text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT pg_temp.is_number(agent, one, other) THEN agent ELSE (
        SELECT a.merged_into::text FROM public.agents a
        WHERE a.account_id = account AND a.code = agent AND NOT pg_temp.is_number(a.merged_into::text)
    ) END
$$;
-- An entry whose agent is a number goes where it is a part of the call, and loses its agent where it is an outcome.
CREATE FUNCTION pg_temp.entries_of(account integer, entries jsonb, outcomes boolean, one text, other text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN outcomes AND jsonb_array_length(entries) = 0 THEN entries ELSE (
        SELECT jsonb_agg(
            CASE WHEN a.agent IS NULL THEN e.entry - 'agent' ELSE e.entry || jsonb_build_object('agent', a.agent) END
            ORDER BY e.place
        )
        FROM jsonb_array_elements(entries) WITH ORDINALITY e (entry, place)
        CROSS JOIN LATERAL (SELECT pg_temp.agent_of(account, e.entry->>'agent', one, other) AS agent) a
        WHERE outcomes OR a.agent IS NOT NULL
    ) END
$$;

CREATE TEMPORARY TABLE cleaned (account_id integer, dialer text, external_id text, agent text) ON COMMIT DROP;

DO $$
DECLARE
    calls text;
    twin text;
BEGIN
    FOREACH calls IN ARRAY ARRAY['attempts', 'inbound_calls'] LOOP
        FOREACH twin IN ARRAY ARRAY[calls || '_history', calls] LOOP
            EXECUTE format(
                'WITH changed AS MATERIALIZED ('
                '   SELECT t.ctid AS place, t.account_id, t.dialer, t.external_id, t.agent AS was, t.disposition_agent AS chose, n.*'
                '   FROM %1$I t'
                '   CROSS JOIN LATERAL (SELECT'
                '     pg_temp.agent_of(t.account_id, t.agent, t.to_number, t.from_number) AS agent,'
                '     pg_temp.agent_of(t.account_id, t.disposition_agent, t.to_number, t.from_number) AS disposition_agent,'
                '     pg_temp.entries_of(t.account_id, t.participants, false, t.to_number, t.from_number) AS participants,'
                '     pg_temp.entries_of(t.account_id, t.shares, false, t.to_number, t.from_number) AS shares,'
                '     pg_temp.entries_of(t.account_id, t.outcomes, true, t.to_number, t.from_number) AS outcomes'
                '   ) n'
                '   WHERE concat_ws('' '', t.agent, t.disposition_agent, t.participants, t.outcomes)'
                '       ~ ''[0-9]([ ().-]*[0-9]){6}'' AND'
                '     (n.agent, n.disposition_agent, n.participants, n.shares, n.outcomes) IS DISTINCT FROM'
                '     (t.agent::text, t.disposition_agent::text, t.participants, t.shares, t.outcomes)'
                '), noted AS ('
                '   INSERT INTO cleaned SELECT account_id, dialer, external_id, unnest(ARRAY[was, chose]::text[]) FROM changed'
                ')'
                'UPDATE %1$I t SET agent = c.agent, disposition_agent = c.disposition_agent, participants = c.participants,'
                '   shares = c.shares, outcomes = c.outcomes'
                '   %2$s FROM changed c WHERE t.ctid = c.place',
                twin,
                CASE WHEN twin = calls THEN
                    ', stamps = NULLIF(t.stamps - CASE WHEN c.agent IS NULL THEN ''agent'' ELSE '''' END, ''{}'')'
                END
            );
        END LOOP;
        EXECUTE format(
            'UPDATE %I t SET changed_xid = pg_current_xact_id() FROM (SELECT DISTINCT account_id, dialer, external_id FROM cleaned) c'
            ' WHERE t.account_id = c.account_id AND t.dialer = c.dialer AND t.external_id = c.external_id',
            calls
        );
    END LOOP;
END $$;

-- The outcomes of attempts, by the numbers of their attempts too.
UPDATE dispositions_history d
SET agent = pg_temp.agent_of(d.account_id, d.agent, a.to_number, a.from_number)
FROM attempts a
WHERE a.account_id = d.account_id AND a.dialer = d.dialer AND a.external_id = d.attempt
    AND pg_temp.is_number(d.agent, a.to_number, a.from_number);
UPDATE dispositions d
SET agent = pg_temp.agent_of(d.account_id, d.agent, a.to_number, a.from_number),
    stamps = NULLIF(d.stamps - 'agent', '{}'),
    changed_xid = pg_current_xact_id()
FROM attempts a
WHERE a.account_id = d.account_id AND a.dialer = d.dialer AND a.external_id = d.attempt
    AND pg_temp.is_number(d.agent, a.to_number, a.from_number);

DO $$
DECLARE
    place record;
BEGIN
    FOR place IN SELECT * FROM (VALUES
        ('appointments', 'agent'), ('follow_ups', 'agent'), ('leads', 'owner'), ('tracking_number_assignments', 'agent'),
        ('agents', 'merged_into')
    ) t (name, col)
    LOOP
        EXECUTE format(
            'UPDATE %1$I t SET %2$I = pg_temp.agent_of(t.account_id, t.%2$I) WHERE pg_temp.is_number(t.%2$I)',
            place.name || '_history', place.col
        );
        EXECUTE format(
            'UPDATE %1$I t SET %2$I = pg_temp.agent_of(t.account_id, t.%2$I), changed_xid = pg_current_xact_id()'
            ' WHERE pg_temp.is_number(t.%2$I)',
            place.name, place.col
        );
    END LOOP;
END $$;

-- The state of a number is nobody's.
DELETE FROM agent_states_history WHERE pg_temp.is_number(agent);
DELETE FROM agent_states WHERE pg_temp.is_number(agent);
DELETE FROM agents_history WHERE pg_temp.is_number(code);
DELETE FROM agents WHERE pg_temp.is_number(code);
-- Bare digits that were the numbers of their own calls, and are nobody else's code.
DELETE FROM agents a
WHERE NOT a.confirmed
    AND EXISTS (
        SELECT FROM cleaned c
        WHERE c.account_id = a.account_id AND c.agent = a.code AND c.agent ~ '[0-9]{7}'
    )
    AND NOT EXISTS (SELECT FROM attempts t WHERE t.account_id = a.account_id AND a.code IN (t.agent, t.disposition_agent))
    AND NOT EXISTS (SELECT FROM inbound_calls t WHERE t.account_id = a.account_id AND a.code IN (t.agent, t.disposition_agent))
    AND NOT EXISTS (SELECT FROM dispositions t WHERE t.account_id = a.account_id AND t.agent = a.code)
    AND NOT EXISTS (SELECT FROM agent_states t WHERE t.account_id = a.account_id AND t.agent = a.code)
    AND NOT EXISTS (SELECT FROM leads t WHERE t.account_id = a.account_id AND t.owner = a.code);
DELETE FROM agents_history h
WHERE NOT EXISTS (SELECT FROM agents a WHERE a.account_id = h.account_id AND a.code = h.code);
