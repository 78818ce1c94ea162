-- An account that is new, or small beside the others, is not in the statistics of a table, so PostgreSQL expects one row
-- of it. It then takes any index that begins with the account, and compares each call of a batch with every lead of the
-- account: a file of a day would take minutes. So the expectation of 0002 stays, whatever ANALYZE finds: all rows of a
-- table may belong to one account, which makes the key the way to a row.

DO $$
DECLARE
    owned text;
BEGIN
    FOR owned IN
        SELECT c.relname
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE public.%I ALTER COLUMN account_id SET STATISTICS 0', owned);
        PERFORM pg_clear_attribute_stats('public', owned, 'account_id', false);
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;
