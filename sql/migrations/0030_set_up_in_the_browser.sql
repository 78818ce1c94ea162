-- Set up in the browser: another address or secret for a hook, the first steps of an account, and its demo floor.

-- A hook gets another address or secret, and keeps its settings and its counts.
GRANT UPDATE (token_sha256, secret) ON hooks TO calltally_service;
-- The page of a hook shows its latest deliveries.
CREATE INDEX deliveries_by_hook ON deliveries (account_id, hook, id);

-- Whether somebody has put the checklist of an account away.
CREATE TABLE first_steps (
    account_id integer PRIMARY KEY REFERENCES accounts,
    dismissed_at timestamptz
);
COMMENT ON COLUMN first_steps.dismissed_at IS 'Null: the checklist is shown again.';

CREATE TYPE demo_state AS ENUM ('filling', 'ready', 'failed');

-- The demo floor of an account: an account of its own with simulated calls. Removing it removes that account.
CREATE TABLE demo_floors (
    account_id integer PRIMARY KEY REFERENCES accounts,
    demo_account_id integer NOT NULL REFERENCES accounts,
    state demo_state NOT NULL DEFAULT 'filling',
    calls integer NOT NULL CHECK (calls >= 0),
    changed_at timestamptz NOT NULL DEFAULT now(),
    -- A demo belongs to one account, so that nobody else can remove it.
    CONSTRAINT demo_floor_of_one_account UNIQUE (demo_account_id)
);
COMMENT ON COLUMN demo_floors.demo_account_id IS 'The account with the simulated calls.';
COMMENT ON COLUMN demo_floors.calls IS 'How many calls the floor has once it is filled.';
COMMENT ON COLUMN demo_floors.changed_at IS 'A floor that is filling and has not changed for minutes was interrupted.';

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['first_steps', 'demo_floors'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON first_steps TO calltally_service;
GRANT SELECT, UPDATE (state, changed_at) ON demo_floors TO calltally_service;

-- Whether an account is a demo floor; runs as the owner, because it is asked before the account is known.
CREATE FUNCTION is_demo(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT EXISTS (SELECT FROM public.demo_floors d WHERE d.demo_account_id = wanted)
$$;

-- Whether an account has calls or leads of its own.
CREATE FUNCTION has_calls(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public
AS $$
    SELECT EXISTS (SELECT FROM public.attempts a WHERE a.account_id = wanted)
        OR EXISTS (SELECT FROM public.inbound_calls c WHERE c.account_id = wanted)
$$;

-- The service may make no account but the demo of one that has no calls; runs as the owner. Null: it may not have one.
CREATE FUNCTION make_demo_account(zone text, calls integer) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    WITH made AS (
        INSERT INTO public.accounts (code, name, zone, region, currency)
        SELECT 'demo-' || a.account_id, 'Demo floor', zone, 'US', 'USD'
        FROM public.accounts a
        WHERE a.account_id = public.current_account_id()
            AND NOT public.is_demo(a.account_id) AND NOT public.has_calls(a.account_id)
            AND NOT EXISTS (SELECT FROM public.demo_floors d WHERE d.account_id = a.account_id)
        RETURNING account_id
    )
    INSERT INTO public.demo_floors (account_id, demo_account_id, calls)
    SELECT public.current_account_id(), made.account_id, calls
    FROM made
    RETURNING demo_account_id
$$;

-- Ids for the rows of a demo floor; nobody else may take any until the transaction has ended. Runs as the owner.
CREATE FUNCTION take_demo_ids(attempts bigint, leads bigint)
RETURNS TABLE (last_attempt bigint, last_lead bigint, xid text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    IF NOT public.is_demo(public.current_account_id()) THEN
        RAISE EXCEPTION 'this account is no demo floor';
    END IF;
    LOCK TABLE public.attempts, public.leads IN SHARE ROW EXCLUSIVE MODE;
    RETURN QUERY SELECT
        setval('public.attempts_id_seq', nextval('public.attempts_id_seq') + attempts),
        setval('public.leads_id_seq', nextval('public.leads_id_seq') + leads),
        pg_current_xact_id()::text;
END
$$;

-- Remove the demo floor of an account with all its rows, those that others refer to last; runs as the owner.
CREATE FUNCTION remove_demo_account() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    demo integer;
    owned text;
BEGIN
    SELECT d.demo_account_id INTO demo
    FROM public.demo_floors d
    WHERE d.account_id = public.current_account_id()
    FOR UPDATE;
    IF demo IS NULL THEN
        RETURN false;
    END IF;
    FOR owned IN
        WITH RECURSIVE ranked (id, rank) AS (
            SELECT c.oid, 0
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                AND c.relname NOT IN ('accounts', 'audit_log')
            UNION
            SELECT f.confrelid, r.rank + 1
            FROM ranked r
            JOIN pg_constraint f ON f.contype = 'f' AND f.conrelid = r.id AND f.confrelid <> f.conrelid
            WHERE f.confrelid <> 'public.accounts'::regclass
        )
        SELECT r.id::regclass::text FROM ranked r GROUP BY r.id ORDER BY max(r.rank), 1
    LOOP
        EXECUTE format('DELETE FROM %s WHERE account_id = $1', owned) USING demo;
    END LOOP;
    -- The removal of other rows may write entries into the log of the account: it goes last.
    IF to_regclass('public.audit_log') IS NOT NULL THEN
        EXECUTE 'DELETE FROM public.audit_log WHERE account_id = $1' USING demo;
    END IF;
    DELETE FROM public.demo_floors d WHERE d.demo_account_id = demo;
    DELETE FROM public.accounts a WHERE a.account_id = demo;
    RETURN true;
END
$$;

DO $$
DECLARE
    called text;
BEGIN
    FOREACH called IN ARRAY ARRAY[
        'is_demo(integer)', 'has_calls(integer)', 'make_demo_account(text, integer)', 'take_demo_ids(bigint, bigint)',
        'remove_demo_account()'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO calltally_service', called);
    END LOOP;
END $$;
