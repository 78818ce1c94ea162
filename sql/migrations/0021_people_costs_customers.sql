-- People, costs and customers: planned states of agents, employment, running costs, and the customers that leads became.

CREATE TYPE planned_activity AS ENUM ('work', 'break', 'training', 'meeting', 'off');
CREATE TYPE value_period AS ENUM ('month', 'sale');

CREATE TABLE schedules (
    account_id integer NOT NULL REFERENCES accounts,
    agent code NOT NULL,
    from_at timestamptz NOT NULL,
    activity planned_activity,
    to_at timestamptz,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, agent, from_at)
);

-- One row per employment: a person who comes back, or moves to another team, has another.
CREATE TABLE staff (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    agent code,
    team code,
    manager code,
    joined_on date,
    left_on date,
    voluntary boolean,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN staff.left_on IS 'The last day of the employment.';

CREATE TABLE running_costs (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    team code,
    overhead boolean,
    from_on date,
    to_on date,
    amount numeric(20, 4),
    currency iso_currency,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN running_costs.team IS 'Null: a cost of all teams.';

-- One row per contract or sale: a customer may have several.
CREATE TABLE customers (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    customer code,
    lead code,
    since_on date,
    until_on date,
    reason text COLLATE "C",
    value numeric(20, 4),
    gross_profit numeric(20, 4),
    value_per value_period,
    currency iso_currency,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN customers.customer IS 'Null: the customer has no other row, and its external_id names it.';
COMMENT ON COLUMN customers.until_on IS 'The last day as a customer under this contract.';
-- An erasure empties the reasons of a person, who is known by their leads.
CREATE INDEX customers_by_lead ON customers (account_id, lead) WHERE lead IS NOT NULL;

DO $$
DECLARE
    fact text;
    owned text;
    key text;
    columns text;
BEGIN
    FOREACH fact IN ARRAY ARRAY['schedules', 'staff', 'running_costs', 'customers'] LOOP
        -- Sync, and a report on top of the copy, find what changed since the copy by its transaction.
        EXECUTE format('CREATE INDEX %I ON %I (account_id, changed_xid)', fact || '_by_changed_xid', fact);

        -- A history twin with the versions that are no longer believed; its rows need no digests.
        key := CASE fact WHEN 'schedules' THEN 'agent, from_at' ELSE 'external_id' END;
        EXECUTE format('CREATE TABLE %I (LIKE %I)', fact || '_history', fact);
        EXECUTE format(
            'ALTER TABLE %1$I ADD COLUMN superseded_at timestamptz NOT NULL,'
            ' ADD CONSTRAINT %2$I CHECK (superseded_at > recorded_at),'
            ' ADD PRIMARY KEY (account_id, %3$s, recorded_at)',
            fact || '_history',
            fact || '_history_was_believed',
            key
        );
        SELECT string_agg(attname, ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = fact::regclass AND attnum > 0;
        EXECUTE format('ALTER TABLE %I ADD COLUMN digests bigint[]', fact);
        EXECUTE format(
            'COMMENT ON COLUMN %I.digests IS %L',
            fact,
            'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are'
            ' those of one observation.'
        );
        EXECUTE format(
            'CREATE VIEW %1$I WITH (security_invoker = true) AS'
            ' SELECT %2$s, timestamptz ''infinity'' AS superseded_at FROM %3$I'
            ' UNION ALL SELECT %2$s, superseded_at FROM %4$I',
            fact || '_versions',
            columns,
            fact,
            fact || '_history'
        );
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', fact || '_versions');
        EXECUTE format('GRANT INSERT, UPDATE ON %I TO calltally_service', fact);
        EXECUTE format('GRANT INSERT ON %I TO calltally_service', fact || '_history');

        FOREACH owned IN ARRAY ARRAY[fact, fact || '_history'] LOOP
            EXECUTE format('GRANT SELECT ON %I TO calltally_service', owned);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
            EXECUTE format(
                'CREATE POLICY own_account ON %I TO calltally_service'
                ' USING (account_id = (SELECT current_account_id()))'
                ' WITH CHECK (account_id = (SELECT current_account_id()))',
                owned
            );
            -- As in 0020: whatever ANALYZE finds, all rows of a table may belong to one account.
            EXECUTE format('ALTER TABLE %I ALTER COLUMN account_id SET STATISTICS 0', owned);
            PERFORM pg_restore_attribute_stats(
                'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
                'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
            );
        END LOOP;
    END LOOP;
END $$;

-- Erasing a person --------------------------------------------------------------------------------------------------

ALTER TABLE erasures ADD COLUMN customers integer NOT NULL DEFAULT 0;
-- In a reason nothing is counted.
GRANT UPDATE (reason) ON customers_history TO calltally_service;

-- An erasure replaces codes of agents that tell a number, wherever an agent stands. Tables with a column `agent` are
-- found by it, so a later table needs no other version of this function.
CREATE OR REPLACE FUNCTION replace_agents(account integer, codes text[], replacements text[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    place record;
    changes text;
    holds text;
BEGIN
    FOR place IN
        SELECT
            c.relname AS name,
            (
                SELECT array_agg(a.attname::text)
                FROM pg_index i
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
                WHERE i.indrelid = c.oid AND i.indisprimary AND a.attname <> 'account_id'
            ) AS key,
            array_agg(a.attname::text) FILTER (WHERE a.atttypid <> 'jsonb'::regtype) AS columns,
            COALESCE(array_agg(a.attname::text) FILTER (WHERE a.atttypid = 'jsonb'::regtype), '{}') AS lists
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND to_regclass(c.relname || '_history') IS NOT NULL
            AND (
                a.attname IN ('agent', 'disposition_agent', 'owner', 'manager', 'evaluator')
                OR a.attname IN ('participants', 'outcomes', 'shares', 'offers', 'segments')
                OR c.relname = 'agents' AND a.attname IN ('code', 'merged_into')
            )
        GROUP BY c.oid, c.relname
        ORDER BY c.relname = 'agents', c.relname
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
GRANT UPDATE (agent) ON schedules_history, staff_history TO calltally_service;
GRANT UPDATE (manager) ON staff_history TO calltally_service;

-- The band of a metric ----------------------------------------------------------------------------------------------

-- A target of a metric with a band, such as occupancy, may be a band: from its value up to here.
DROP VIEW targets_versions;
ALTER TABLE targets
    ADD COLUMN upper numeric(22, 6),
    ADD CONSTRAINT band_ends_above_its_start CHECK (upper >= value);
COMMENT ON COLUMN targets.upper IS 'The upper end of a band, whose lower end is the value; null for a single value.';
ALTER TABLE targets_history ADD COLUMN upper numeric(22, 6);
CREATE VIEW targets_versions WITH (security_invoker = true) AS
SELECT
    account_id, metric, dimension, code, from_on, id, to_on, value, upper, recorded_at, changed_xid,
    timestamptz 'infinity' AS superseded_at
FROM targets
UNION ALL
SELECT
    account_id, metric, dimension, code, from_on, id, to_on, value, upper, recorded_at, changed_xid, superseded_at
FROM targets_history;
GRANT SELECT ON targets_versions TO calltally_service;
