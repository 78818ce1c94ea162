-- The settings of an account can change, and a tracking number can retire.

-- Who may change them is decided by the scope of a key; the account's own policy lets it see and change no other account.
GRANT UPDATE (name, zone, region, currency) ON accounts TO calltally_service;

ALTER TABLE tracking_numbers ADD COLUMN retired_at timestamptz;
ALTER TABLE tracking_numbers_history ADD COLUMN retired_at timestamptz;
COMMENT ON COLUMN tracking_numbers.retired_at IS 'From then on nobody has the number, whatever its assignments say.';

DO $$
BEGIN
    DROP VIEW tracking_numbers_versions;
    EXECUTE (
        SELECT format(
            'CREATE VIEW tracking_numbers_versions WITH (security_invoker = true) AS'
            ' SELECT %1$s, timestamptz ''infinity'' AS superseded_at FROM tracking_numbers'
            ' UNION ALL SELECT %1$s, superseded_at FROM tracking_numbers_history',
            string_agg(quote_ident(attname), ', ' ORDER BY attnum)
        )
        FROM pg_attribute
        WHERE attrelid = 'tracking_numbers'::regclass AND attnum > 0 AND NOT attisdropped
    );
    GRANT SELECT ON tracking_numbers_versions TO calltally_service;
END $$;
