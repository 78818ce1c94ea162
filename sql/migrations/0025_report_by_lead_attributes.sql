-- By which attributes of its leads an account reports: industry, company size, age band.
--
-- Put like calendars and targets, with a history twin, versions and rights as every table of the ledger has.

CREATE TABLE lead_attributes (
    account_id integer NOT NULL REFERENCES accounts,
    name code NOT NULL,
    title text COLLATE "C",
    allowed jsonb,
    bands jsonb,
    fewest_leads integer NOT NULL CHECK (fewest_leads >= 2),
    reported boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, name),
    CONSTRAINT attribute_has_values_or_bands CHECK (allowed IS NULL OR bands IS NULL)
);
COMMENT ON COLUMN lead_attributes.name IS 'Its key in the attributes of a lead.';
COMMENT ON COLUMN lead_attributes.allowed IS 'The values that reports show, in their order. Null: any text.';
COMMENT ON COLUMN lead_attributes.bands IS 'The lower ends of the bands of a number, in order.';
COMMENT ON COLUMN lead_attributes.fewest_leads IS 'Reports withhold numbers about fewer leads of a value.';
COMMENT ON COLUMN lead_attributes.reported IS 'False once it was withdrawn.';

CREATE TABLE lead_attributes_history (LIKE lead_attributes);
ALTER TABLE lead_attributes_history
    ADD COLUMN superseded_at timestamptz NOT NULL,
    ADD CONSTRAINT lead_attributes_history_was_believed CHECK (superseded_at > recorded_at),
    -- One version of a declaration at any moment: its key, then the moment we learned it.
    ADD PRIMARY KEY (account_id, name, recorded_at);
CREATE VIEW lead_attributes_versions WITH (security_invoker = true) AS
SELECT *, timestamptz 'infinity' AS superseded_at FROM lead_attributes
UNION ALL
SELECT * FROM lead_attributes_history;

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['lead_attributes', 'lead_attributes_history'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', owned);
        -- As in 0020: whatever ANALYZE finds, all rows of a table may belong to one account.
        EXECUTE format('ALTER TABLE %I ALTER COLUMN account_id SET STATISTICS 0', owned);
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;

GRANT SELECT ON lead_attributes_versions TO calltally_service;
GRANT INSERT, UPDATE ON lead_attributes TO calltally_service;
GRANT INSERT ON lead_attributes_history TO calltally_service;
