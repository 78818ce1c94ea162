-- Imports in the browser: uploaded files with what became of their rows, and the mappings that people save.

CREATE TYPE upload_state AS ENUM (
    'uploading', 'uploaded', 'checking', 'checked', 'importing', 'finished', 'failed', 'cancelled'
);

CREATE TABLE uploads (
    account_id integer NOT NULL REFERENCES accounts,
    id text COLLATE "C" NOT NULL,
    file_name text NOT NULL,
    bytes bigint,
    state upload_state NOT NULL DEFAULT 'uploading',
    resource text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    begun_at timestamptz,
    ended_at timestamptz,
    starts integer NOT NULL DEFAULT 0,
    is_cancelled boolean NOT NULL DEFAULT false,
    share double precision,
    rows_read bigint,
    valid bigint,
    known bigint,
    created bigint,
    updated bigint,
    unchanged bigint,
    rejected bigint,
    skipped bigint,
    problem text,
    removed_at timestamptz,
    PRIMARY KEY (account_id, id)
);
COMMENT ON COLUMN uploads.id IS 'Random: the address of its page and the name of its folder on disk.';
COMMENT ON COLUMN uploads.starts IS 'How often a process began its current work: a file that ends processes is given up.';
COMMENT ON COLUMN uploads.known IS 'Of the valid rows, those with a key that the ledger had when they were checked.';
COMMENT ON COLUMN uploads.removed_at IS 'When its files were removed from disk; the counts stay.';
-- Every worker looks for work every second.
CREATE INDEX uploads_in_work ON uploads (created_at) WHERE state IN ('checking', 'importing');
-- Files are removed after a day.
CREATE INDEX uploads_on_disk ON uploads (created_at) WHERE removed_at IS NULL;

-- The only way to find work and old files before their account is known; nothing else is told of them.
CREATE FUNCTION uploads_in_work()
RETURNS TABLE (account_id integer, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT u.account_id, u.id FROM public.uploads u WHERE u.state IN ('checking', 'importing') ORDER BY u.created_at
$$;
CREATE FUNCTION uploads_to_remove(age interval)
RETURNS TABLE (account_id integer, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT u.account_id, u.id
    FROM public.uploads u
    WHERE u.removed_at IS NULL AND u.created_at < now() - age AND u.state NOT IN ('checking', 'importing')
    ORDER BY u.created_at
    LIMIT 1000
$$;
REVOKE ALL ON FUNCTION uploads_in_work(), uploads_to_remove(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION uploads_in_work(), uploads_to_remove(interval) TO calltally_service;

CREATE TABLE import_mappings (
    account_id integer NOT NULL REFERENCES accounts,
    name text COLLATE "C" NOT NULL,
    resource text NOT NULL,
    content text NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    saved_by text NOT NULL,
    PRIMARY KEY (account_id, name)
);
COMMENT ON COLUMN import_mappings.content IS 'The mapping file, as the command takes it (TOML).';

ALTER TABLE uploads ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_account ON uploads TO calltally_service
USING (account_id = (SELECT current_account_id()))
WITH CHECK (account_id = (SELECT current_account_id()));
GRANT SELECT, INSERT, UPDATE ON uploads TO calltally_service;

ALTER TABLE import_mappings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_account ON import_mappings TO calltally_service
USING (account_id = (SELECT current_account_id()))
WITH CHECK (account_id = (SELECT current_account_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_mappings TO calltally_service;

-- As on every table: a small account must not be planned for as if it stayed small.
ALTER TABLE uploads ALTER COLUMN account_id SET STATISTICS 0;
ALTER TABLE import_mappings ALTER COLUMN account_id SET STATISTICS 0;
