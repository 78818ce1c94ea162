-- The ledger: every captured call, code and cost, once, with what we believed before.
--
-- Reading guide
--   * account_id leads every key, so that an account never touches another's rows and the ledger can be
--     distributed by account.
--   * Codes (campaign, agent, source, lead, dialer, disposition) are the caller's own strings and are stored as
--     such: a row can be read without a join, and a code is never renamed under a fact.
--   * observed_at and stamps carry the merge law: every "said" column was last said at observed_at, unless stamps
--     names an older time for it. recorded_at is when we learned the current version.
--   * <table>_history holds the superseded versions, each believed during [recorded_at, superseded_at).
--   * changed_xid is the transaction that wrote the current version: the change feed for copies of the ledger.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Codes compare byte by byte on every server, so that a tie between two values breaks the same way everywhere.
CREATE DOMAIN code AS text COLLATE "C" CHECK (length(VALUE) BETWEEN 1 AND 200);
CREATE DOMAIN iso_country AS text COLLATE "C" CHECK (VALUE ~ '^[A-Z]{2}$');
CREATE DOMAIN iso_currency AS text COLLATE "C" CHECK (VALUE ~ '^[A-Z]{3}$');

CREATE TYPE network_result AS ENUM (
    'unknown', 'cancelled', 'blocked', 'invalid_number', 'network_failure', 'no_answer', 'busy', 'rejected', 'answered'
);
CREATE TYPE answered_by AS ENUM ('unknown', 'fax_or_tone', 'machine', 'human');
CREATE TYPE detector AS ENUM ('carrier', 'amd', 'agent');
CREATE TYPE party AS ENUM ('unknown', 'gatekeeper', 'wrong_party', 'right_party');
CREATE TYPE handled AS ENUM ('none', 'ivr_only', 'abandoned_by_callee', 'abandoned_by_us', 'agent');
CREATE TYPE result AS ENUM (
    'none', 'unmapped', 'do_not_call', 'not_qualified', 'not_interested', 'callback_requested', 'interested',
    'qualified', 'appointment', 'sale'
);
CREATE TYPE next_step AS ENUM ('none', 'callback', 'follow_up_task');
CREATE TYPE appointment_status AS ENUM (
    'set', 'rescheduled', 'cancelled_by_them', 'cancelled_by_us', 'no_show', 'held'
);
CREATE TYPE follow_up_channel AS ENUM ('call', 'email', 'sms', 'other');
CREATE TYPE stage AS ENUM ('contacted', 'qualified', 'opportunity', 'proposal', 'won', 'lost');
CREATE TYPE agent_state AS ENUM ('waiting', 'dialing', 'talking', 'holding', 'wrapping', 'paused', 'offline');
CREATE TYPE attributed_by AS ENUM ('sender', 'tracking_number');
CREATE TYPE scope AS ENUM ('ingest', 'configure', 'reports', 'rows', 'phone-numbers', 'admin');

-- Who is asking -------------------------------------------------------------------------------------------------

CREATE TABLE accounts (
    account_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code code NOT NULL,
    name text NOT NULL,
    zone text NOT NULL DEFAULT 'UTC',
    region iso_country NOT NULL DEFAULT 'US',
    currency iso_currency NOT NULL DEFAULT 'USD',
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_code_taken UNIQUE (code)
);
COMMENT ON COLUMN accounts.region IS 'Country assumed for a phone number written without its country code.';

CREATE TABLE api_keys (
    account_id integer NOT NULL REFERENCES accounts,
    prefix text COLLATE "C" NOT NULL,
    secret_sha256 bytea NOT NULL,
    name text NOT NULL,
    scopes scope[] NOT NULL,
    dialer code,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    PRIMARY KEY (account_id, prefix),
    -- A key is found by its prefix before its account is known.
    CONSTRAINT api_key_prefix_taken UNIQUE (prefix)
);

-- What the account configures -----------------------------------------------------------------------------------

CREATE TABLE sources (
    account_id integer NOT NULL REFERENCES accounts,
    code code NOT NULL,
    name text,
    medium text,
    confirmed boolean NOT NULL DEFAULT false,
    merged_into code,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, code)
);

CREATE TABLE campaigns (
    account_id integer NOT NULL REFERENCES accounts,
    code code NOT NULL,
    name text,
    source code,
    region iso_country,
    zone text,
    starts_on date,
    ends_on date,
    confirmed boolean NOT NULL DEFAULT false,
    merged_into code,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, code)
);

CREATE TABLE agents (
    account_id integer NOT NULL REFERENCES accounts,
    code code NOT NULL,
    name text,
    team code,
    zone text,
    confirmed boolean NOT NULL DEFAULT false,
    merged_into code,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, code)
);

CREATE TABLE disposition_codes (
    account_id integer NOT NULL REFERENCES accounts,
    code code NOT NULL,
    name text,
    network_result network_result,
    answered_by answered_by,
    party party,
    handled handled,
    result result NOT NULL DEFAULT 'unmapped',
    next_step next_step,
    confirmed boolean NOT NULL DEFAULT false,
    merged_into code,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, code)
);

