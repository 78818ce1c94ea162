-- Users: people who sign in with their e-mail and a password. API keys stay for machines.

CREATE TYPE user_role AS ENUM ('owner', 'admin', 'manager', 'marketer', 'analyst', 'agent');
CREATE TYPE link_purpose AS ENUM ('invitation', 'reset', 'sign_in');

CREATE TABLE users (
    account_id integer NOT NULL REFERENCES accounts,
    id bigint GENERATED ALWAYS AS IDENTITY,
    email text COLLATE "C" NOT NULL,
    name text NOT NULL DEFAULT '',
    role user_role NOT NULL,
    teams text[] COLLATE "C" NOT NULL DEFAULT '{}',
    agent code,
    language text,
    zone text,
    password_hash text,
    created_at timestamptz NOT NULL DEFAULT now(),
    joined_at timestamptz,
    disabled_at timestamptz,
    last_seen_at timestamptz,
    PRIMARY KEY (account_id, id),
    CONSTRAINT user_email_taken UNIQUE (account_id, email),
    -- One spelling of an address: whoever writes it in capitals is the same person.
    CONSTRAINT user_email_small CHECK (email = lower(email))
);
COMMENT ON COLUMN users.teams IS 'The teams that a manager may see; empty for other roles.';
COMMENT ON COLUMN users.agent IS 'The agent that a user of this role is; null for other roles.';
COMMENT ON COLUMN users.language IS 'Null: the language of the browser.';
COMMENT ON COLUMN users.zone IS 'Null: the time zone of the account.';
COMMENT ON COLUMN users.password_hash IS 'Argon2id; null until the person has chosen a password.';
COMMENT ON COLUMN users.joined_at IS 'Null: invited, and not here yet.';
COMMENT ON COLUMN users.last_seen_at IS 'Stays when the sessions that are long over are deleted.';

-- An address signs in to one account. A person is found by it before the account is known.
CREATE UNIQUE INDEX user_signs_in_elsewhere ON users (email) WHERE joined_at IS NOT NULL AND disabled_at IS NULL;

-- Links that work once: an invitation, a new password, or signing in without one.
CREATE TABLE user_links (
    account_id integer NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    purpose link_purpose NOT NULL,
    token_sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES users,
    -- A link is found by its token before its account is known.
    CONSTRAINT user_link_token_taken UNIQUE (token_sha256)
);
COMMENT ON COLUMN user_links.used_at IS 'When it was used, or replaced by a later link.';
-- The links of a user, which a new one replaces.
CREATE INDEX user_links_of_user ON user_links (account_id, user_id);

-- A session belongs to a key or to a user.
ALTER TABLE sessions
    ALTER COLUMN key_prefix DROP NOT NULL,
    ADD COLUMN user_id bigint,
    ADD COLUMN device text NOT NULL DEFAULT '',
    ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT session_of_key_or_user CHECK (num_nonnulls(key_prefix, user_id) = 1),
    ADD CONSTRAINT session_of_user FOREIGN KEY (account_id, user_id) REFERENCES users;
COMMENT ON COLUMN sessions.device IS 'Browser and system, as the browser names itself.';

-- The only way to read a session before its account is known; runs as the owner, past row-level security.
DROP FUNCTION find_session(bytea);
CREATE FUNCTION find_session(wanted bytea)
RETURNS TABLE (
    account_id integer, id bigint, last_seen_at timestamptz, key_prefix text, scopes text[], dialer text,
    user_id bigint, email text, name text, role text, teams text[], agent text, language text, zone text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT
        s.account_id, s.id, s.last_seen_at, s.key_prefix, k.scopes::text[], k.dialer,
        u.id, u.email, u.name, u.role::text, u.teams, u.agent, u.language, u.zone
    FROM public.sessions s
    LEFT JOIN public.api_keys k ON k.account_id = s.account_id AND k.prefix = s.key_prefix
    LEFT JOIN public.users u ON u.account_id = s.account_id AND u.id = s.user_id
    WHERE s.token_sha256 = wanted AND s.ended_at IS NULL AND s.expires_at > now()
        AND (k.prefix IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())))
        AND u.disabled_at IS NULL
$$;
REVOKE ALL ON FUNCTION find_session(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_session(bytea) TO calltally_service;

-- The same for a person who signs in, and the only way to read the hash of a password.
CREATE FUNCTION find_user(wanted text)
RETURNS TABLE (account_id integer, id bigint, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT u.account_id, u.id, u.password_hash
    FROM public.users u
    WHERE u.email = wanted AND u.joined_at IS NOT NULL AND u.disabled_at IS NULL
$$;
REVOKE ALL ON FUNCTION find_user(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_user(text) TO calltally_service;

-- The same for a link: an invitation is for a person who has not joined, every other link for one who has.
CREATE FUNCTION find_user_link(wanted bytea, wanted_purpose link_purpose)
RETURNS TABLE (account_id integer, id bigint, user_id bigint, email text, name text, account_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT l.account_id, l.id, l.user_id, u.email, u.name, a.name
    FROM public.user_links l
    JOIN public.users u ON u.account_id = l.account_id AND u.id = l.user_id
    JOIN public.accounts a ON a.account_id = l.account_id
    WHERE l.token_sha256 = wanted AND l.purpose = wanted_purpose AND l.used_at IS NULL AND l.expires_at > now()
        AND u.disabled_at IS NULL AND (u.joined_at IS NULL) = (l.purpose = 'invitation')
$$;
REVOKE ALL ON FUNCTION find_user_link(bytea, link_purpose) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_user_link(bytea, link_purpose) TO calltally_service;

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['users', 'user_links'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
    END LOOP;
END $$;
-- Neither the hash of a password nor the fingerprint of a link can be read.
GRANT SELECT (
    account_id, id, email, name, role, teams, agent, language, zone, created_at, joined_at, disabled_at, last_seen_at
) ON users TO calltally_service;
GRANT INSERT (account_id, email, name, role, teams, agent) ON users TO calltally_service;
GRANT UPDATE (
    name, role, teams, agent, language, zone, password_hash, joined_at, disabled_at, last_seen_at
) ON users TO calltally_service;
GRANT SELECT (account_id, id, user_id, purpose, created_at, expires_at, used_at) ON user_links TO calltally_service;
GRANT INSERT (account_id, user_id, purpose, token_sha256, expires_at) ON user_links TO calltally_service;
GRANT UPDATE (used_at) ON user_links TO calltally_service;
GRANT UPDATE (last_seen_at) ON sessions TO calltally_service;
