-- The audit log: who did what and when. The service can add entries and read them, never change or remove one.
--
-- Triggers write the entries of configuration, in the transaction of the change: from the API, a page or a command.

CREATE TYPE actor_kind AS ENUM ('user', 'key', 'command', 'service', 'unknown');
CREATE TYPE audited_action AS ENUM (
    'sign_in', 'sign_in_failed', 'sign_out', 'export', 'see_numbers', 'create', 'change', 'remove'
);

-- Who acts in this transaction, as the service said at its start: kind, name, client or address.
CREATE FUNCTION acting(field text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('calltally.actor', true), '')::jsonb ->> field
$$;

CREATE TABLE audit_log (
    account_id integer NOT NULL REFERENCES accounts,
    id bigint GENERATED ALWAYS AS IDENTITY,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    actor actor_kind NOT NULL DEFAULT coalesce(acting('kind'), 'service')::actor_kind,
    name text COLLATE "C" DEFAULT acting('name'),
    client text COLLATE "C" DEFAULT acting('client'),
    address text COLLATE "C" DEFAULT acting('address'),
    action audited_action NOT NULL,
    resource text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    changes jsonb,
    PRIMARY KEY (account_id, id)
);
COMMENT ON COLUMN audit_log.name IS 'The e-mail of a user, the prefix of a key, the system user of a command.';
COMMENT ON COLUMN audit_log.client IS 'The network address that the request came from.';
COMMENT ON COLUMN audit_log.address IS 'What was called, without secrets and phone numbers.';
COMMENT ON COLUMN audit_log.resource IS 'What kind of thing it was about, as in addresses of the API.';
COMMENT ON COLUMN audit_log.changes IS 'For each changed field its value before and after; null in place of a secret.';
CREATE INDEX audit_log_by_time ON audit_log (account_id, recorded_at); -- filters of the log, and its retention

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_account ON audit_log TO calltally_service
USING (account_id = (SELECT current_account_id()))
WITH CHECK (account_id = (SELECT current_account_id()));
GRANT SELECT, INSERT ON audit_log TO calltally_service;

-- The only way to remove entries: those older than a year at least, of the account of the transaction.
CREATE FUNCTION forget_audit_log(account integer, before timestamptz, most integer) RETURNS TABLE (id bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    DELETE FROM public.audit_log l
    WHERE l.account_id = account AND account = public.current_account_id() AND l.id IN (
        SELECT o.id
        FROM public.audit_log o
        WHERE o.account_id = account AND o.recorded_at < least(before, now() - interval '365 days')
        ORDER BY o.recorded_at
        LIMIT most
    )
    RETURNING l.id
$$;
REVOKE ALL ON FUNCTION forget_audit_log(integer, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_audit_log(integer, timestamptz, integer) TO calltally_service;

-- Write down a change of a row. Arguments: the columns that name it. Columns of bookkeeping are no change.
CREATE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ELSE '{}' END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ELSE '{}' END;
    present jsonb := before || after;
    changed jsonb;
BEGIN
    SELECT jsonb_object_agg(
        f.name,
        CASE
            WHEN f.name ~ '(secret|sha256|hash|token|password|totp|recovery|lake_key)' THEN 'null'::jsonb
            ELSE jsonb_build_array(before -> f.name, after -> f.name)
        END
    )
    INTO changed
    FROM jsonb_object_keys(present) AS f (name)
    WHERE nullif(before -> f.name, 'null'::jsonb) IS DISTINCT FROM nullif(after -> f.name, 'null'::jsonb)
        AND f.name <> ALL (ARRAY[
            'account_id', 'id', 'recorded_at', 'changed_xid', 'observed_at', 'created_at', 'last_used_at',
            'last_seen_at', 'key_prefix'
        ]);
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.audit_log (account_id, action, resource, subject, changes)
    VALUES (
        (present ->> 'account_id')::integer,
        CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'change' ELSE 'remove' END::public.audited_action,
        replace(TG_TABLE_NAME, '_', '-'),
        (SELECT coalesce(string_agg(present ->> c.name, ' ' ORDER BY c.place), '')
            FROM unnest(TG_ARGV) WITH ORDINALITY AS c (name, place)
            WHERE present ->> c.name <> ''),
        changed
    );
    RETURN NULL;
END $$;

-- Of many rows at once, such as the exchange rates of a year: one entry with their number.
CREATE FUNCTION record_many_changes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO public.audit_log (account_id, action, resource, subject)
    SELECT
        w.account_id,
        CASE TG_OP WHEN 'INSERT' THEN 'create' ELSE 'change' END::public.audited_action,
        replace(TG_TABLE_NAME, '_', '-'),
        count(*)::text
    FROM written w
    GROUP BY w.account_id;
    RETURN NULL;
END $$;

DO $$
DECLARE
    audited record;
BEGIN
    FOR audited IN
        SELECT *
        FROM (VALUES
            ('accounts', 'UPDATE', 'true', 'code'),
            ('api_keys', 'INSERT OR UPDATE', 'true', 'prefix'),
            ('users', 'INSERT OR UPDATE', 'true', 'email'),
            ('hooks', 'INSERT OR UPDATE', 'true', 'id'),
            ('calendars', 'INSERT OR UPDATE', 'true', 'team'),
            ('targets', 'INSERT OR UPDATE', 'true', 'metric, dimension, code'),
            ('lead_attributes', 'INSERT OR UPDATE', 'true', 'name'),
            ('tracking_number_assignments', 'INSERT OR UPDATE', 'true', 'number, from_at'),
            ('erasures', 'INSERT', 'true', 'id'),
            -- Calls mention codes too; that is no change of a configuration until a person confirms them.
            ('sources', 'INSERT OR UPDATE', 'NEW.confirmed', 'code'),
            ('campaigns', 'INSERT OR UPDATE', 'NEW.confirmed', 'code'),
            ('agents', 'INSERT OR UPDATE', 'NEW.confirmed', 'code'),
            ('disposition_codes', 'INSERT OR UPDATE', 'NEW.confirmed', 'code'),
            ('tracking_numbers', 'INSERT OR UPDATE', 'NEW.confirmed', 'number')
        ) AS t (name, events, condition, key)
    LOOP
        EXECUTE format(
            'CREATE TRIGGER audited AFTER %s ON %I FOR EACH ROW WHEN (%s) EXECUTE FUNCTION record_change(%s)',
            audited.events, audited.name, audited.condition, audited.key
        );
    END LOOP;
END $$;
CREATE TRIGGER removal_audited AFTER DELETE ON tracking_number_assignments
FOR EACH ROW EXECUTE FUNCTION record_change(number, from_at);
CREATE TRIGGER audited AFTER INSERT ON exchange_rates
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION record_many_changes();
CREATE TRIGGER change_audited AFTER UPDATE ON exchange_rates
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION record_many_changes();