CREATE TABLE tracking_numbers (
    account_id integer NOT NULL REFERENCES accounts,
    number code NOT NULL,
    name text,
    confirmed boolean NOT NULL DEFAULT true,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, number)
);

CREATE TABLE tracking_number_assignments (
    account_id integer NOT NULL,
    number code NOT NULL,
    from_at timestamptz NOT NULL,
    to_at timestamptz,
    campaign code,
    source code,
    agent code,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, number, from_at),
    FOREIGN KEY (account_id, number) REFERENCES tracking_numbers,
    CONSTRAINT assignment_ends_after_it_starts CHECK (to_at > from_at),
    -- A tracking number has one owner at any moment.
    CONSTRAINT tracking_number_already_assigned EXCLUDE USING gist (
        account_id WITH =, number WITH =, tstzrange(from_at, to_at) WITH &&
    )
);

-- What happened -------------------------------------------------------------------------------------------------

CREATE TABLE leads (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    received_at timestamptz,
    source code,
    campaign code,
    phone_number code,
    phone_country iso_country,
    phone_region text,
    phone_zones text[],
    owner code,
    assigned_at timestamptz,
    closed_at timestamptz,
    close_reason text COLLATE "C",
    attributes jsonb,
    test boolean,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN leads.received_at IS 'Null while the lead is known only from the calls made to it.';
CREATE INDEX leads_by_received_at ON leads (account_id, received_at); -- lead response time over a window
CREATE INDEX leads_by_phone_number ON leads (account_id, phone_number); -- whose lead is this number?

CREATE TABLE attempts (
    account_id integer NOT NULL REFERENCES accounts,
    dialer code NOT NULL,
    external_id code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    campaign code,
    agent code,
    lead code,
    said_source code,
    source code,
    tracking_number code,
    attributed_by attributed_by,
    to_number code,
    to_country iso_country,
    to_region text,
    to_zones text[],
    from_number code,
    dialed_at timestamptz,
    answered_at timestamptz,
    agent_joined_at timestamptz,
    ended_at timestamptz,
    ring_ms integer,
    talk_ms integer,
    hold_ms integer,
    wrap_ms integer,
    dead_ms integer,
    network_result network_result,
    answered_by answered_by,
    detector detector,
    handled handled,
    participants jsonb,
    recording jsonb,
    test boolean,
    disposition code,
    disposition_set_at timestamptz,
    disposition_agent code,
    callback_at timestamptz,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, dialer, external_id)
);
COMMENT ON COLUMN attempts.dialed_at IS 'Null while the attempt is known only from its dispositions; such a row is in no report.';
COMMENT ON COLUMN attempts.to_number IS 'E.164, or the text as given when it is not a phone number (then to_country is null).';
COMMENT ON COLUMN attempts.source IS 'said_source, else the source of the tracking number''s assignment at dialed_at.';
COMMENT ON COLUMN attempts.disposition IS 'The current disposition: the latest set_at, ties by code.';
CREATE INDEX attempts_by_dialed_at ON attempts (account_id, dialed_at); -- every report window
CREATE INDEX attempts_by_from_number ON attempts (account_id, from_number, dialed_at); -- re-attribution of a number
CREATE INDEX attempts_by_lead ON attempts (account_id, lead); -- the calls of one lead

CREATE TABLE dispositions (
    account_id integer NOT NULL REFERENCES accounts,
    dialer code NOT NULL,
    attempt code NOT NULL,
    set_at timestamptz NOT NULL,
    code code NOT NULL,
    agent code,
    callback_at timestamptz,
    note text COLLATE "C",
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, dialer, attempt, set_at, code)
);

CREATE TABLE appointments (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    lead code,
    dialer code,
    attempt code,
    agent code,
    set_at timestamptz NOT NULL,
    scheduled_at timestamptz,
    status appointment_status,
    status_at timestamptz,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);

CREATE TABLE follow_ups (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    lead code,
    agent code,
    channel follow_up_channel,
    due_at timestamptz,
    done_at timestamptz,
    automated boolean,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);

CREATE TABLE stage_changes (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    opportunity code,
    lead code,
    stage stage,
    changed_at timestamptz,
    amount numeric(14, 4),
    gross_profit numeric(14, 4),
    currency iso_currency,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);

CREATE TABLE spend (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    source code,
    campaign code,
    tracking_number code,
    from_on date,
    to_on date,
    amount numeric(14, 4),
    currency iso_currency,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);

CREATE TABLE agent_states (
    account_id integer NOT NULL REFERENCES accounts,
    agent code NOT NULL,
    from_at timestamptz NOT NULL,
    state agent_state,
    reason text COLLATE "C",
    to_at timestamptz,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, agent, from_at)
);

-- What we believed before ---------------------------------------------------------------------------------------
-- Each twin has the columns of its table, in the same order, and superseded_at at the end.

