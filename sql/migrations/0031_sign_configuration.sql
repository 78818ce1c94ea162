-- Who changed the configuration and when, the earlier settings of an account, and names that are no spellings of each other.

-- The author of one version of one configured item. A version without an author came with a call, a lead or a file.
CREATE TABLE configuration_edits (
    account_id integer NOT NULL REFERENCES accounts,
    -- The place of the item under /v1, such as campaigns.
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    -- The moment of the version, as in the item's own table and its history.
    recorded_at timestamptz NOT NULL,
    author text COLLATE "C",
    -- A version has one author.
    PRIMARY KEY (account_id, kind, key, recorded_at)
);
COMMENT ON COLUMN configuration_edits.author IS 'The prefix of an API key, or user: and the id of a person; null for a command.';

CREATE TABLE accounts_history (
    account_id integer NOT NULL REFERENCES accounts,
    name text NOT NULL,
    zone text NOT NULL,
    region iso_country NOT NULL,
    currency iso_currency NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    CONSTRAINT accounts_history_was_believed CHECK (superseded_at > recorded_at),
    -- One version of the settings at any moment.
    PRIMARY KEY (account_id, recorded_at)
);
GRANT UPDATE (recorded_at) ON accounts TO calltally_service;

-- Two names that look alike and are not the same: pages propose no merge of them.
CREATE TABLE different_names (
    account_id integer NOT NULL REFERENCES accounts,
    kind text COLLATE "C" NOT NULL,
    code code NOT NULL,
    other_code code NOT NULL,
    recorded_at timestamptz DEFAULT now() NOT NULL,
    author text COLLATE "C",
    -- A pair is stored once, in the order of its codes.
    PRIMARY KEY (account_id, kind, code, other_code)
);

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['configuration_edits', 'accounts_history', 'different_names'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
        EXECUTE format('GRANT SELECT, INSERT ON %I TO calltally_service', owned);
        -- As in 0020: whatever ANALYZE finds, all rows of a table may belong to one account.
        EXECUTE format('ALTER TABLE %I ALTER COLUMN account_id SET STATISTICS 0', owned);
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;

GRANT DELETE ON different_names TO calltally_service;
