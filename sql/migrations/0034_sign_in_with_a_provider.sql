-- Domains of e-mail addresses that join an account by signing in with the identity provider of the installation.

CREATE TABLE sign_in_domains (
    account_id integer NOT NULL REFERENCES accounts,
    domain text COLLATE "C" NOT NULL,
    role user_role NOT NULL,
    PRIMARY KEY (account_id, domain),
    -- A person joins one account. It is found by the domain before it is known.
    CONSTRAINT domain_joins_elsewhere UNIQUE (domain),
    -- Other roles need an invitation: they may change the account, or have limits of their own.
    CONSTRAINT domain_gives_a_reading_role CHECK (role IN ('analyst', 'marketer')),
    CONSTRAINT domain_is_small CHECK (domain = lower(domain))
);

-- The only way to read a domain before its account is known; runs as the owner, past row-level security.
CREATE FUNCTION find_sign_in_domain(wanted text) RETURNS TABLE (account_id integer, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT d.account_id, d.role::text FROM public.sign_in_domains d WHERE d.domain = wanted
$$;
REVOKE ALL ON FUNCTION find_sign_in_domain(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_sign_in_domain(text) TO calltally_service;

ALTER TABLE sign_in_domains ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_account ON sign_in_domains TO calltally_service
USING (account_id = (SELECT current_account_id()))
WITH CHECK (account_id = (SELECT current_account_id()));
GRANT SELECT, INSERT, DELETE ON sign_in_domains TO calltally_service;
CREATE TRIGGER audited AFTER INSERT OR DELETE ON sign_in_domains
FOR EACH ROW EXECUTE FUNCTION record_change(domain);

-- As in 0020: whatever ANALYZE finds, all rows of a table may belong to one account. For all tables that came since.
DO $$
DECLARE
    owned text;
BEGIN
    FOR owned IN
        SELECT c.relname
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attstattarget IS DISTINCT FROM 0
        ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN account_id SET STATISTICS 0', owned);
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;
