-- Attempts to sign in, counted by all processes together, so that nobody can guess passwords quickly.
--
-- They belong to no account: it is not known yet. The service reaches them only through the functions below.

CREATE TABLE sign_in_attempts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject bytea NOT NULL,
    attempted_at timestamptz NOT NULL
);
COMMENT ON COLUMN sign_in_attempts.subject IS 'SHA-256 of an address, a person, or both: no list of who tried.';
CREATE INDEX sign_in_attempts_by_subject ON sign_in_attempts (subject, attempted_at); -- counting the latest
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (attempted_at); -- forgetting the old
ALTER TABLE sign_in_attempts ENABLE ROW LEVEL SECURITY;

CREATE TABLE sign_in_places (
    subject bytea PRIMARY KEY,
    signed_in_at timestamptz NOT NULL
);
COMMENT ON COLUMN sign_in_places.subject IS 'SHA-256 of a person and an address where the person has signed in.';
ALTER TABLE sign_in_places ENABLE ROW LEVEL SECURITY;

-- Count an attempt about some subjects, each with its limit. When a subject is over its limit, the attempt does not
-- count; the answer is when to try again. A subject with a place known by a sign-in of the last month has no limit.
CREATE FUNCTION begin_sign_in(subjects bytea[], most integer[], lasts interval[], places bytea[]) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    again timestamptz;
BEGIN
    -- One attempt about a subject at a time, always in the same order.
    PERFORM pg_advisory_xact_lock(k.key)
    FROM (
        SELECT DISTINCT ('x' || substr(encode(s.subject, 'hex'), 1, 16))::bit(64)::bigint AS key
        FROM unnest(subjects) AS s (subject)
        ORDER BY 1
    ) k;
    DELETE FROM public.sign_in_attempts WHERE attempted_at < clock_timestamp() - interval '1 day';
    SELECT max(a.attempted_at + l.lasts)
    INTO again
    FROM unnest(subjects, most, lasts, places) AS l (subject, most, lasts, place)
    CROSS JOIN LATERAL (
        SELECT t.attempted_at
        FROM public.sign_in_attempts t
        WHERE t.subject = l.subject AND t.attempted_at > clock_timestamp() - l.lasts
        ORDER BY t.attempted_at DESC
        OFFSET l.most - 1 LIMIT 1
    ) a
    WHERE NOT EXISTS (
        SELECT FROM public.sign_in_places p
        WHERE p.subject = l.place AND p.signed_in_at > clock_timestamp() - interval '30 days'
    );
    IF again IS NULL THEN
        INSERT INTO public.sign_in_attempts (subject, attempted_at)
        SELECT s.subject, clock_timestamp() FROM unnest(subjects) AS s (subject);
    END IF;
    RETURN again;
END $$;
REVOKE ALL ON FUNCTION begin_sign_in(bytea[], integer[], interval[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_sign_in(bytea[], integer[], interval[], bytea[]) TO calltally_service;

-- Take back the attempt that succeeded; of the person at this address all of them. The address is known from now on.
CREATE FUNCTION finish_sign_in(subjects bytea[], place bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    DELETE FROM public.sign_in_attempts t
    WHERE t.subject = place OR t.id IN (
        SELECT max(o.id) FROM public.sign_in_attempts o WHERE o.subject = ANY (subjects) GROUP BY o.subject
    );
    DELETE FROM public.sign_in_places WHERE signed_in_at < clock_timestamp() - interval '30 days';
    INSERT INTO public.sign_in_places (subject, signed_in_at) VALUES (place, clock_timestamp())
    ON CONFLICT (subject) DO UPDATE SET signed_in_at = excluded.signed_in_at;
$$;
REVOKE ALL ON FUNCTION finish_sign_in(bytea[], bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finish_sign_in(bytea[], bytea) TO calltally_service;
