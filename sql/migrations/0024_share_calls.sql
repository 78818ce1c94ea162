-- Coaching: calls that a manager shares with a team, with a note on what is good about them.

CREATE TABLE shared_calls (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    dialer code,
    call code,
    team code,
    manager code,
    note text,
    shared_at timestamptz,
    withdrawn_at timestamptz,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN shared_calls.team IS 'The team that the call is shared with; its agent may be of another team.';
-- An erasure finds the notes on the calls of a person.
CREATE INDEX shared_calls_by_call ON shared_calls (account_id, dialer, call) WHERE call IS NOT NULL;

-- What every table of facts has: versions, digests of its observations, rights, and ways to what changed.
DO $$
DECLARE
    fact text;
    owned text;
BEGIN
    FOREACH fact IN ARRAY ARRAY['shared_calls'] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I)', fact || '_history', fact);
        EXECUTE format(
            'ALTER TABLE %I ADD COLUMN superseded_at timestamptz NOT NULL,'
            ' ADD CONSTRAINT %I CHECK (superseded_at > recorded_at), ADD %s',
            fact || '_history',
            fact || '_history_was_believed',
            (
                SELECT replace(pg_get_constraintdef(c.oid), ')', ', recorded_at)')
                FROM pg_constraint c
                WHERE c.conrelid = fact::regclass AND c.contype = 'p'
            )
        );
        EXECUTE format(
            'CREATE VIEW %I WITH (security_invoker = true) AS'
            ' SELECT *, timestamptz ''infinity'' AS superseded_at FROM %I UNION ALL SELECT * FROM %I',
            fact || '_versions', fact, fact || '_history'
        );
        EXECUTE format('ALTER TABLE %I ADD COLUMN digests bigint[]', fact);
        EXECUTE format(
            'COMMENT ON COLUMN %I.digests IS %L',
            fact,
            'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are'
            ' those of one observation.'
        );
        -- Sync, and a report on top of the copy, find what changed since the copy by its transaction.
        EXECUTE format('CREATE INDEX %I ON %I (account_id, changed_xid)', fact || '_by_changed_xid', fact);
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', fact || '_versions');
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO calltally_service', fact);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO calltally_service', fact || '_history');
        FOREACH owned IN ARRAY ARRAY[fact, fact || '_history'] LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
            EXECUTE format(
                'CREATE POLICY own_account ON %I TO calltally_service'
                ' USING (account_id = (SELECT current_account_id()))'
                ' WITH CHECK (account_id = (SELECT current_account_id()))',
                owned
            );
            -- As in 0020: all rows of a table may belong to one account.
            EXECUTE format('ALTER TABLE %I ALTER COLUMN account_id SET STATISTICS 0', owned);
            PERFORM pg_restore_attribute_stats(
                'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
                'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
            );
        END LOOP;
    END LOOP;
END $$;

-- Notes are words about people. An erasure empties them, and replaces a manager who is a number.
GRANT UPDATE (note, manager) ON shared_calls_history TO calltally_service;
