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
