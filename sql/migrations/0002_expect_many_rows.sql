-- Until a table is analyzed for the first time PostgreSQL expects one row of each account in it, and merges a batch by
-- comparing each of its items with every row of the account: a day's calls sent to a new ledger would take minutes.
-- So each table starts with the expectation that all its rows belong to one account, which makes the key the way to a
-- row. The first ANALYZE, by autovacuum, puts what it finds in its place.

DO $$
DECLARE
    owned text;
BEGIN
    FOR owned IN
        SELECT c.relname
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.reltuples < 0
    LOOP
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;
