-- Sessions: whoever has signed in to the pages with an API key. What a session may see is what its key may, now.

CREATE TABLE sessions (
    account_id integer NOT NULL REFERENCES accounts,
    id bigint GENERATED ALWAYS AS IDENTITY,
    token_sha256 bytea NOT NULL,
    key_prefix text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, key_prefix) REFERENCES api_keys,
    -- A session is found by its token before its account is known.
    CONSTRAINT session_token_taken UNIQUE (token_sha256)
);

-- The only way to read a session before its account is known; runs as the owner, past row-level security.
CREATE FUNCTION find_session(wanted bytea)
RETURNS TABLE (account_id integer, id bigint, key_prefix text, scopes text[], dialer text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT s.account_id, s.id, s.key_prefix, k.scopes::text[], k.dialer
    FROM public.sessions s
    JOIN public.api_keys k ON k.account_id = s.account_id AND k.prefix = s.key_prefix
    WHERE s.token_sha256 = wanted AND s.ended_at IS NULL AND s.expires_at > now()
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
$$;
REVOKE ALL ON FUNCTION find_session(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_session(bytea) TO calltally_service;

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_account ON sessions TO calltally_service
USING (account_id = (SELECT current_account_id()))
WITH CHECK (account_id = (SELECT current_account_id()));
GRANT SELECT, INSERT, DELETE ON sessions TO calltally_service;
GRANT UPDATE (ended_at) ON sessions TO calltally_service;
