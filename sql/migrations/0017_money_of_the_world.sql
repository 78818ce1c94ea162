-- Money of any currency: larger amounts, and the exchange rates of each day.

-- Sixteen digits before the point and four behind it. No currency has more decimals, so nothing that is there changes.
DO $$
DECLARE
    place record;
    twin text;
    definition text;
BEGIN
    FOR place IN SELECT * FROM (VALUES
        ('stage_changes', ARRAY['amount', 'gross_profit'], 'numeric(20, 4)'),
        ('spend', ARRAY['amount'], 'numeric(20, 4)'),
        ('attempts', ARRAY['value'], 'numeric(20, 4)'),
        ('inbound_calls', ARRAY['value'], 'numeric(20, 4)'),
        -- A target may be an amount too.
        ('targets', ARRAY['value'], 'numeric(22, 6)')
    ) t (name, amounts, type)
    LOOP
        definition := pg_get_viewdef(format('%I', place.name || '_versions')::regclass);
        EXECUTE format('DROP VIEW %I', place.name || '_versions');
        FOREACH twin IN ARRAY ARRAY[place.name, place.name || '_history'] LOOP
            EXECUTE (
                SELECT format('ALTER TABLE %I ', twin)
                    || string_agg(format('ALTER COLUMN %I TYPE %s', amount, place.type), ', ')
                FROM unnest(place.amounts) amount
            );
        END LOOP;
        EXECUTE format('CREATE VIEW %I WITH (security_invoker = true) AS %s', place.name || '_versions', definition);
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', place.name || '_versions');
    END LOOP;
END $$;

-- Put like the rest of the configuration, with a history twin, versions and rights as every table of the ledger has.
CREATE TABLE exchange_rates (
    account_id integer NOT NULL REFERENCES accounts,
    base iso_currency NOT NULL,
    quote iso_currency NOT NULL,
    rate_on date NOT NULL,
    rate numeric(20, 10),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, base, quote, rate_on),
    CONSTRAINT rate_above_zero CHECK (rate > 0)
);
COMMENT ON COLUMN exchange_rates.rate IS 'How many units of quote one unit of base is worth; null once it was withdrawn.';
-- Sync, and a report on top of the copy, find what changed since the copy by its transaction.
CREATE INDEX exchange_rates_by_changed_xid ON exchange_rates (account_id, changed_xid);

CREATE TABLE exchange_rates_history (LIKE exchange_rates);
ALTER TABLE exchange_rates_history
    ADD COLUMN superseded_at timestamptz NOT NULL,
    ADD CONSTRAINT exchange_rates_history_was_believed CHECK (superseded_at > recorded_at),
    -- One version of a rate at any moment: its key, then the moment we learned it.
    ADD PRIMARY KEY (account_id, base, quote, rate_on, recorded_at);

CREATE VIEW exchange_rates_versions WITH (security_invoker = true) AS
SELECT *, timestamptz 'infinity' AS superseded_at FROM exchange_rates
UNION ALL
SELECT * FROM exchange_rates_history;

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['exchange_rates', 'exchange_rates_history'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
        -- As in 0002: until it is analyzed, a table is expected to hold the rows of one account.
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;

GRANT SELECT ON exchange_rates, exchange_rates_history, exchange_rates_versions TO calltally_service;
GRANT INSERT, UPDATE ON exchange_rates TO calltally_service;
GRANT INSERT ON exchange_rates_history TO calltally_service;
