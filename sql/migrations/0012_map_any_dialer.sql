-- Hooks of dialers that only a mapping describes.

ALTER TABLE hooks
    ADD COLUMN mapping text COLLATE "C",
    -- Deliveries of such a dialer cannot be read without it, and no other dialer has one.
    ADD CONSTRAINT hook_has_its_mapping CHECK ((dialer = 'mapped') = (mapping IS NOT NULL));
COMMENT ON COLUMN hooks.dialer IS 'Which kind of dialer delivers here: the name of a file in service/dialers, or mapped.';
COMMENT ON COLUMN hooks.mapping IS 'The mapping of its calls as TOML, or the name of a ready mapping.';

GRANT UPDATE (mapping) ON hooks TO calltally_service;

DROP FUNCTION find_hook(bytea);
CREATE FUNCTION find_hook(wanted bytea)
RETURNS TABLE (
    account_id integer,
    id bigint,
    dialer text,
    code text,
    campaign text,
    zone text,
    secret bytea,
    revoked_at timestamptz,
    person_after_ms integer,
    match_leads boolean,
    mapping text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT
        h.account_id, h.id, h.dialer, h.code, h.campaign, h.zone, h.secret, h.revoked_at, h.person_after_ms,
        h.match_leads, h.mapping
    FROM public.hooks h
    WHERE h.token_sha256 = wanted
$$;
REVOKE ALL ON FUNCTION find_hook(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_hook(bytea) TO calltally_service;
