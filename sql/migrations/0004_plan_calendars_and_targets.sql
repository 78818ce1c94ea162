-- What an account plans: when its teams work, and which numbers they aim at.
--
-- Put like campaigns and agents, with history twins, versions and rights as every table of the ledger has.

CREATE TABLE calendars (
    account_id integer NOT NULL REFERENCES accounts,
    team code NOT NULL,
    zone text NOT NULL,
    hours jsonb NOT NULL,
    holidays jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, team)
);
COMMENT ON COLUMN calendars.team IS 'The team of agents; default is the calendar of every team that has none.';
COMMENT ON COLUMN calendars.hours IS 'monday to sunday, each a list in order, such as ["09:00-12:30", "13:00-24:00"].';
COMMENT ON COLUMN calendars.holidays IS 'In order: on, name, and the hours of that day in place of its weekday''s.';

CREATE TABLE targets (
    account_id integer NOT NULL REFERENCES accounts,
    metric code NOT NULL,
    dimension text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    from_on date NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    to_on date,
    value numeric(18, 6),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, metric, dimension, code, from_on),
    CONSTRAINT target_ends_after_it_starts CHECK (to_on >= from_on)
);
COMMENT ON COLUMN targets.dimension IS 'What the code is one of: campaign, agent and so on. Empty, as the code is, for the whole account.';
COMMENT ON COLUMN targets.from_on IS '-infinity for a target that has always been one.';
COMMENT ON COLUMN targets.to_on IS 'Its last day; null until further notice, or until the next target of the same starts.';
COMMENT ON COLUMN targets.value IS 'In the unit of the metric; null once it was withdrawn.';

CREATE TABLE calendars_history (LIKE calendars);
CREATE TABLE targets_history (LIKE targets);

DO $$
DECLARE
    kept text;
    key text;
    owned text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['calendars', 'targets'] LOOP
        SELECT pg_get_constraintdef(oid) INTO key FROM pg_constraint WHERE conrelid = kept::regclass AND contype = 'p';
        EXECUTE format('ALTER TABLE %I ADD COLUMN superseded_at timestamptz NOT NULL', kept || '_history');
        EXECUTE format(
            'ALTER TABLE %I ADD CONSTRAINT %I CHECK (superseded_at > recorded_at)',
            kept || '_history', kept || '_history_was_believed'
        );
        -- One version of a thing at any moment: its key, then the moment we learned it.
        EXECUTE format('ALTER TABLE %I ADD %s', kept || '_history', replace(key, ')', ', recorded_at)'));
        EXECUTE format(
            'CREATE VIEW %I WITH (security_invoker = true) AS'
            ' SELECT *, timestamptz ''infinity'' AS superseded_at FROM %I UNION ALL SELECT * FROM %I',
            kept || '_versions', kept, kept || '_history'
        );
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', kept || '_versions');
        FOREACH owned IN ARRAY ARRAY[kept, kept || '_history'] LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
            EXECUTE format(
                'CREATE POLICY own_account ON %I TO calltally_service'
                ' USING (account_id = (SELECT current_account_id()))'
                ' WITH CHECK (account_id = (SELECT current_account_id()))',
                owned
            );
            EXECUTE format('GRANT SELECT ON %I TO calltally_service', owned);
            -- As in 0002: until it is analyzed, a table is expected to hold the rows of one account.
            PERFORM pg_restore_attribute_stats(
                'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
                'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
            );
        END LOOP;
    END LOOP;
END $$;

GRANT INSERT, UPDATE ON calendars, targets TO calltally_service;
GRANT INSERT ON calendars_history, targets_history TO calltally_service;