CREATE TABLE sources_history (LIKE sources);
CREATE TABLE campaigns_history (LIKE campaigns);
CREATE TABLE agents_history (LIKE agents);
CREATE TABLE disposition_codes_history (LIKE disposition_codes);
CREATE TABLE tracking_numbers_history (LIKE tracking_numbers);
CREATE TABLE tracking_number_assignments_history (LIKE tracking_number_assignments);
CREATE TABLE leads_history (LIKE leads);
CREATE TABLE attempts_history (LIKE attempts);
CREATE TABLE dispositions_history (LIKE dispositions);
CREATE TABLE appointments_history (LIKE appointments);
CREATE TABLE follow_ups_history (LIKE follow_ups);
CREATE TABLE stage_changes_history (LIKE stage_changes);
CREATE TABLE spend_history (LIKE spend);
CREATE TABLE agent_states_history (LIKE agent_states);

DO $$
DECLARE
    twin text;
    key text;
BEGIN
    FOR twin, key IN
        SELECT c.conrelid::regclass::text || '_history', pg_get_constraintdef(c.oid)
        FROM pg_constraint c
        WHERE c.contype = 'p' AND to_regclass(c.conrelid::regclass::text || '_history') IS NOT NULL
    LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN superseded_at timestamptz NOT NULL', twin);
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (superseded_at > recorded_at)', twin, twin || '_was_believed');
        -- One version of a thing at any moment: its key, then the moment we learned it.
        EXECUTE format('ALTER TABLE %I ADD %s', twin, replace(key, ')', ', recorded_at)'));
    END LOOP;
END $$;
CREATE INDEX attempts_history_by_dialed_at ON attempts_history (account_id, dialed_at); -- as_of reports

-- What we could not take ----------------------------------------------------------------------------------------

CREATE TABLE rejected_items (
    account_id integer NOT NULL REFERENCES accounts,
    id bigint GENERATED ALWAYS AS IDENTITY,
    resource text NOT NULL,
    item_index integer NOT NULL,
    external_id text,
    raw bytea NOT NULL,
    problem jsonb NOT NULL,
    key_prefix text,
    request_id text,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    resubmitted_at timestamptz,
    PRIMARY KEY (account_id, id)
);
COMMENT ON COLUMN rejected_items.raw IS 'The item as it was sent, byte for byte.';

CREATE TABLE import_runs (
    account_id integer NOT NULL REFERENCES accounts,
    id bigint GENERATED ALWAYS AS IDENTITY,
    resource text NOT NULL,
    fingerprint bytea NOT NULL,
    file_name text NOT NULL,
    rows_done bigint NOT NULL DEFAULT 0,
    created bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    rejected bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (account_id, id)
);
COMMENT ON COLUMN import_runs.fingerprint IS 'SHA-256 of the file and of its mapping: what makes a run resumable.';
-- A file has one unfinished run at most: the one to resume.
CREATE UNIQUE INDEX import_already_running ON import_runs (account_id, resource, fingerprint) WHERE finished_at IS NULL;

-- Who may do what -----------------------------------------------------------------------------------------------

CREATE FUNCTION current_account_id() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('calltally.account_id', true), '')::integer;

-- The only way to read a key before its account is known; runs as the owner, past row-level security.
CREATE FUNCTION find_api_key(wanted text)
RETURNS TABLE (
    account_id integer,
    secret_sha256 bytea,
    scopes text[],
    dialer text,
    expires_at timestamptz,
    revoked_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT k.account_id, k.secret_sha256, k.scopes::text[], k.dialer, k.expires_at, k.revoked_at
    FROM public.api_keys k
    WHERE k.prefix = wanted
$$;
REVOKE ALL ON FUNCTION find_api_key(text) FROM PUBLIC;

DO $$
BEGIN
    -- Roles belong to the whole server: an administrator or another ledger on it may have made this one.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'calltally_service') THEN
        CREATE ROLE calltally_service NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;

DO $$
DECLARE
    owned text;
BEGIN
    FOR owned IN
        SELECT c.oid::regclass::text
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %s TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
        EXECUTE format('GRANT SELECT ON %s TO calltally_service', owned);
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO calltally_service;
GRANT EXECUTE ON FUNCTION find_api_key(text) TO calltally_service;
-- Nothing is ever deleted through the service but an assignment made in error (its versions stay in history).
GRANT INSERT, UPDATE ON
    sources, campaigns, agents, disposition_codes, tracking_numbers, tracking_number_assignments,
    leads, attempts, dispositions, appointments, follow_ups, stage_changes, spend, agent_states,
    rejected_items, import_runs, api_keys
TO calltally_service;
GRANT DELETE ON tracking_number_assignments TO calltally_service;
GRANT INSERT ON
    sources_history, campaigns_history, agents_history, disposition_codes_history,
    tracking_numbers_history, tracking_number_assignments_history,
    leads_history, attempts_history, dispositions_history, appointments_history,
    follow_ups_history, stage_changes_history, spend_history, agent_states_history
TO calltally_service;
