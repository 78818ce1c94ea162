-- What dialers send in their own words: the hooks they send to, everything that was delivered, and the calls that come in.

CREATE TYPE inbound_outcome AS ENUM ('unknown', 'abandoned', 'missed', 'voicemail', 'answered');
CREATE TYPE delivery_status AS ENUM ('taken', 'unknown', 'unreadable', 'rejected');

-- Calls that came in --------------------------------------------------------------------------------------------------

CREATE TABLE inbound_calls (
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
    from_number code,
    from_country iso_country,
    from_region text,
    from_zones text[],
    arrived_at timestamptz,
    queued_at timestamptz,
    answered_at timestamptz,
    ended_at timestamptz,
    queue code,
    queue_ms integer,
    talk_ms integer,
    hold_ms integer,
    outcome inbound_outcome,
    transferred boolean,
    participants jsonb,
    recording jsonb,
    test boolean,
    disposition code,
    disposition_set_at timestamptz,
    disposition_agent code,
    callback_at timestamptz,
    note text COLLATE "C",
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, dialer, external_id)
);
COMMENT ON COLUMN inbound_calls.to_number IS 'The account''s own number that was called, mostly a tracking number.';
COMMENT ON COLUMN inbound_calls.from_number IS 'The caller: E.164, or the text as given when it is not a phone number (then from_country is null).';
COMMENT ON COLUMN inbound_calls.arrived_at IS 'Null while the call is known only from what was said of it later.';
COMMENT ON COLUMN inbound_calls.source IS 'said_source, else the source of the tracking number''s assignment at arrived_at.';
CREATE INDEX inbound_calls_by_arrived_at ON inbound_calls (account_id, arrived_at); -- every report window
CREATE INDEX inbound_calls_by_to_number ON inbound_calls (account_id, to_number, arrived_at); -- re-attribution of a number

CREATE TABLE inbound_calls_history (LIKE inbound_calls);
ALTER TABLE inbound_calls_history
    ADD COLUMN superseded_at timestamptz NOT NULL,
    ADD CONSTRAINT inbound_calls_history_was_believed CHECK (superseded_at > recorded_at),
    -- One version of a thing at any moment: its key, then the moment we learned it.
    ADD PRIMARY KEY (account_id, dialer, external_id, recorded_at);
CREATE VIEW inbound_calls_versions WITH (security_invoker = true) AS
    SELECT *, timestamptz 'infinity' AS superseded_at FROM inbound_calls
    UNION ALL
    SELECT * FROM inbound_calls_history;

-- Where dialers deliver -----------------------------------------------------------------------------------------------

CREATE TABLE hooks (
    account_id integer NOT NULL REFERENCES accounts,
    id bigint GENERATED ALWAYS AS IDENTITY,
    dialer text COLLATE "C" NOT NULL,
    code code NOT NULL,
    campaign code NOT NULL,
    zone text NOT NULL,
    token_sha256 bytea NOT NULL,
    secret bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    PRIMARY KEY (account_id, id),
    -- A hook is found by its token before its account is known.
    CONSTRAINT hook_token_taken UNIQUE (token_sha256)
);
COMMENT ON COLUMN hooks.dialer IS 'Which kind of dialer delivers here: the name of a file in service/dialers.';
COMMENT ON COLUMN hooks.code IS 'What its calls have as their dialer.';
COMMENT ON COLUMN hooks.campaign IS 'Of calls that name none.';
COMMENT ON COLUMN hooks.zone IS 'Of times that come without one.';
COMMENT ON COLUMN hooks.secret IS 'What account and vendor share, sealed with a key that is not in the ledger.';

CREATE TABLE deliveries (
    account_id integer NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    hook bigint NOT NULL,
    key_sha256 bytea NOT NULL,
    received_at timestamptz NOT NULL,
    method text COLLATE "C" NOT NULL,
    query text COLLATE "C",
    headers jsonb,
    body bytea,
    event text COLLATE "C" NOT NULL,
    status delivery_status NOT NULL,
    problem jsonb,
    said jsonb,
    calls text[] COLLATE "C" NOT NULL,
    seen integer NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, hook) REFERENCES hooks,
    -- A dialer that tries again delivers the same thing.
    CONSTRAINT delivery_known UNIQUE (account_id, hook, key_sha256)
);
COMMENT ON COLUMN deliveries.key_sha256 IS 'SHA-256 of what tells it from the hook''s other deliveries.';
COMMENT ON COLUMN deliveries.body IS 'As it came, without secrets; null, as query, headers and said are, once a person in it was erased.';
COMMENT ON COLUMN deliveries.said IS 'The items that were taken from it; null where there were none.';
COMMENT ON COLUMN deliveries.calls IS 'The calls that these are about.';
COMMENT ON COLUMN deliveries.seen IS 'How often it came.';
CREATE INDEX deliveries_by_received_at ON deliveries (account_id, received_at); -- what is too old to be kept
CREATE INDEX deliveries_by_call ON deliveries USING gin (calls); -- all that was said of a call, when one of it is read anew
-- What waits for a person; the others are far more.
CREATE INDEX deliveries_in_trouble ON deliveries (account_id, status, id) WHERE status <> 'taken';

CREATE TABLE hook_counts (
    account_id integer NOT NULL,
    hook bigint NOT NULL,
    on_day date NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, hook, on_day, kind, name),
    FOREIGN KEY (account_id, hook) REFERENCES hooks
);
COMMENT ON COLUMN hook_counts.on_day IS 'In UTC.';
COMMENT ON COLUMN hook_counts.kind IS 'A status of deliveries, or repeated, or refused, of which nothing else is kept.';
COMMENT ON COLUMN hook_counts.name IS 'The event of an unknown delivery, the reason of a refused one; else empty.';

-- Who may do what -----------------------------------------------------------------------------------------------------

-- The only way to read a hook before its account is known; runs as the owner, past row-level security.
CREATE FUNCTION find_hook(wanted bytea)
RETURNS TABLE (
    account_id integer,
    id bigint,
    dialer text,
    code text,
    campaign text,
    zone text,
    secret bytea,
    revoked_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT h.account_id, h.id, h.dialer, h.code, h.campaign, h.zone, h.secret, h.revoked_at
    FROM public.hooks h
    WHERE h.token_sha256 = wanted
$$;
REVOKE ALL ON FUNCTION find_hook(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_hook(bytea) TO calltally_service;

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['inbound_calls', 'inbound_calls_history', 'hooks', 'deliveries', 'hook_counts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
        EXECUTE format('GRANT SELECT, INSERT ON %I TO calltally_service', owned);
        -- As in 0002: until it is analyzed, a table is expected to hold the rows of one account.
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;

GRANT SELECT ON inbound_calls_versions TO calltally_service;
GRANT UPDATE ON inbound_calls, deliveries, hook_counts TO calltally_service;
GRANT UPDATE (revoked_at) ON hooks TO calltally_service;
-- Deliveries are deleted once they are as old as the settings say.
GRANT DELETE ON deliveries TO calltally_service;
-- As in 0007: what an erasure takes out of history.
GRANT UPDATE (from_number, recording, note) ON inbound_calls_history TO calltally_service;

ALTER TABLE erasures
    ADD COLUMN inbound_calls integer NOT NULL DEFAULT 0,
    ADD COLUMN deliveries integer NOT NULL DEFAULT 0;
