CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE TYPE public.actor_kind AS ENUM (
    'user',
    'key',
    'command',
    'service',
    'unknown'
);

CREATE TYPE public.agent_state AS ENUM (
    'waiting',
    'dialing',
    'talking',
    'holding',
    'wrapping',
    'paused',
    'offline'
);

CREATE TYPE public.answered_by AS ENUM (
    'unknown',
    'fax_or_tone',
    'machine',
    'human'
);

CREATE TYPE public.appointment_status AS ENUM (
    'set',
    'rescheduled',
    'cancelled_by_them',
    'cancelled_by_us',
    'no_show',
    'held'
);

CREATE TYPE public.attributed_by AS ENUM (
    'sender',
    'tracking_number'
);

CREATE TYPE public.audited_action AS ENUM (
    'sign_in',
    'sign_in_failed',
    'sign_out',
    'export',
    'see_numbers',
    'create',
    'change',
    'remove'
);

CREATE DOMAIN public.code AS text COLLATE pg_catalog."C"
	CONSTRAINT code_check CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 200)));

CREATE TYPE public.delivery_status AS ENUM (
    'taken',
    'unknown',
    'unreadable',
    'rejected'
);

CREATE TYPE public.demo_state AS ENUM (
    'filling',
    'ready',
    'failed'
);

CREATE TYPE public.detector AS ENUM (
    'carrier',
    'amd',
    'agent'
);

CREATE TYPE public.dispute AS ENUM (
    'open',
    'rejected',
    'corrected',
    'voided'
);

CREATE TYPE public.follow_up_channel AS ENUM (
    'call',
    'email',
    'sms',
    'other'
);

CREATE TYPE public.handled AS ENUM (
    'none',
    'ivr_only',
    'abandoned_by_callee',
    'abandoned_by_us',
    'agent'
);

CREATE TYPE public.inbound_outcome AS ENUM (
    'unknown',
    'abandoned',
    'missed',
    'voicemail',
    'callback',
    'answered'
);

CREATE DOMAIN public.iso_country AS text COLLATE pg_catalog."C"
	CONSTRAINT iso_country_check CHECK ((VALUE ~ '^[A-Z]{2}$'::text));

CREATE DOMAIN public.iso_currency AS text COLLATE pg_catalog."C"
	CONSTRAINT iso_currency_check CHECK ((VALUE ~ '^[A-Z]{3}$'::text));

CREATE TYPE public.lead_match AS ENUM (
    'sender',
    'number'
);

CREATE TYPE public.link_purpose AS ENUM (
    'invitation',
    'reset',
    'sign_in'
);

CREATE TYPE public.network_result AS ENUM (
    'unknown',
    'cancelled',
    'blocked',
    'invalid_number',
    'network_failure',
    'no_answer',
    'busy',
    'rejected',
    'answered'
);

CREATE TYPE public.next_step AS ENUM (
    'none',
    'callback',
    'follow_up_task'
);

CREATE TYPE public.party AS ENUM (
    'unknown',
    'gatekeeper',
    'wrong_party',
    'right_party'
);

CREATE TYPE public.planned_activity AS ENUM (
    'work',
    'break',
    'training',
    'meeting',
    'off'
);

CREATE TYPE public.result AS ENUM (
    'none',
    'unmapped',
    'do_not_call',
    'not_qualified',
    'not_interested',
    'callback_requested',
    'interested',
    'qualified',
    'appointment',
    'sale'
);

CREATE TYPE public.scope AS ENUM (
    'ingest',
    'configure',
    'reports',
    'rows',
    'phone-numbers',
    'admin'
);

CREATE TYPE public.stage AS ENUM (
    'contacted',
    'qualified',
    'opportunity',
    'proposal',
    'won',
    'lost'
);

CREATE TYPE public.survey_kind AS ENUM (
    'csat',
    'nps',
    'ces'
);

CREATE TYPE public.upload_state AS ENUM (
    'uploading',
    'uploaded',
    'checking',
    'checked',
    'importing',
    'finished',
    'failed',
    'cancelled'
);

CREATE TYPE public.user_role AS ENUM (
    'owner',
    'admin',
    'manager',
    'marketer',
    'analyst',
    'agent'
);

CREATE TYPE public.value_period AS ENUM (
    'month',
    'sale'
);

CREATE FUNCTION public.acting(field text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    SELECT nullif(current_setting('calltally.actor', true), '')::jsonb ->> field
$$;

CREATE FUNCTION public.agents_shares(participants jsonb, answered_at timestamp with time zone, ended_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    WITH reported AS (
        SELECT p.agent, p.from_at, COALESCE(p.state, 'talking') AS state, p.to_at, p.talk_seconds
        FROM jsonb_to_recordset(participants)
            AS p (agent text, from_at timestamptz, state text, to_at timestamptz, talk_seconds numeric)
    ),
    placed AS (
        SELECT r.*, COALESCE((
            SELECT bool_or(o.state <> 'left') FROM reported o
            WHERE o.agent = r.agent AND o.from_at = (
                SELECT max(q.from_at) FROM reported q WHERE q.agent = r.agent AND q.from_at < r.from_at
            )
        ), false) AS was_there
        FROM reported r
    ),
    entries AS (
        SELECT p.*, lead(p.from_at) OVER mine AS next_at, COALESCE(lead(p.state) OVER mine, 'talking') AS next_state
        FROM placed p
        WINDOW mine AS (
            PARTITION BY p.agent, p.from_at IS NULL
            ORDER BY p.from_at, (p.state = 'left') <> p.was_there, p.state COLLATE "C"
        )
    ),
    spans AS (
        SELECT
            e.agent,
            e.state,
            e.talk_seconds,
            e.from_at,
            LEAST(
                COALESCE(
                    e.to_at,
                    CASE WHEN e.next_state <> 'talking' THEN e.next_at END,
                    CASE WHEN e.state = 'holding' THEN e.next_at END,
                    LEAST(
                        e.next_at,
                        (
                            SELECT min(o.from_at) FROM entries o
                            WHERE o.agent <> e.agent AND o.state = 'talking' AND o.from_at > e.from_at
                        )
                    )
                ),
                ended_at
            ) AS until_at
        FROM entries e
        WHERE e.state <> 'left' AND (e.from_at IS NOT NULL OR e.talk_seconds IS NOT NULL)
    ),
    timed AS (
        SELECT
            s.agent,
            s.state,
            s.talk_seconds,
            CASE WHEN s.from_at IS NOT NULL THEN
                tstzrange(GREATEST(s.from_at, answered_at), GREATEST(s.until_at, s.from_at, answered_at))
            END AS span
        FROM spans s
    ),
    held AS (
        SELECT COALESCE(range_agg(t.span), '{}') AS spans FROM timed t WHERE t.state = 'holding'
    ),
    of_agents AS (
        SELECT
            t.agent,
            COALESCE(
                (sum(t.talk_seconds) * 1000)::integer,
                milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'talking') - (SELECT h.spans FROM held h))
            ) AS talk_ms,
            milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'holding')) AS hold_ms
        FROM timed t
        GROUP BY t.agent
    )
    SELECT CASE WHEN (SELECT bool_or(s.until_at IS NULL AND s.talk_seconds IS NULL) FROM spans s) THEN NULL ELSE (
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'talk_ms', COALESCE(
                (SELECT CASE WHEN bool_or(t.talk_seconds IS NOT NULL) THEN (SELECT sum(a.talk_ms) FROM of_agents a) END FROM timed t),
                milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'talking') - (SELECT h.spans FROM held h))
            ),
            'hold_ms', milliseconds_in(range_agg(t.span) FILTER (WHERE t.state = 'holding')),
            'shares', (
                SELECT CASE WHEN count(*) > 1 THEN jsonb_agg(jsonb_strip_nulls(to_jsonb(a)) ORDER BY a.agent COLLATE "C") END
                FROM of_agents a
            )
        ))
        FROM timed t
        HAVING count(*) > 0
    ) END
$$;

CREATE FUNCTION public.begin_sign_in(subjects bytea[], most integer[], lasts interval[], places bytea[]) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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

CREATE TABLE public.cases (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    lead public.code,
    agent public.code,
    queue public.code,
    topic public.code,
    source public.code,
    campaign public.code,
    opened_at timestamp with time zone,
    resolved_at timestamp with time zone,
    reopened_at timestamp with time zone,
    closed_at timestamp with time zone,
    escalated_at timestamp with time zone,
    escalated_to public.code,
    calls jsonb,
    test boolean,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.cases ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.cases.resolved_at IS 'When it was last resolved.';

COMMENT ON COLUMN public.cases.reopened_at IS 'When it was last opened again: later than resolved_at, it is not resolved.';

COMMENT ON COLUMN public.cases.closed_at IS 'When it was closed without a solution.';

COMMENT ON COLUMN public.cases.escalated_to IS 'The tier or specialist that took over; no code of an agent.';

COMMENT ON COLUMN public.cases.calls IS 'The calls that belong to it, by dialer and external_id; a call may name its case as well.';

COMMENT ON COLUMN public.cases.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE FUNCTION public.cases_of(account_id integer, dialers text[], calls text[], leads text[]) RETURNS TABLE(external_id public.code)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT k.external_id
    FROM public.cases k
   WHERE ((k.account_id = cases_of.account_id) AND (((k.lead)::text = ANY (cases_of.leads)) OR (EXISTS ( SELECT
            FROM (jsonb_to_recordset(k.calls) c(dialer text, external_id text)
              JOIN UNNEST(cases_of.dialers, cases_of.calls) f(dialer, call) ON (((f.dialer = c.dialer) AND (f.call = c.external_id))))))));
END;

CREATE FUNCTION public.chosen_outcome(account integer, outcomes jsonb, outcomes_at timestamp with time zone, first_set jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    SELECT jsonb_build_object('code', o.code, 'set_at', s.set_at, 'agent', o.agent, 'callback_at', o.callback_at)
    FROM jsonb_to_recordset(outcomes) AS o (code text, set_at timestamptz, agent text, callback_at timestamptz)
    LEFT JOIN disposition_codes c ON c.account_id = account AND c.code = o.code
    LEFT JOIN disposition_codes k ON k.account_id = account AND k.code = COALESCE(c.merged_into, c.code)
    CROSS JOIN LATERAL (
        SELECT COALESCE(
            o.set_at,
            timestamptz 'epoch' + (first_set->>o.code)::bigint * interval '1 microsecond',
            outcomes_at
        ) AS set_at
    ) s
    ORDER BY
        COALESCE(k.result, 'unmapped') <> 'unmapped' DESC,
        COALESCE(k.result, 'unmapped') DESC,
        s.set_at DESC,
        o.code COLLATE "C" DESC
    LIMIT 1
$$;

CREATE FUNCTION public.current_account_id() RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('calltally.account_id'::text, true), ''::text))::integer;

CREATE FUNCTION public.enter_account(wanted integer, alone boolean) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM set_config('calltally.account_id', wanted::text, true);
    IF alone THEN
        PERFORM pg_advisory_xact_lock(7321, wanted);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(7321, wanted);
    END IF;
    RETURN EXISTS (SELECT FROM erasures WHERE account_id = wanted);
END $$;

CREATE FUNCTION public.find_api_key(wanted text) RETURNS TABLE(account_id integer, secret_sha256 bytea, scopes text[], dialer text, expires_at timestamp with time zone, revoked_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT k.account_id, k.secret_sha256, k.scopes::text[], k.dialer, k.expires_at, k.revoked_at
    FROM public.api_keys k
    WHERE k.prefix = wanted
$$;

CREATE FUNCTION public.find_hook(wanted bytea) RETURNS TABLE(account_id integer, id bigint, dialer text, code text, campaign text, zone text, secret bytea, revoked_at timestamp with time zone, person_after_ms integer, match_leads boolean, mapping text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT
        h.account_id, h.id, h.dialer, h.code, h.campaign, h.zone, h.secret, h.revoked_at, h.person_after_ms,
        h.match_leads, h.mapping
    FROM public.hooks h
    WHERE h.token_sha256 = wanted
$$;

CREATE FUNCTION public.find_session(wanted bytea) RETURNS TABLE(account_id integer, id bigint, last_seen_at timestamp with time zone, key_prefix text, scopes text[], dialer text, user_id bigint, email text, name text, role text, teams text[], agent text, language text, zone text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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

CREATE FUNCTION public.find_user(wanted text) RETURNS TABLE(account_id integer, id bigint, password_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT u.account_id, u.id, u.password_hash
    FROM public.users u
    WHERE u.email = wanted AND u.joined_at IS NOT NULL AND u.disabled_at IS NULL
$$;

CREATE FUNCTION public.find_user_link(wanted bytea, wanted_purpose public.link_purpose) RETURNS TABLE(account_id integer, id bigint, user_id bigint, email text, name text, account_name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT l.account_id, l.id, l.user_id, u.email, u.name, a.name
    FROM public.user_links l
    JOIN public.users u ON u.account_id = l.account_id AND u.id = l.user_id
    JOIN public.accounts a ON a.account_id = l.account_id
    WHERE l.token_sha256 = wanted AND l.purpose = wanted_purpose AND l.used_at IS NULL AND l.expires_at > now()
        AND u.disabled_at IS NULL AND (u.joined_at IS NULL) = (l.purpose = 'invitation')
$$;

CREATE FUNCTION public.finish_sign_in(subjects bytea[], place bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    DELETE FROM public.sign_in_attempts t
    WHERE t.subject = place OR t.id IN (
        SELECT max(o.id) FROM public.sign_in_attempts o WHERE o.subject = ANY (subjects) GROUP BY o.subject
    );
    DELETE FROM public.sign_in_places WHERE signed_in_at < clock_timestamp() - interval '30 days';
    INSERT INTO public.sign_in_places (subject, signed_in_at) VALUES (place, clock_timestamp())
    ON CONFLICT (subject) DO UPDATE SET signed_in_at = excluded.signed_in_at;
$$;

CREATE FUNCTION public.first_digits(pattern text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ('+'::text || split_part(replace(substr(pattern, 5), '()'::text, ''::text), '('::text, 1));

CREATE FUNCTION public.forget_audit_log(account integer, before timestamp with time zone, most integer) RETURNS TABLE(id bigint)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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

CREATE FUNCTION public.has_calls(wanted integer) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT EXISTS (SELECT FROM public.attempts a WHERE a.account_id = wanted)
        OR EXISTS (SELECT FROM public.inbound_calls c WHERE c.account_id = wanted)
$$;

CREATE FUNCTION public.is_demo(wanted integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT EXISTS (SELECT FROM public.demo_floors d WHERE d.demo_account_id = wanted)
$$;

CREATE FUNCTION public.lake_id(key bytea, number text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (substr(sha256((key || (replace(number, '\'::text, '\\'::text))::bytea)), 1, 8))::bigint;

CREATE FUNCTION public.list_accounts() RETURNS TABLE(account_id integer, code text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT a.account_id, a.code::text
    FROM public.accounts a
    ORDER BY a.account_id
$$;

CREATE FUNCTION public.make_demo_account(zone text, calls integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    WITH made AS (
        INSERT INTO public.accounts (code, name, zone, region, currency)
        SELECT 'demo-' || a.account_id, 'Demo floor', zone, 'US', 'USD'
        FROM public.accounts a
        WHERE a.account_id = public.current_account_id()
            AND NOT public.is_demo(a.account_id) AND NOT public.has_calls(a.account_id)
            AND NOT EXISTS (SELECT FROM public.demo_floors d WHERE d.account_id = a.account_id)
        RETURNING account_id
    )
    INSERT INTO public.demo_floors (account_id, demo_account_id, calls)
    SELECT public.current_account_id(), made.account_id, calls
    FROM made
    RETURNING demo_account_id
$$;

CREATE FUNCTION public.milliseconds_in(spans tstzmultirange) RETURNS integer
    LANGUAGE sql STABLE STRICT
    AS $$
    SELECT (COALESCE(sum(EXTRACT(EPOCH FROM upper(s) - lower(s))), 0) * 1000)::integer FROM unnest(spans) s
$$;

CREATE FUNCTION public.number_plans() RETURNS TABLE(country text, former text, becomes text, present text, was text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    VALUES
        ('MX', '^[+]52()1(\d{10})$', '+52\1\2', '^[+]52()(\d{10})$', '+52\11\2'),
        ('MX', '^[+]52()01(\d{10})$', '+52\1\2', '^[+]52()(\d{10})$', '+52\101\2'),
        ('MX', '^[+]52()044(\d{10})$', '+52\1\2', '^[+]52()(\d{10})$', '+52\1044\2'),
        ('MX', '^[+]52()045(\d{10})$', '+52\1\2', '^[+]52()(\d{10})$', '+52\1045\2'),
        ('AR', '^[+]54()9(\d{10})$', '+54\1\2', '^[+]54()(\d{10})$', '+54\19\2'),
        ('BR', '^[+]55([1-9][1-9])((?:[689]\d|7[1-6])\d{6})$', '+55\19\2', '^[+]55([1-9][1-9])9((?:[689]\d|7[1-6])\d{6})$', '+55\1\2'),
        ('CI', '^[+]225()([04-9][0-3]\d{6})$', '+225\101\2', '^[+]225()01([04-9][0-3]\d{6})$', '+225\1\2'),
        ('CI', '^[+]225()([04-9][4-6]\d{6})$', '+225\105\2', '^[+]225()05([04-9][4-6]\d{6})$', '+225\1\2'),
        ('CI', '^[+]225()([04-9][7-9]\d{6})$', '+225\107\2', '^[+]225()07([04-9][7-9]\d{6})$', '+225\1\2'),
        ('CI', '^[+]225()([23]\d0\d{5})$', '+225\125\2', '^[+]225()25([23]\d0\d{5})$', '+225\1\2'),
        ('CI', '^[+]225()([23]\d8\d{5})$', '+225\121\2', '^[+]225()21([23]\d8\d{5})$', '+225\1\2'),
        ('CI', '^[+]225()([23]\d[1-79]\d{5})$', '+225\127\2', '^[+]225()27([23]\d[1-79]\d{5})$', '+225\1\2'),
        ('BJ', '^[+]229()(\d{8})$', '+229\101\2', '^[+]229()01(\d{8})$', '+229\1\2'),
        ('VN', '^[+]84()162(\d{7})$', '+84\132\2', '^[+]84()32(\d{7})$', '+84\1162\2'),
        ('VN', '^[+]84()163(\d{7})$', '+84\133\2', '^[+]84()33(\d{7})$', '+84\1163\2'),
        ('VN', '^[+]84()164(\d{7})$', '+84\134\2', '^[+]84()34(\d{7})$', '+84\1164\2'),
        ('VN', '^[+]84()165(\d{7})$', '+84\135\2', '^[+]84()35(\d{7})$', '+84\1165\2'),
        ('VN', '^[+]84()166(\d{7})$', '+84\136\2', '^[+]84()36(\d{7})$', '+84\1166\2'),
        ('VN', '^[+]84()167(\d{7})$', '+84\137\2', '^[+]84()37(\d{7})$', '+84\1167\2'),
        ('VN', '^[+]84()168(\d{7})$', '+84\138\2', '^[+]84()38(\d{7})$', '+84\1168\2'),
        ('VN', '^[+]84()169(\d{7})$', '+84\139\2', '^[+]84()39(\d{7})$', '+84\1169\2'),
        ('VN', '^[+]84()120(\d{7})$', '+84\170\2', '^[+]84()70(\d{7})$', '+84\1120\2'),
        ('VN', '^[+]84()121(\d{7})$', '+84\179\2', '^[+]84()79(\d{7})$', '+84\1121\2'),
        ('VN', '^[+]84()122(\d{7})$', '+84\177\2', '^[+]84()77(\d{7})$', '+84\1122\2'),
        ('VN', '^[+]84()126(\d{7})$', '+84\176\2', '^[+]84()76(\d{7})$', '+84\1126\2'),
        ('VN', '^[+]84()128(\d{7})$', '+84\178\2', '^[+]84()78(\d{7})$', '+84\1128\2'),
        ('VN', '^[+]84()123(\d{7})$', '+84\183\2', '^[+]84()83(\d{7})$', '+84\1123\2'),
        ('VN', '^[+]84()124(\d{7})$', '+84\184\2', '^[+]84()84(\d{7})$', '+84\1124\2'),
        ('VN', '^[+]84()125(\d{7})$', '+84\185\2', '^[+]84()85(\d{7})$', '+84\1125\2'),
        ('VN', '^[+]84()127(\d{7})$', '+84\181\2', '^[+]84()81(\d{7})$', '+84\1127\2'),
        ('VN', '^[+]84()129(\d{7})$', '+84\182\2', '^[+]84()82(\d{7})$', '+84\1129\2'),
        ('VN', '^[+]84()186(\d{7})$', '+84\156\2', '^[+]84()56(\d{7})$', '+84\1186\2'),
        ('VN', '^[+]84()188(\d{7})$', '+84\158\2', '^[+]84()58(\d{7})$', '+84\1188\2'),
        ('VN', '^[+]84()199(\d{7})$', '+84\159\2', '^[+]84()59(\d{7})$', '+84\1199\2'),
        ('GA', '^[+]241()01(\d{6})$', '+241\111\2', '^[+]241()11(\d{6})$', '+241\101\2'),
        ('GA', '^[+]241()1(\d{6})$', '+241\111\2', '^[+]241()11(\d{6})$', '+241\11\2'),
        ('GA', '^[+]241()02(\d{6})$', '+241\162\2', '^[+]241()62(\d{6})$', '+241\102\2'),
        ('GA', '^[+]241()2(\d{6})$', '+241\162\2', '^[+]241()62(\d{6})$', '+241\12\2'),
        ('GA', '^[+]241()05(\d{6})$', '+241\165\2', '^[+]241()65(\d{6})$', '+241\105\2'),
        ('GA', '^[+]241()5(\d{6})$', '+241\165\2', '^[+]241()65(\d{6})$', '+241\15\2'),
        ('GA', '^[+]241()06(\d{6})$', '+241\166\2', '^[+]241()66(\d{6})$', '+241\106\2'),
        ('GA', '^[+]241()6(\d{6})$', '+241\166\2', '^[+]241()66(\d{6})$', '+241\16\2'),
        ('GA', '^[+]241()04(\d{6})$', '+241\174\2', '^[+]241()74(\d{6})$', '+241\104\2'),
        ('GA', '^[+]241()4(\d{6})$', '+241\174\2', '^[+]241()74(\d{6})$', '+241\14\2'),
        ('GA', '^[+]241()07(\d{6})$', '+241\177\2', '^[+]241()77(\d{6})$', '+241\107\2'),
        ('GA', '^[+]241()7(\d{6})$', '+241\177\2', '^[+]241()77(\d{6})$', '+241\17\2'),
        ('CO', '^[+]57()([124-8]\d{7})$', '+57\160\2', '^[+]57()60([124-8]\d{7})$', '+57\1\2'),
        ('CM', '^[+]237()([579]\d{7})$', '+237\16\2', '^[+]237()6([579]\d{7})$', '+237\1\2'),
        ('CM', '^[+]237()([23]\d{7})$', '+237\12\2', '^[+]237()2([23]\d{7})$', '+237\1\2')
$_$;

CREATE FUNCTION public.number_spellings(number text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    line text := split_part(number, ';', 1);
    extension text := substr(number, length(line) + 1);
BEGIN
    IF number !~ '^[+](225|229|237|241|52|54|55|57|84)' THEN
        RETURN ARRAY[number];
    END IF;
    line := present_number(line);
    RETURN ARRAY[number, line || extension] || ARRAY(
        SELECT regexp_replace(line, p.present, p.was) || extension
        FROM number_plans() p
        WHERE CASE WHEN starts_with(line, first_digits(p.present)) THEN line ~ p.present END
    );
END
$$;

CREATE FUNCTION public.present_number(number text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    line text := split_part(number, ';', 1);
BEGIN
    IF number !~ '^[+](225|229|237|241|52|54|55|57|84)' THEN
        RETURN number;
    END IF;
    RETURN COALESCE(
        (
            SELECT regexp_replace(line, p.former, p.becomes) || substr(number, length(line) + 1)
            FROM number_plans() p
            WHERE CASE WHEN starts_with(line, first_digits(p.former)) THEN line ~ p.former END
            LIMIT 1
        ),
        number
    );
END
$$;

CREATE FUNCTION public.record_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
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

CREATE FUNCTION public.record_many_changes() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
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

CREATE FUNCTION public.remove_demo_account() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
DECLARE
    demo integer;
    owned text;
BEGIN
    SELECT d.demo_account_id INTO demo
    FROM public.demo_floors d
    WHERE d.account_id = public.current_account_id()
    FOR UPDATE;
    IF demo IS NULL THEN
        RETURN false;
    END IF;
    FOR owned IN
        WITH RECURSIVE ranked (id, rank) AS (
            SELECT c.oid, 0
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                AND c.relname NOT IN ('accounts', 'audit_log')
            UNION
            SELECT f.confrelid, r.rank + 1
            FROM ranked r
            JOIN pg_constraint f ON f.contype = 'f' AND f.conrelid = r.id AND f.confrelid <> f.conrelid
            WHERE f.confrelid <> 'public.accounts'::regclass
        )
        SELECT r.id::regclass::text FROM ranked r GROUP BY r.id ORDER BY max(r.rank), 1
    LOOP
        EXECUTE format('DELETE FROM %s WHERE account_id = $1', owned) USING demo;
    END LOOP;
    -- The removal of other rows may write entries into the log of the account: it goes last.
    IF to_regclass('public.audit_log') IS NOT NULL THEN
        EXECUTE 'DELETE FROM public.audit_log WHERE account_id = $1' USING demo;
    END IF;
    DELETE FROM public.demo_floors d WHERE d.demo_account_id = demo;
    DELETE FROM public.accounts a WHERE a.account_id = demo;
    RETURN true;
END
$_$;

CREATE FUNCTION public.replace_agents(account integer, codes text[], replacements text[]) RETURNS void
    LANGUAGE plpgsql
    AS $_$
DECLARE
    place record;
    changes text;
    holds text;
BEGIN
    FOR place IN
        SELECT
            c.relname AS name,
            (
                SELECT array_agg(a.attname::text)
                FROM pg_index i
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
                WHERE i.indrelid = c.oid AND i.indisprimary AND a.attname <> 'account_id'
            ) AS key,
            array_agg(a.attname::text) FILTER (WHERE a.atttypid <> 'jsonb'::regtype) AS columns,
            COALESCE(array_agg(a.attname::text) FILTER (WHERE a.atttypid = 'jsonb'::regtype), '{}') AS lists
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND to_regclass(c.relname || '_history') IS NOT NULL
            AND (
                a.attname IN ('agent', 'disposition_agent', 'owner', 'manager', 'evaluator')
                OR a.attname IN ('participants', 'outcomes', 'shares', 'offers', 'segments')
                OR c.relname = 'agents' AND a.attname IN ('code', 'merged_into')
            )
        GROUP BY c.oid, c.relname
        ORDER BY c.relname = 'agents', c.relname
    LOOP
        SELECT string_agg(c.change, ', '), string_agg(c.hold, ' OR ') INTO changes, holds
        FROM (
            SELECT
                format('%1$I = COALESCE((SELECT m.replacement FROM unnest($2, $3) m (code, replacement) WHERE m.code = v.%1$I), v.%1$I)', name) AS change,
                format('v.%I = ANY($2)', name) AS hold
            FROM unnest(place.columns) name
            UNION ALL
            SELECT
                format('%1$I = with_agents_replaced(v.%1$I, $2, $3)', name),
                format('EXISTS (SELECT FROM jsonb_array_elements(v.%I) e WHERE e->>''agent'' = ANY($2))', name)
            FROM unnest(place.lists) name
        ) c;
        EXECUTE format(
            'UPDATE %1$I t SET changed_xid = pg_current_xact_id() WHERE t.account_id = $1 AND EXISTS ('
            ' SELECT FROM %2$I v WHERE v.account_id = $1 AND %3$s AND (%4$s))',
            place.name,
            place.name || '_history',
            (SELECT string_agg(format('v.%1$I = t.%1$I', name), ' AND ') FROM unnest(place.key) name),
            holds
        ) USING account, codes;
        EXECUTE format('UPDATE %I v SET %s WHERE v.account_id = $1 AND (%s)', place.name || '_history', changes, holds)
        USING account, codes, replacements;
        EXECUTE format(
            'UPDATE %I v SET %s, changed_xid = pg_current_xact_id() WHERE v.account_id = $1 AND (%s)',
            place.name,
            changes,
            holds
        ) USING account, codes, replacements;
    END LOOP;
END $_$;

CREATE FUNCTION public.stamps_without_words(stamps jsonb, note text, contact text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN NULLIF((stamps - array_remove(ARRAY[CASE WHEN (note IS NULL) THEN 'note'::text ELSE NULL::text END, CASE WHEN (contact IS NULL) THEN 'contact'::text ELSE NULL::text END], NULL::text)), '{}'::jsonb);

CREATE FUNCTION public.take_demo_ids(attempts bigint, leads bigint) RETURNS TABLE(last_attempt bigint, last_lead bigint, xid text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
BEGIN
    IF NOT public.is_demo(public.current_account_id()) THEN
        RAISE EXCEPTION 'this account is no demo floor';
    END IF;
    LOCK TABLE public.attempts, public.leads IN SHARE ROW EXCLUSIVE MODE;
    RETURN QUERY SELECT
        setval('public.attempts_id_seq', nextval('public.attempts_id_seq') + attempts),
        setval('public.leads_id_seq', nextval('public.leads_id_seq') + leads),
        pg_current_xact_id()::text;
END
$$;

CREATE FUNCTION public.tells_number(written text, endings text[], digits text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((written ~~ ANY (endings)) AND (regexp_replace(written, '[^[:alnum:]]+'::text, ''::text, 'g'::text) ~~ ANY (digits)));

CREATE FUNCTION public.unite_calls(a jsonb, b jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.entry->>'dialer' COLLATE "C", e.entry->>'external_id' COLLATE "C")
    FROM (
        SELECT DISTINCT entry FROM jsonb_array_elements(COALESCE(a, '[]') || COALESCE(b, '[]')) entry
    ) e
$$;

CREATE FUNCTION public.unite_earliest(a jsonb, b jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT jsonb_object_agg(n.key, n.earliest)
    FROM (
        SELECT e.key, min(e.value::text::bigint) AS earliest
        FROM (
            SELECT key, value FROM jsonb_each(COALESCE(a, '{}'))
            UNION ALL
            SELECT key, value FROM jsonb_each(COALESCE(b, '{}'))
        ) e
        GROUP BY e.key
    ) n
$$;

CREATE FUNCTION public.unite_offers(a jsonb, b jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.from_at, e.agent COLLATE "C")
    FROM (
        SELECT
            o.from_at,
            o.agent,
            jsonb_strip_nulls(jsonb_build_object(
                'agent', o.agent,
                'from_at', o.from_at,
                'to_at', max(o.to_at COLLATE "C"),
                'answered', bool_or(o.answered)
            )) AS entry
        FROM jsonb_to_recordset(COALESCE(a, '[]') || COALESCE(b, '[]'))
            AS o (agent text, from_at text, to_at text, answered boolean)
        GROUP BY o.from_at, o.agent
    ) e
$$;

CREATE FUNCTION public.unite_participants(a jsonb, b jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.from_at NULLS FIRST, e.agent COLLATE "C", e.state)
    FROM (
        SELECT
            p.from_at,
            p.agent,
            p.state,
            jsonb_strip_nulls(jsonb_build_object(
                'agent', p.agent,
                'from_at', p.from_at,
                'state', p.state,
                'to_at', max(p.to_at COLLATE "C"),
                'role', max(p.role COLLATE "C"),
                'talk_seconds', max(p.talk_seconds)
            )) AS entry
        FROM jsonb_to_recordset(COALESCE(a, '[]') || COALESCE(b, '[]'))
            AS p (agent text, from_at text, state text, to_at text, role text, talk_seconds numeric)
        GROUP BY p.from_at, p.agent, p.state
    ) e
$$;

CREATE FUNCTION public.unite_segments(a jsonb, b jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT jsonb_agg(e.entry ORDER BY e.queued_at, e.queue COLLATE "C")
    FROM (
        SELECT
            s.queued_at,
            s.queue,
            jsonb_strip_nulls(jsonb_build_object(
                'queue', s.queue,
                'queued_at', s.queued_at,
                'left_at', max(s.left_at COLLATE "C"),
                'wait_seconds', max(s.wait_seconds),
                'agent', max(s.agent COLLATE "C"),
                'outcome', (ARRAY['moved', 'abandoned', 'missed', 'voicemail', 'callback', 'answered'])[max(
                    array_position(
                        ARRAY['moved', 'abandoned', 'missed', 'voicemail', 'callback', 'answered'], s.outcome
                    )
                )]
            )) AS entry
        FROM jsonb_to_recordset(COALESCE(a, '[]') || COALESCE(b, '[]'))
            AS s (queue text, queued_at text, left_at text, wait_seconds numeric, agent text, outcome text)
        GROUP BY s.queued_at, s.queue
    ) e
$$;

CREATE FUNCTION public.uploads_in_work() RETURNS TABLE(account_id integer, id text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT u.account_id, u.id FROM public.uploads u WHERE u.state IN ('checking', 'importing') ORDER BY u.created_at
$$;

CREATE FUNCTION public.uploads_to_remove(age interval) RETURNS TABLE(account_id integer, id text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    SELECT u.account_id, u.id
    FROM public.uploads u
    WHERE u.removed_at IS NULL AND u.created_at < now() - age AND u.state NOT IN ('checking', 'importing')
    ORDER BY u.created_at
    LIMIT 1000
$$;

CREATE FUNCTION public.with_agents_replaced(entries jsonb, codes text[], replacements text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT jsonb_agg(CASE WHEN (m.code IS NULL) THEN e.entry ELSE (e.entry || jsonb_build_object('agent', m.replacement)) END ORDER BY e.place) AS jsonb_agg FROM (jsonb_array_elements(with_agents_replaced.entries) WITH ORDINALITY e(entry, place) LEFT JOIN UNNEST(with_agents_replaced.codes, with_agents_replaced.replacements) m(code, replacement) ON ((m.code = (e.entry ->> 'agent'::text)))));

CREATE TABLE public.accounts (
    account_id integer NOT NULL,
    code public.code NOT NULL,
    name text NOT NULL,
    zone text DEFAULT 'UTC'::text NOT NULL,
    region public.iso_country DEFAULT 'US'::text NOT NULL,
    currency public.iso_currency DEFAULT 'USD'::text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    lake_key bytea DEFAULT (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) NOT NULL,
    second_factor_required boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY public.accounts ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.accounts.region IS 'Country assumed for a phone number written without its country code.';

COMMENT ON COLUMN public.accounts.lake_key IS 'Keys the hash that stands for a phone number outside the ledger. Whoever holds it can tell numbers from their ids.';

COMMENT ON COLUMN public.accounts.second_factor_required IS 'Whether everybody with a password needs an authenticator app.';

ALTER TABLE public.accounts ALTER COLUMN account_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.accounts_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_history (
    account_id integer NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    region public.iso_country NOT NULL,
    currency public.iso_currency NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT accounts_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.accounts_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.agent_states (
    account_id integer NOT NULL,
    agent public.code NOT NULL,
    from_at timestamp with time zone NOT NULL,
    state public.agent_state,
    reason text COLLATE pg_catalog."C",
    to_at timestamp with time zone,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.agent_states ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.agent_states.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.agent_states_history (
    account_id integer CONSTRAINT agent_states_account_id_not_null NOT NULL,
    agent public.code CONSTRAINT agent_states_agent_not_null NOT NULL,
    from_at timestamp with time zone CONSTRAINT agent_states_from_at_not_null NOT NULL,
    state public.agent_state,
    reason text COLLATE pg_catalog."C",
    to_at timestamp with time zone,
    observed_at timestamp with time zone CONSTRAINT agent_states_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT agent_states_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT agent_states_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT agent_states_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.agent_states_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.agent_states_versions WITH (security_invoker='true') AS
 SELECT agent_states.account_id,
    agent_states.agent,
    agent_states.from_at,
    agent_states.state,
    agent_states.reason,
    agent_states.to_at,
    agent_states.observed_at,
    agent_states.stamps,
    agent_states.recorded_at,
    agent_states.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.agent_states
UNION ALL
 SELECT agent_states_history.account_id,
    agent_states_history.agent,
    agent_states_history.from_at,
    agent_states_history.state,
    agent_states_history.reason,
    agent_states_history.to_at,
    agent_states_history.observed_at,
    agent_states_history.stamps,
    agent_states_history.recorded_at,
    agent_states_history.changed_xid,
    agent_states_history.superseded_at
   FROM public.agent_states_history;

CREATE TABLE public.agents (
    account_id integer NOT NULL,
    code public.code NOT NULL,
    name text,
    team public.code,
    zone text,
    confirmed boolean DEFAULT false NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);
ALTER TABLE ONLY public.agents ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.agents_history (
    account_id integer CONSTRAINT agents_account_id_not_null NOT NULL,
    code public.code CONSTRAINT agents_code_not_null NOT NULL,
    name text,
    team public.code,
    zone text,
    confirmed boolean CONSTRAINT agents_confirmed_not_null NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone CONSTRAINT agents_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT agents_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT agents_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.agents_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.agents_versions WITH (security_invoker='true') AS
 SELECT agents.account_id,
    agents.code,
    agents.name,
    agents.team,
    agents.zone,
    agents.confirmed,
    agents.merged_into,
    agents.recorded_at,
    agents.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.agents
UNION ALL
 SELECT agents_history.account_id,
    agents_history.code,
    agents_history.name,
    agents_history.team,
    agents_history.zone,
    agents_history.confirmed,
    agents_history.merged_into,
    agents_history.recorded_at,
    agents_history.changed_xid,
    agents_history.superseded_at
   FROM public.agents_history;

CREATE TABLE public.api_keys (
    account_id integer NOT NULL,
    prefix text NOT NULL COLLATE pg_catalog."C",
    secret_sha256 bytea NOT NULL,
    name text NOT NULL,
    scopes public.scope[] NOT NULL,
    dialer public.code,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone
);
ALTER TABLE ONLY public.api_keys ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.appointments (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    lead public.code,
    dialer public.code,
    attempt public.code,
    agent public.code,
    set_at timestamp with time zone NOT NULL,
    scheduled_at timestamp with time zone,
    status public.appointment_status,
    status_at timestamp with time zone,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.appointments ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.appointments.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.appointments_history (
    account_id integer CONSTRAINT appointments_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT appointments_external_id_not_null NOT NULL,
    lead public.code,
    dialer public.code,
    attempt public.code,
    agent public.code,
    set_at timestamp with time zone CONSTRAINT appointments_set_at_not_null NOT NULL,
    scheduled_at timestamp with time zone,
    status public.appointment_status,
    status_at timestamp with time zone,
    observed_at timestamp with time zone CONSTRAINT appointments_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT appointments_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT appointments_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT appointments_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.appointments_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.appointments_versions WITH (security_invoker='true') AS
 SELECT appointments.account_id,
    appointments.external_id,
    appointments.lead,
    appointments.dialer,
    appointments.attempt,
    appointments.agent,
    appointments.set_at,
    appointments.scheduled_at,
    appointments.status,
    appointments.status_at,
    appointments.observed_at,
    appointments.stamps,
    appointments.recorded_at,
    appointments.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.appointments
UNION ALL
 SELECT appointments_history.account_id,
    appointments_history.external_id,
    appointments_history.lead,
    appointments_history.dialer,
    appointments_history.attempt,
    appointments_history.agent,
    appointments_history.set_at,
    appointments_history.scheduled_at,
    appointments_history.status,
    appointments_history.status_at,
    appointments_history.observed_at,
    appointments_history.stamps,
    appointments_history.recorded_at,
    appointments_history.changed_xid,
    appointments_history.superseded_at
   FROM public.appointments_history;

CREATE TABLE public.attempts (
    account_id integer NOT NULL,
    dialer public.code NOT NULL,
    external_id public.code NOT NULL,
    id bigint NOT NULL,
    campaign public.code,
    agent public.code,
    lead public.code,
    said_source public.code,
    source public.code,
    tracking_number public.code,
    attributed_by public.attributed_by,
    to_number public.code,
    to_country public.iso_country,
    to_region text,
    to_zones text[],
    from_number public.code,
    dialed_at timestamp with time zone,
    answered_at timestamp with time zone,
    agent_joined_at timestamp with time zone,
    ended_at timestamp with time zone,
    ring_ms integer,
    talk_ms integer,
    hold_ms integer,
    wrap_ms integer,
    dead_ms integer,
    network_result public.network_result,
    answered_by public.answered_by,
    detector public.detector,
    handled public.handled,
    participants jsonb,
    recording jsonb,
    test boolean,
    disposition public.code,
    disposition_set_at timestamp with time zone,
    disposition_agent public.code,
    callback_at timestamp with time zone,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    said_lead public.code,
    lead_by public.lead_match,
    lead_matching boolean,
    contact public.code,
    said_talk_ms integer,
    said_hold_ms integer,
    shares jsonb,
    spam boolean,
    value numeric(20,4),
    outcomes jsonb,
    outcomes_at timestamp with time zone,
    outcomes_received_at timestamp with time zone,
    first_set jsonb,
    rang_at timestamp with time zone,
    person_after_ms integer,
    note text COLLATE pg_catalog."C",
    lead_zone text,
    digests bigint[]
);
ALTER TABLE ONLY public.attempts ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.attempts.lead IS 'said_lead, else the lead with the called number; lead_by says which.';

COMMENT ON COLUMN public.attempts.source IS 'said_source, else the source of the tracking number''s assignment at dialed_at.';

COMMENT ON COLUMN public.attempts.to_number IS 'E.164, or the text as given when it is not a phone number (then to_country is null).';

COMMENT ON COLUMN public.attempts.dialed_at IS 'Null while the attempt is known only from its dispositions; such a row is in no report.';

COMMENT ON COLUMN public.attempts.talk_ms IS 'By the parts of its agents where these are known, else said_talk_ms.';

COMMENT ON COLUMN public.attempts.disposition IS 'The current disposition: the latest set_at, ties by code.';

COMMENT ON COLUMN public.attempts.lead_matching IS 'False where the sender wants no lead found by number.';

COMMENT ON COLUMN public.attempts.outcomes IS 'All outcomes on the call at outcomes_at, where the sender tells all; disposition is the one that counts.';

COMMENT ON COLUMN public.attempts.first_set IS 'When each code without a time of its own was first reported, in microseconds since 1970.';

COMMENT ON COLUMN public.attempts.person_after_ms IS 'An answered call with this much talk counts as answered by a person; null: never for its length.';

COMMENT ON COLUMN public.attempts.lead_zone IS 'The time zone that its lead states; the hour over there follows it before the zones of the number.';

COMMENT ON COLUMN public.attempts.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.attempts_history (
    account_id integer CONSTRAINT attempts_account_id_not_null NOT NULL,
    dialer public.code CONSTRAINT attempts_dialer_not_null NOT NULL,
    external_id public.code CONSTRAINT attempts_external_id_not_null NOT NULL,
    id bigint CONSTRAINT attempts_id_not_null NOT NULL,
    campaign public.code,
    agent public.code,
    lead public.code,
    said_source public.code,
    source public.code,
    tracking_number public.code,
    attributed_by public.attributed_by,
    to_number public.code,
    to_country public.iso_country,
    to_region text,
    to_zones text[],
    from_number public.code,
    dialed_at timestamp with time zone,
    answered_at timestamp with time zone,
    agent_joined_at timestamp with time zone,
    ended_at timestamp with time zone,
    ring_ms integer,
    talk_ms integer,
    hold_ms integer,
    wrap_ms integer,
    dead_ms integer,
    network_result public.network_result,
    answered_by public.answered_by,
    detector public.detector,
    handled public.handled,
    participants jsonb,
    recording jsonb,
    test boolean,
    disposition public.code,
    disposition_set_at timestamp with time zone,
    disposition_agent public.code,
    callback_at timestamp with time zone,
    observed_at timestamp with time zone CONSTRAINT attempts_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT attempts_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT attempts_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    said_lead public.code,
    lead_by public.lead_match,
    lead_matching boolean,
    contact public.code,
    said_talk_ms integer,
    said_hold_ms integer,
    shares jsonb,
    spam boolean,
    value numeric(20,4),
    outcomes jsonb,
    outcomes_at timestamp with time zone,
    outcomes_received_at timestamp with time zone,
    first_set jsonb,
    rang_at timestamp with time zone,
    person_after_ms integer,
    note text COLLATE pg_catalog."C",
    lead_zone text,
    CONSTRAINT attempts_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.attempts_history ALTER COLUMN account_id SET STATISTICS 0;

ALTER TABLE public.attempts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.attempts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.attempts_versions WITH (security_invoker='true') AS
 SELECT attempts.account_id,
    attempts.dialer,
    attempts.external_id,
    attempts.id,
    attempts.campaign,
    attempts.agent,
    attempts.lead,
    attempts.said_source,
    attempts.source,
    attempts.tracking_number,
    attempts.attributed_by,
    attempts.to_number,
    attempts.to_country,
    attempts.to_region,
    attempts.to_zones,
    attempts.from_number,
    attempts.dialed_at,
    attempts.answered_at,
    attempts.agent_joined_at,
    attempts.ended_at,
    attempts.ring_ms,
    attempts.talk_ms,
    attempts.hold_ms,
    attempts.wrap_ms,
    attempts.dead_ms,
    attempts.network_result,
    attempts.answered_by,
    attempts.detector,
    attempts.handled,
    attempts.participants,
    attempts.recording,
    attempts.test,
    attempts.disposition,
    attempts.disposition_set_at,
    attempts.disposition_agent,
    attempts.callback_at,
    attempts.observed_at,
    attempts.stamps,
    attempts.recorded_at,
    attempts.changed_xid,
    attempts.said_lead,
    attempts.lead_by,
    attempts.lead_matching,
    attempts.contact,
    attempts.said_talk_ms,
    attempts.said_hold_ms,
    attempts.shares,
    attempts.spam,
    attempts.value,
    attempts.outcomes,
    attempts.outcomes_at,
    attempts.outcomes_received_at,
    attempts.first_set,
    attempts.rang_at,
    attempts.person_after_ms,
    attempts.note,
    attempts.lead_zone,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.attempts
UNION ALL
 SELECT attempts_history.account_id,
    attempts_history.dialer,
    attempts_history.external_id,
    attempts_history.id,
    attempts_history.campaign,
    attempts_history.agent,
    attempts_history.lead,
    attempts_history.said_source,
    attempts_history.source,
    attempts_history.tracking_number,
    attempts_history.attributed_by,
    attempts_history.to_number,
    attempts_history.to_country,
    attempts_history.to_region,
    attempts_history.to_zones,
    attempts_history.from_number,
    attempts_history.dialed_at,
    attempts_history.answered_at,
    attempts_history.agent_joined_at,
    attempts_history.ended_at,
    attempts_history.ring_ms,
    attempts_history.talk_ms,
    attempts_history.hold_ms,
    attempts_history.wrap_ms,
    attempts_history.dead_ms,
    attempts_history.network_result,
    attempts_history.answered_by,
    attempts_history.detector,
    attempts_history.handled,
    attempts_history.participants,
    attempts_history.recording,
    attempts_history.test,
    attempts_history.disposition,
    attempts_history.disposition_set_at,
    attempts_history.disposition_agent,
    attempts_history.callback_at,
    attempts_history.observed_at,
    attempts_history.stamps,
    attempts_history.recorded_at,
    attempts_history.changed_xid,
    attempts_history.said_lead,
    attempts_history.lead_by,
    attempts_history.lead_matching,
    attempts_history.contact,
    attempts_history.said_talk_ms,
    attempts_history.said_hold_ms,
    attempts_history.shares,
    attempts_history.spam,
    attempts_history.value,
    attempts_history.outcomes,
    attempts_history.outcomes_at,
    attempts_history.outcomes_received_at,
    attempts_history.first_set,
    attempts_history.rang_at,
    attempts_history.person_after_ms,
    attempts_history.note,
    attempts_history.lead_zone,
    attempts_history.superseded_at
   FROM public.attempts_history;

CREATE TABLE public.audit_log (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    actor public.actor_kind DEFAULT (COALESCE(public.acting('kind'::text), 'service'::text))::public.actor_kind NOT NULL,
    name text DEFAULT public.acting('name'::text) COLLATE pg_catalog."C",
    client text DEFAULT public.acting('client'::text) COLLATE pg_catalog."C",
    address text DEFAULT public.acting('address'::text) COLLATE pg_catalog."C",
    action public.audited_action NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    changes jsonb
);

COMMENT ON COLUMN public.audit_log.name IS 'The e-mail of a user, the prefix of a key, the system user of a command.';

COMMENT ON COLUMN public.audit_log.client IS 'The network address that the request came from.';

COMMENT ON COLUMN public.audit_log.address IS 'What was called, without secrets and phone numbers.';

COMMENT ON COLUMN public.audit_log.resource IS 'What kind of thing it was about, as in addresses of the API.';

COMMENT ON COLUMN public.audit_log.changes IS 'For each changed field its value before and after; null in place of a secret.';

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.calendars (
    account_id integer NOT NULL,
    team public.code NOT NULL,
    zone text NOT NULL,
    hours jsonb NOT NULL,
    holidays jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);
ALTER TABLE ONLY public.calendars ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.calendars.team IS 'The team of agents; default is the calendar of every team that has none.';

COMMENT ON COLUMN public.calendars.hours IS 'monday to sunday, each a list in order, such as ["09:00-12:30", "13:00-24:00"].';

COMMENT ON COLUMN public.calendars.holidays IS 'In order: on, name, and the hours of that day in place of its weekday''s.';

CREATE TABLE public.calendars_history (
    account_id integer CONSTRAINT calendars_account_id_not_null NOT NULL,
    team public.code CONSTRAINT calendars_team_not_null NOT NULL,
    zone text CONSTRAINT calendars_zone_not_null NOT NULL,
    hours jsonb CONSTRAINT calendars_hours_not_null NOT NULL,
    holidays jsonb CONSTRAINT calendars_holidays_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT calendars_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT calendars_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT calendars_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.calendars_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.calendars_versions WITH (security_invoker='true') AS
 SELECT calendars.account_id,
    calendars.team,
    calendars.zone,
    calendars.hours,
    calendars.holidays,
    calendars.recorded_at,
    calendars.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.calendars
UNION ALL
 SELECT calendars_history.account_id,
    calendars_history.team,
    calendars_history.zone,
    calendars_history.hours,
    calendars_history.holidays,
    calendars_history.recorded_at,
    calendars_history.changed_xid,
    calendars_history.superseded_at
   FROM public.calendars_history;

CREATE TABLE public.campaigns (
    account_id integer NOT NULL,
    code public.code NOT NULL,
    name text,
    source public.code,
    region public.iso_country,
    zone text,
    starts_on date,
    ends_on date,
    confirmed boolean DEFAULT false NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);
ALTER TABLE ONLY public.campaigns ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.campaigns_history (
    account_id integer CONSTRAINT campaigns_account_id_not_null NOT NULL,
    code public.code CONSTRAINT campaigns_code_not_null NOT NULL,
    name text,
    source public.code,
    region public.iso_country,
    zone text,
    starts_on date,
    ends_on date,
    confirmed boolean CONSTRAINT campaigns_confirmed_not_null NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone CONSTRAINT campaigns_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT campaigns_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT campaigns_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.campaigns_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.campaigns_versions WITH (security_invoker='true') AS
 SELECT campaigns.account_id,
    campaigns.code,
    campaigns.name,
    campaigns.source,
    campaigns.region,
    campaigns.zone,
    campaigns.starts_on,
    campaigns.ends_on,
    campaigns.confirmed,
    campaigns.merged_into,
    campaigns.recorded_at,
    campaigns.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.campaigns
UNION ALL
 SELECT campaigns_history.account_id,
    campaigns_history.code,
    campaigns_history.name,
    campaigns_history.source,
    campaigns_history.region,
    campaigns_history.zone,
    campaigns_history.starts_on,
    campaigns_history.ends_on,
    campaigns_history.confirmed,
    campaigns_history.merged_into,
    campaigns_history.recorded_at,
    campaigns_history.changed_xid,
    campaigns_history.superseded_at
   FROM public.campaigns_history;

CREATE TABLE public.cases_history (
    account_id integer CONSTRAINT cases_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT cases_external_id_not_null NOT NULL,
    lead public.code,
    agent public.code,
    queue public.code,
    topic public.code,
    source public.code,
    campaign public.code,
    opened_at timestamp with time zone,
    resolved_at timestamp with time zone,
    reopened_at timestamp with time zone,
    closed_at timestamp with time zone,
    escalated_at timestamp with time zone,
    escalated_to public.code,
    calls jsonb,
    test boolean,
    observed_at timestamp with time zone CONSTRAINT cases_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT cases_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT cases_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT cases_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.cases_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.cases_versions WITH (security_invoker='true') AS
 SELECT cases.account_id,
    cases.external_id,
    cases.lead,
    cases.agent,
    cases.queue,
    cases.topic,
    cases.source,
    cases.campaign,
    cases.opened_at,
    cases.resolved_at,
    cases.reopened_at,
    cases.closed_at,
    cases.escalated_at,
    cases.escalated_to,
    cases.calls,
    cases.test,
    cases.observed_at,
    cases.stamps,
    cases.recorded_at,
    cases.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.cases
UNION ALL
 SELECT cases_history.account_id,
    cases_history.external_id,
    cases_history.lead,
    cases_history.agent,
    cases_history.queue,
    cases_history.topic,
    cases_history.source,
    cases_history.campaign,
    cases_history.opened_at,
    cases_history.resolved_at,
    cases_history.reopened_at,
    cases_history.closed_at,
    cases_history.escalated_at,
    cases_history.escalated_to,
    cases_history.calls,
    cases_history.test,
    cases_history.observed_at,
    cases_history.stamps,
    cases_history.recorded_at,
    cases_history.changed_xid,
    cases_history.superseded_at
   FROM public.cases_history;

CREATE TABLE public.configuration_edits (
    account_id integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    recorded_at timestamp with time zone NOT NULL,
    author text COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.configuration_edits ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.configuration_edits.author IS 'The prefix of an API key, or user: and the id of a person; null for a command.';

CREATE TABLE public.customers (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    customer public.code,
    lead public.code,
    since_on date,
    until_on date,
    reason text COLLATE pg_catalog."C",
    value numeric(20,4),
    gross_profit numeric(20,4),
    value_per public.value_period,
    currency public.iso_currency,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.customers ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.customers.customer IS 'Null: the customer has no other row, and its external_id names it.';

COMMENT ON COLUMN public.customers.until_on IS 'The last day as a customer under this contract.';

COMMENT ON COLUMN public.customers.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.customers_history (
    account_id integer CONSTRAINT customers_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT customers_external_id_not_null NOT NULL,
    customer public.code,
    lead public.code,
    since_on date,
    until_on date,
    reason text COLLATE pg_catalog."C",
    value numeric(20,4),
    gross_profit numeric(20,4),
    value_per public.value_period,
    currency public.iso_currency,
    observed_at timestamp with time zone CONSTRAINT customers_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT customers_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT customers_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT customers_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.customers_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.customers_versions WITH (security_invoker='true') AS
 SELECT customers.account_id,
    customers.external_id,
    customers.customer,
    customers.lead,
    customers.since_on,
    customers.until_on,
    customers.reason,
    customers.value,
    customers.gross_profit,
    customers.value_per,
    customers.currency,
    customers.observed_at,
    customers.stamps,
    customers.recorded_at,
    customers.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.customers
UNION ALL
 SELECT customers_history.account_id,
    customers_history.external_id,
    customers_history.customer,
    customers_history.lead,
    customers_history.since_on,
    customers_history.until_on,
    customers_history.reason,
    customers_history.value,
    customers_history.gross_profit,
    customers_history.value_per,
    customers_history.currency,
    customers_history.observed_at,
    customers_history.stamps,
    customers_history.recorded_at,
    customers_history.changed_xid,
    customers_history.superseded_at
   FROM public.customers_history;

CREATE TABLE public.deliveries (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    hook bigint NOT NULL,
    key_sha256 bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    method text NOT NULL COLLATE pg_catalog."C",
    query text COLLATE pg_catalog."C",
    headers jsonb,
    body bytea,
    event text NOT NULL COLLATE pg_catalog."C",
    status public.delivery_status NOT NULL,
    problem jsonb,
    said jsonb,
    calls text[] NOT NULL COLLATE pg_catalog."C",
    seen integer DEFAULT 1 NOT NULL
);
ALTER TABLE ONLY public.deliveries ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.deliveries.key_sha256 IS 'SHA-256 of what tells it from the hook''s other deliveries.';

COMMENT ON COLUMN public.deliveries.body IS 'As it came, without secrets; null, as query and headers are, where a hook stored too much that day or a person in it was erased.';

COMMENT ON COLUMN public.deliveries.said IS 'The items that were taken from it; null where there were none, or a person in it was erased.';

COMMENT ON COLUMN public.deliveries.calls IS 'The calls that these are about.';

COMMENT ON COLUMN public.deliveries.seen IS 'How often it came.';

ALTER TABLE public.deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.demo_floors (
    account_id integer NOT NULL,
    demo_account_id integer NOT NULL,
    state public.demo_state DEFAULT 'filling'::public.demo_state NOT NULL,
    calls integer NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT demo_floors_calls_check CHECK ((calls >= 0))
);

COMMENT ON COLUMN public.demo_floors.demo_account_id IS 'The account with the simulated calls.';

COMMENT ON COLUMN public.demo_floors.calls IS 'How many calls the floor has once it is filled.';

COMMENT ON COLUMN public.demo_floors.changed_at IS 'A floor that is filling and has not changed for minutes was interrupted.';

CREATE TABLE public.different_names (
    account_id integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    code public.code NOT NULL,
    other_code public.code NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    author text COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.different_names ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.disposition_codes (
    account_id integer NOT NULL,
    code public.code NOT NULL,
    name text,
    network_result public.network_result,
    answered_by public.answered_by,
    party public.party,
    handled public.handled,
    result public.result DEFAULT 'unmapped'::public.result NOT NULL,
    next_step public.next_step,
    confirmed boolean DEFAULT false NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);
ALTER TABLE ONLY public.disposition_codes ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.disposition_codes_history (
    account_id integer CONSTRAINT disposition_codes_account_id_not_null NOT NULL,
    code public.code CONSTRAINT disposition_codes_code_not_null NOT NULL,
    name text,
    network_result public.network_result,
    answered_by public.answered_by,
    party public.party,
    handled public.handled,
    result public.result CONSTRAINT disposition_codes_result_not_null NOT NULL,
    next_step public.next_step,
    confirmed boolean CONSTRAINT disposition_codes_confirmed_not_null NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone CONSTRAINT disposition_codes_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT disposition_codes_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT disposition_codes_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.disposition_codes_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.disposition_codes_versions WITH (security_invoker='true') AS
 SELECT disposition_codes.account_id,
    disposition_codes.code,
    disposition_codes.name,
    disposition_codes.network_result,
    disposition_codes.answered_by,
    disposition_codes.party,
    disposition_codes.handled,
    disposition_codes.result,
    disposition_codes.next_step,
    disposition_codes.confirmed,
    disposition_codes.merged_into,
    disposition_codes.recorded_at,
    disposition_codes.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.disposition_codes
UNION ALL
 SELECT disposition_codes_history.account_id,
    disposition_codes_history.code,
    disposition_codes_history.name,
    disposition_codes_history.network_result,
    disposition_codes_history.answered_by,
    disposition_codes_history.party,
    disposition_codes_history.handled,
    disposition_codes_history.result,
    disposition_codes_history.next_step,
    disposition_codes_history.confirmed,
    disposition_codes_history.merged_into,
    disposition_codes_history.recorded_at,
    disposition_codes_history.changed_xid,
    disposition_codes_history.superseded_at
   FROM public.disposition_codes_history;

CREATE TABLE public.dispositions (
    account_id integer NOT NULL,
    dialer public.code NOT NULL,
    attempt public.code NOT NULL,
    set_at timestamp with time zone NOT NULL,
    code public.code NOT NULL,
    agent public.code,
    callback_at timestamp with time zone,
    note text COLLATE pg_catalog."C",
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[],
    listed text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.dispositions ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.dispositions.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

COMMENT ON COLUMN public.dispositions.listed IS 'The code of an outcome in a list, which may hold several of one moment; empty for a disposition on its own.';

CREATE TABLE public.dispositions_history (
    account_id integer CONSTRAINT dispositions_account_id_not_null NOT NULL,
    dialer public.code CONSTRAINT dispositions_dialer_not_null NOT NULL,
    attempt public.code CONSTRAINT dispositions_attempt_not_null NOT NULL,
    set_at timestamp with time zone CONSTRAINT dispositions_set_at_not_null NOT NULL,
    code public.code CONSTRAINT dispositions_code_not_null NOT NULL,
    agent public.code,
    callback_at timestamp with time zone,
    note text COLLATE pg_catalog."C",
    observed_at timestamp with time zone CONSTRAINT dispositions_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT dispositions_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT dispositions_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    listed text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT dispositions_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.dispositions_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.dispositions_versions WITH (security_invoker='true') AS
 SELECT dispositions.account_id,
    dispositions.dialer,
    dispositions.attempt,
    dispositions.set_at,
    dispositions.listed,
    dispositions.code,
    dispositions.agent,
    dispositions.callback_at,
    dispositions.note,
    dispositions.observed_at,
    dispositions.stamps,
    dispositions.recorded_at,
    dispositions.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.dispositions
UNION ALL
 SELECT dispositions_history.account_id,
    dispositions_history.dialer,
    dispositions_history.attempt,
    dispositions_history.set_at,
    dispositions_history.listed,
    dispositions_history.code,
    dispositions_history.agent,
    dispositions_history.callback_at,
    dispositions_history.note,
    dispositions_history.observed_at,
    dispositions_history.stamps,
    dispositions_history.recorded_at,
    dispositions_history.changed_xid,
    dispositions_history.superseded_at
   FROM public.dispositions_history;

CREATE TABLE public.erased_leads (
    account_id integer NOT NULL,
    lead public.code NOT NULL,
    token public.code NOT NULL,
    erasure bigint NOT NULL
);
ALTER TABLE ONLY public.erased_leads ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.erased_leads.token IS 'What stands in place of other numbers that the lead is called at.';

CREATE TABLE public.erased_numbers (
    account_id integer NOT NULL,
    number_id bigint NOT NULL,
    token public.code NOT NULL,
    erasure bigint NOT NULL
);
ALTER TABLE ONLY public.erased_numbers ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.erased_numbers.number_id IS 'lake_id() of the number, by which it is known when somebody sends it again.';

COMMENT ON COLUMN public.erased_numbers.token IS 'What stands in its place; begins with erased-, as no number does.';

CREATE TABLE public.erasures (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    key_prefix text COLLATE pg_catalog."C",
    leads integer NOT NULL,
    attempts integer NOT NULL,
    dispositions integer NOT NULL,
    rejected_items integer NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    inbound_calls integer DEFAULT 0 NOT NULL,
    deliveries integer DEFAULT 0 NOT NULL,
    agents integer DEFAULT 0 NOT NULL,
    customers integer DEFAULT 0 NOT NULL,
    comments integer DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.erasures ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.erasures.key_prefix IS 'The API key that asked for it; null where the owner of the ledger did.';

COMMENT ON COLUMN public.erasures.comments IS 'Surveys and evaluations with a comment on the person, or by them.';

ALTER TABLE public.erasures ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.erasures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.evaluation_scores (
    account_id integer NOT NULL,
    evaluation public.code NOT NULL,
    item public.code NOT NULL,
    evaluated_at timestamp with time zone,
    not_applicable boolean,
    points numeric(20,4),
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.evaluation_scores ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.evaluation_scores.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.evaluation_scores_history (
    account_id integer CONSTRAINT evaluation_scores_account_id_not_null NOT NULL,
    evaluation public.code CONSTRAINT evaluation_scores_evaluation_not_null NOT NULL,
    item public.code CONSTRAINT evaluation_scores_item_not_null NOT NULL,
    evaluated_at timestamp with time zone,
    not_applicable boolean,
    points numeric(20,4),
    observed_at timestamp with time zone CONSTRAINT evaluation_scores_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT evaluation_scores_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT evaluation_scores_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT evaluation_scores_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.evaluation_scores_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.evaluation_scores_versions WITH (security_invoker='true') AS
 SELECT evaluation_scores.account_id,
    evaluation_scores.evaluation,
    evaluation_scores.item,
    evaluation_scores.evaluated_at,
    evaluation_scores.not_applicable,
    evaluation_scores.points,
    evaluation_scores.observed_at,
    evaluation_scores.stamps,
    evaluation_scores.recorded_at,
    evaluation_scores.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.evaluation_scores
UNION ALL
 SELECT evaluation_scores_history.account_id,
    evaluation_scores_history.evaluation,
    evaluation_scores_history.item,
    evaluation_scores_history.evaluated_at,
    evaluation_scores_history.not_applicable,
    evaluation_scores_history.points,
    evaluation_scores_history.observed_at,
    evaluation_scores_history.stamps,
    evaluation_scores_history.recorded_at,
    evaluation_scores_history.changed_xid,
    evaluation_scores_history.superseded_at
   FROM public.evaluation_scores_history;

CREATE TABLE public.evaluations (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    form public.code,
    form_version public.code,
    evaluated_at timestamp with time zone,
    evaluator public.code,
    dialer public.code,
    call public.code,
    case_id public.code,
    agent public.code,
    queue public.code,
    session public.code,
    auto_failed boolean,
    comment text,
    dispute_at timestamp with time zone,
    dispute public.dispute,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.evaluations ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.evaluations.session IS 'The calibration session: several evaluators score the same call.';

COMMENT ON COLUMN public.evaluations.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.evaluations_history (
    account_id integer CONSTRAINT evaluations_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT evaluations_external_id_not_null NOT NULL,
    form public.code,
    form_version public.code,
    evaluated_at timestamp with time zone,
    evaluator public.code,
    dialer public.code,
    call public.code,
    case_id public.code,
    agent public.code,
    queue public.code,
    session public.code,
    auto_failed boolean,
    comment text,
    dispute_at timestamp with time zone,
    dispute public.dispute,
    observed_at timestamp with time zone CONSTRAINT evaluations_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT evaluations_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT evaluations_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT evaluations_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.evaluations_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.evaluations_versions WITH (security_invoker='true') AS
 SELECT evaluations.account_id,
    evaluations.external_id,
    evaluations.form,
    evaluations.form_version,
    evaluations.evaluated_at,
    evaluations.evaluator,
    evaluations.dialer,
    evaluations.call,
    evaluations.case_id,
    evaluations.agent,
    evaluations.queue,
    evaluations.session,
    evaluations.auto_failed,
    evaluations.comment,
    evaluations.dispute_at,
    evaluations.dispute,
    evaluations.observed_at,
    evaluations.stamps,
    evaluations.recorded_at,
    evaluations.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.evaluations
UNION ALL
 SELECT evaluations_history.account_id,
    evaluations_history.external_id,
    evaluations_history.form,
    evaluations_history.form_version,
    evaluations_history.evaluated_at,
    evaluations_history.evaluator,
    evaluations_history.dialer,
    evaluations_history.call,
    evaluations_history.case_id,
    evaluations_history.agent,
    evaluations_history.queue,
    evaluations_history.session,
    evaluations_history.auto_failed,
    evaluations_history.comment,
    evaluations_history.dispute_at,
    evaluations_history.dispute,
    evaluations_history.observed_at,
    evaluations_history.stamps,
    evaluations_history.recorded_at,
    evaluations_history.changed_xid,
    evaluations_history.superseded_at
   FROM public.evaluations_history;

CREATE TABLE public.exchange_rates (
    account_id integer NOT NULL,
    base public.iso_currency NOT NULL,
    quote public.iso_currency NOT NULL,
    rate_on date NOT NULL,
    rate numeric(20,10),
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT rate_above_zero CHECK ((rate > (0)::numeric))
);
ALTER TABLE ONLY public.exchange_rates ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.exchange_rates.rate IS 'How many units of quote one unit of base is worth; null once it was withdrawn.';

CREATE TABLE public.exchange_rates_history (
    account_id integer CONSTRAINT exchange_rates_account_id_not_null NOT NULL,
    base public.iso_currency CONSTRAINT exchange_rates_base_not_null NOT NULL,
    quote public.iso_currency CONSTRAINT exchange_rates_quote_not_null NOT NULL,
    rate_on date CONSTRAINT exchange_rates_rate_on_not_null NOT NULL,
    rate numeric(20,10),
    recorded_at timestamp with time zone CONSTRAINT exchange_rates_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT exchange_rates_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT exchange_rates_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.exchange_rates_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.exchange_rates_versions WITH (security_invoker='true') AS
 SELECT exchange_rates.account_id,
    exchange_rates.base,
    exchange_rates.quote,
    exchange_rates.rate_on,
    exchange_rates.rate,
    exchange_rates.recorded_at,
    exchange_rates.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.exchange_rates
UNION ALL
 SELECT exchange_rates_history.account_id,
    exchange_rates_history.base,
    exchange_rates_history.quote,
    exchange_rates_history.rate_on,
    exchange_rates_history.rate,
    exchange_rates_history.recorded_at,
    exchange_rates_history.changed_xid,
    exchange_rates_history.superseded_at
   FROM public.exchange_rates_history;

CREATE TABLE public.first_steps (
    account_id integer NOT NULL,
    dismissed_at timestamp with time zone
);

COMMENT ON COLUMN public.first_steps.dismissed_at IS 'Null: the checklist is shown again.';

CREATE TABLE public.follow_ups (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    lead public.code,
    agent public.code,
    channel public.follow_up_channel,
    due_at timestamp with time zone,
    done_at timestamp with time zone,
    automated boolean,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.follow_ups ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.follow_ups.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.follow_ups_history (
    account_id integer CONSTRAINT follow_ups_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT follow_ups_external_id_not_null NOT NULL,
    lead public.code,
    agent public.code,
    channel public.follow_up_channel,
    due_at timestamp with time zone,
    done_at timestamp with time zone,
    automated boolean,
    observed_at timestamp with time zone CONSTRAINT follow_ups_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT follow_ups_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT follow_ups_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT follow_ups_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.follow_ups_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.follow_ups_versions WITH (security_invoker='true') AS
 SELECT follow_ups.account_id,
    follow_ups.external_id,
    follow_ups.lead,
    follow_ups.agent,
    follow_ups.channel,
    follow_ups.due_at,
    follow_ups.done_at,
    follow_ups.automated,
    follow_ups.observed_at,
    follow_ups.stamps,
    follow_ups.recorded_at,
    follow_ups.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.follow_ups
UNION ALL
 SELECT follow_ups_history.account_id,
    follow_ups_history.external_id,
    follow_ups_history.lead,
    follow_ups_history.agent,
    follow_ups_history.channel,
    follow_ups_history.due_at,
    follow_ups_history.done_at,
    follow_ups_history.automated,
    follow_ups_history.observed_at,
    follow_ups_history.stamps,
    follow_ups_history.recorded_at,
    follow_ups_history.changed_xid,
    follow_ups_history.superseded_at
   FROM public.follow_ups_history;

CREATE TABLE public.form_items (
    account_id integer NOT NULL,
    form public.code NOT NULL,
    form_version public.code NOT NULL,
    item public.code NOT NULL,
    section public.code,
    weight numeric(20,4),
    max_points numeric(20,4),
    auto_fail boolean,
    script boolean,
    from_on date,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.form_items ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.form_items.auto_fail IS 'Whether no points for this item take all points from the evaluation.';

COMMENT ON COLUMN public.form_items.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.form_items_history (
    account_id integer CONSTRAINT form_items_account_id_not_null NOT NULL,
    form public.code CONSTRAINT form_items_form_not_null NOT NULL,
    form_version public.code CONSTRAINT form_items_form_version_not_null NOT NULL,
    item public.code CONSTRAINT form_items_item_not_null NOT NULL,
    section public.code,
    weight numeric(20,4),
    max_points numeric(20,4),
    auto_fail boolean,
    script boolean,
    from_on date,
    observed_at timestamp with time zone CONSTRAINT form_items_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT form_items_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT form_items_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT form_items_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.form_items_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.form_items_versions WITH (security_invoker='true') AS
 SELECT form_items.account_id,
    form_items.form,
    form_items.form_version,
    form_items.item,
    form_items.section,
    form_items.weight,
    form_items.max_points,
    form_items.auto_fail,
    form_items.script,
    form_items.from_on,
    form_items.observed_at,
    form_items.stamps,
    form_items.recorded_at,
    form_items.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.form_items
UNION ALL
 SELECT form_items_history.account_id,
    form_items_history.form,
    form_items_history.form_version,
    form_items_history.item,
    form_items_history.section,
    form_items_history.weight,
    form_items_history.max_points,
    form_items_history.auto_fail,
    form_items_history.script,
    form_items_history.from_on,
    form_items_history.observed_at,
    form_items_history.stamps,
    form_items_history.recorded_at,
    form_items_history.changed_xid,
    form_items_history.superseded_at
   FROM public.form_items_history;

CREATE TABLE public.hook_counts (
    account_id integer NOT NULL,
    hook bigint NOT NULL,
    on_day date NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    last_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.hook_counts ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.hook_counts.on_day IS 'In UTC.';

COMMENT ON COLUMN public.hook_counts.kind IS 'A status of deliveries, or repeated, or refused, of which nothing else is kept.';

COMMENT ON COLUMN public.hook_counts.name IS 'The event of an unknown delivery, the reason of a refused one; else empty.';

CREATE TABLE public.hooks (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    dialer text NOT NULL COLLATE pg_catalog."C",
    code public.code NOT NULL,
    campaign public.code NOT NULL,
    zone text NOT NULL,
    token_sha256 bytea NOT NULL,
    secret bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    person_after_ms integer DEFAULT 20000,
    match_leads boolean DEFAULT true NOT NULL,
    mapping text COLLATE pg_catalog."C",
    CONSTRAINT hook_has_its_mapping CHECK (((dialer = 'mapped'::text) = (mapping IS NOT NULL))),
    CONSTRAINT hooks_person_after_ms_check CHECK ((person_after_ms >= 0))
);
ALTER TABLE ONLY public.hooks ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.hooks.dialer IS 'Which kind of dialer delivers here: the name of a file in service/dialers, or mapped.';

COMMENT ON COLUMN public.hooks.code IS 'What its calls have as their dialer.';

COMMENT ON COLUMN public.hooks.campaign IS 'Of calls that name none.';

COMMENT ON COLUMN public.hooks.zone IS 'Of times that come without one.';

COMMENT ON COLUMN public.hooks.secret IS 'What account and vendor share, sealed with a key that is not in the ledger.';

COMMENT ON COLUMN public.hooks.person_after_ms IS 'After how much talk an answered call of unknown answerer means a person; null: never.';

COMMENT ON COLUMN public.hooks.match_leads IS 'Whether calls that name no lead get the lead with the same number.';

COMMENT ON COLUMN public.hooks.mapping IS 'The mapping of its calls as TOML, or the name of a ready mapping.';

ALTER TABLE public.hooks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hooks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.import_mappings (
    account_id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    resource text NOT NULL,
    content text NOT NULL,
    saved_at timestamp with time zone DEFAULT now() NOT NULL,
    saved_by text NOT NULL
);
ALTER TABLE ONLY public.import_mappings ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.import_mappings.content IS 'The mapping file, as the command takes it (TOML).';

CREATE TABLE public.import_runs (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    resource text NOT NULL,
    fingerprint bytea NOT NULL,
    file_name text NOT NULL,
    rows_done bigint DEFAULT 0 NOT NULL,
    created bigint DEFAULT 0 NOT NULL,
    updated bigint DEFAULT 0 NOT NULL,
    unchanged bigint DEFAULT 0 NOT NULL,
    rejected bigint DEFAULT 0 NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    observed_at timestamp with time zone
);
ALTER TABLE ONLY public.import_runs ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.import_runs.fingerprint IS 'SHA-256 of the file and of its mapping: what makes a run resumable.';

COMMENT ON COLUMN public.import_runs.observed_at IS 'When the file knew its rows; the same file again is no newer observation.';

ALTER TABLE public.import_runs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.import_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.inbound_calls (
    account_id integer NOT NULL,
    dialer public.code NOT NULL,
    external_id public.code NOT NULL,
    id bigint NOT NULL,
    campaign public.code,
    agent public.code,
    lead public.code,
    said_source public.code,
    source public.code,
    tracking_number public.code,
    attributed_by public.attributed_by,
    to_number public.code,
    from_number public.code,
    from_country public.iso_country,
    from_region text,
    from_zones text[],
    arrived_at timestamp with time zone,
    queued_at timestamp with time zone,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    queue public.code,
    queue_ms integer,
    talk_ms integer,
    hold_ms integer,
    outcome public.inbound_outcome,
    transferred boolean,
    participants jsonb,
    recording jsonb,
    test boolean,
    disposition public.code,
    disposition_set_at timestamp with time zone,
    disposition_agent public.code,
    callback_at timestamp with time zone,
    note text COLLATE pg_catalog."C",
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    said_lead public.code,
    lead_by public.lead_match,
    lead_matching boolean,
    contact public.code,
    said_talk_ms integer,
    said_hold_ms integer,
    shares jsonb,
    spam boolean,
    value numeric(20,4),
    outcomes jsonb,
    outcomes_at timestamp with time zone,
    outcomes_received_at timestamp with time zone,
    first_set jsonb,
    digests bigint[],
    menu_path public.code,
    menu_ms integer,
    topic public.code,
    said_case public.code,
    wrap_ms integer,
    offers jsonb,
    segments jsonb,
    callback_chosen_at timestamp with time zone,
    escalated_at timestamp with time zone,
    escalated_to public.code
);
ALTER TABLE ONLY public.inbound_calls ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.inbound_calls.source IS 'said_source, else the source of the tracking number''s assignment at arrived_at.';

COMMENT ON COLUMN public.inbound_calls.to_number IS 'The account''s own number that was called, mostly a tracking number.';

COMMENT ON COLUMN public.inbound_calls.from_number IS 'The caller: E.164, or the text as given when it is not a phone number (then from_country is null).';

COMMENT ON COLUMN public.inbound_calls.arrived_at IS 'Null while the call is known only from what was said of it later.';

COMMENT ON COLUMN public.inbound_calls.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

COMMENT ON COLUMN public.inbound_calls.menu_path IS 'The choices in the voice menu, as the dialer writes them.';

COMMENT ON COLUMN public.inbound_calls.said_case IS 'The case that the call belongs to, as the sender states it.';

COMMENT ON COLUMN public.inbound_calls.offers IS 'Each time the call rang at an agent: agent, from_at, to_at, answered.';

COMMENT ON COLUMN public.inbound_calls.segments IS 'Each wait in a queue: queue, queued_at, left_at, wait_seconds, agent, outcome.';

COMMENT ON COLUMN public.inbound_calls.callback_chosen_at IS 'When the caller chose to be called back and stopped waiting.';

COMMENT ON COLUMN public.inbound_calls.escalated_to IS 'The tier or specialist that took over; no code of an agent.';

CREATE TABLE public.inbound_calls_history (
    account_id integer CONSTRAINT inbound_calls_account_id_not_null NOT NULL,
    dialer public.code CONSTRAINT inbound_calls_dialer_not_null NOT NULL,
    external_id public.code CONSTRAINT inbound_calls_external_id_not_null NOT NULL,
    id bigint CONSTRAINT inbound_calls_id_not_null NOT NULL,
    campaign public.code,
    agent public.code,
    lead public.code,
    said_source public.code,
    source public.code,
    tracking_number public.code,
    attributed_by public.attributed_by,
    to_number public.code,
    from_number public.code,
    from_country public.iso_country,
    from_region text,
    from_zones text[],
    arrived_at timestamp with time zone,
    queued_at timestamp with time zone,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    queue public.code,
    queue_ms integer,
    talk_ms integer,
    hold_ms integer,
    outcome public.inbound_outcome,
    transferred boolean,
    participants jsonb,
    recording jsonb,
    test boolean,
    disposition public.code,
    disposition_set_at timestamp with time zone,
    disposition_agent public.code,
    callback_at timestamp with time zone,
    note text COLLATE pg_catalog."C",
    observed_at timestamp with time zone CONSTRAINT inbound_calls_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT inbound_calls_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT inbound_calls_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    said_lead public.code,
    lead_by public.lead_match,
    lead_matching boolean,
    contact public.code,
    said_talk_ms integer,
    said_hold_ms integer,
    shares jsonb,
    spam boolean,
    value numeric(20,4),
    outcomes jsonb,
    outcomes_at timestamp with time zone,
    outcomes_received_at timestamp with time zone,
    first_set jsonb,
    menu_path public.code,
    menu_ms integer,
    topic public.code,
    said_case public.code,
    wrap_ms integer,
    offers jsonb,
    segments jsonb,
    callback_chosen_at timestamp with time zone,
    escalated_at timestamp with time zone,
    escalated_to public.code,
    CONSTRAINT inbound_calls_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.inbound_calls_history ALTER COLUMN account_id SET STATISTICS 0;

ALTER TABLE public.inbound_calls ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.inbound_calls_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.inbound_calls_versions WITH (security_invoker='true') AS
 SELECT inbound_calls.account_id,
    inbound_calls.dialer,
    inbound_calls.external_id,
    inbound_calls.id,
    inbound_calls.campaign,
    inbound_calls.agent,
    inbound_calls.lead,
    inbound_calls.said_source,
    inbound_calls.source,
    inbound_calls.tracking_number,
    inbound_calls.attributed_by,
    inbound_calls.to_number,
    inbound_calls.from_number,
    inbound_calls.from_country,
    inbound_calls.from_region,
    inbound_calls.from_zones,
    inbound_calls.arrived_at,
    inbound_calls.queued_at,
    inbound_calls.answered_at,
    inbound_calls.ended_at,
    inbound_calls.queue,
    inbound_calls.queue_ms,
    inbound_calls.talk_ms,
    inbound_calls.hold_ms,
    inbound_calls.outcome,
    inbound_calls.transferred,
    inbound_calls.participants,
    inbound_calls.recording,
    inbound_calls.test,
    inbound_calls.disposition,
    inbound_calls.disposition_set_at,
    inbound_calls.disposition_agent,
    inbound_calls.callback_at,
    inbound_calls.note,
    inbound_calls.observed_at,
    inbound_calls.stamps,
    inbound_calls.recorded_at,
    inbound_calls.changed_xid,
    inbound_calls.said_lead,
    inbound_calls.lead_by,
    inbound_calls.lead_matching,
    inbound_calls.contact,
    inbound_calls.said_talk_ms,
    inbound_calls.said_hold_ms,
    inbound_calls.shares,
    inbound_calls.spam,
    inbound_calls.value,
    inbound_calls.outcomes,
    inbound_calls.outcomes_at,
    inbound_calls.outcomes_received_at,
    inbound_calls.first_set,
    inbound_calls.menu_path,
    inbound_calls.menu_ms,
    inbound_calls.topic,
    inbound_calls.said_case,
    inbound_calls.wrap_ms,
    inbound_calls.offers,
    inbound_calls.segments,
    inbound_calls.callback_chosen_at,
    inbound_calls.escalated_at,
    inbound_calls.escalated_to,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.inbound_calls
UNION ALL
 SELECT inbound_calls_history.account_id,
    inbound_calls_history.dialer,
    inbound_calls_history.external_id,
    inbound_calls_history.id,
    inbound_calls_history.campaign,
    inbound_calls_history.agent,
    inbound_calls_history.lead,
    inbound_calls_history.said_source,
    inbound_calls_history.source,
    inbound_calls_history.tracking_number,
    inbound_calls_history.attributed_by,
    inbound_calls_history.to_number,
    inbound_calls_history.from_number,
    inbound_calls_history.from_country,
    inbound_calls_history.from_region,
    inbound_calls_history.from_zones,
    inbound_calls_history.arrived_at,
    inbound_calls_history.queued_at,
    inbound_calls_history.answered_at,
    inbound_calls_history.ended_at,
    inbound_calls_history.queue,
    inbound_calls_history.queue_ms,
    inbound_calls_history.talk_ms,
    inbound_calls_history.hold_ms,
    inbound_calls_history.outcome,
    inbound_calls_history.transferred,
    inbound_calls_history.participants,
    inbound_calls_history.recording,
    inbound_calls_history.test,
    inbound_calls_history.disposition,
    inbound_calls_history.disposition_set_at,
    inbound_calls_history.disposition_agent,
    inbound_calls_history.callback_at,
    inbound_calls_history.note,
    inbound_calls_history.observed_at,
    inbound_calls_history.stamps,
    inbound_calls_history.recorded_at,
    inbound_calls_history.changed_xid,
    inbound_calls_history.said_lead,
    inbound_calls_history.lead_by,
    inbound_calls_history.lead_matching,
    inbound_calls_history.contact,
    inbound_calls_history.said_talk_ms,
    inbound_calls_history.said_hold_ms,
    inbound_calls_history.shares,
    inbound_calls_history.spam,
    inbound_calls_history.value,
    inbound_calls_history.outcomes,
    inbound_calls_history.outcomes_at,
    inbound_calls_history.outcomes_received_at,
    inbound_calls_history.first_set,
    inbound_calls_history.menu_path,
    inbound_calls_history.menu_ms,
    inbound_calls_history.topic,
    inbound_calls_history.said_case,
    inbound_calls_history.wrap_ms,
    inbound_calls_history.offers,
    inbound_calls_history.segments,
    inbound_calls_history.callback_chosen_at,
    inbound_calls_history.escalated_at,
    inbound_calls_history.escalated_to,
    inbound_calls_history.superseded_at
   FROM public.inbound_calls_history;

CREATE TABLE public.lead_attributes (
    account_id integer NOT NULL,
    name public.code NOT NULL,
    title text COLLATE pg_catalog."C",
    allowed jsonb,
    bands jsonb,
    fewest_leads integer NOT NULL,
    reported boolean NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT attribute_has_values_or_bands CHECK (((allowed IS NULL) OR (bands IS NULL))),
    CONSTRAINT lead_attributes_fewest_leads_check CHECK ((fewest_leads >= 2))
);
ALTER TABLE ONLY public.lead_attributes ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.lead_attributes.name IS 'Its key in the attributes of a lead.';

COMMENT ON COLUMN public.lead_attributes.allowed IS 'The values that reports show, in their order. Null: any text.';

COMMENT ON COLUMN public.lead_attributes.bands IS 'The lower ends of the bands of a number, in order.';

COMMENT ON COLUMN public.lead_attributes.fewest_leads IS 'Reports withhold numbers about fewer leads of a value.';

COMMENT ON COLUMN public.lead_attributes.reported IS 'False once it was withdrawn.';

CREATE TABLE public.lead_attributes_history (
    account_id integer CONSTRAINT lead_attributes_account_id_not_null NOT NULL,
    name public.code CONSTRAINT lead_attributes_name_not_null NOT NULL,
    title text COLLATE pg_catalog."C",
    allowed jsonb,
    bands jsonb,
    fewest_leads integer CONSTRAINT lead_attributes_fewest_leads_not_null NOT NULL,
    reported boolean CONSTRAINT lead_attributes_reported_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT lead_attributes_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT lead_attributes_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT lead_attributes_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.lead_attributes_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.lead_attributes_versions WITH (security_invoker='true') AS
 SELECT lead_attributes.account_id,
    lead_attributes.name,
    lead_attributes.title,
    lead_attributes.allowed,
    lead_attributes.bands,
    lead_attributes.fewest_leads,
    lead_attributes.reported,
    lead_attributes.recorded_at,
    lead_attributes.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.lead_attributes
UNION ALL
 SELECT lead_attributes_history.account_id,
    lead_attributes_history.name,
    lead_attributes_history.title,
    lead_attributes_history.allowed,
    lead_attributes_history.bands,
    lead_attributes_history.fewest_leads,
    lead_attributes_history.reported,
    lead_attributes_history.recorded_at,
    lead_attributes_history.changed_xid,
    lead_attributes_history.superseded_at
   FROM public.lead_attributes_history;

CREATE TABLE public.leads (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    id bigint NOT NULL,
    received_at timestamp with time zone,
    source public.code,
    campaign public.code,
    phone_number public.code,
    phone_country public.iso_country,
    phone_region text,
    phone_zones text[],
    owner public.code,
    assigned_at timestamp with time zone,
    closed_at timestamp with time zone,
    close_reason text COLLATE pg_catalog."C",
    attributes jsonb,
    test boolean,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    time_zone text,
    digests bigint[]
);
ALTER TABLE ONLY public.leads ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.leads.received_at IS 'Null while the lead is known only from the calls made to it.';

COMMENT ON COLUMN public.leads.time_zone IS 'Where the lead says it is; null: where its number may be.';

COMMENT ON COLUMN public.leads.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.leads_history (
    account_id integer CONSTRAINT leads_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT leads_external_id_not_null NOT NULL,
    id bigint CONSTRAINT leads_id_not_null NOT NULL,
    received_at timestamp with time zone,
    source public.code,
    campaign public.code,
    phone_number public.code,
    phone_country public.iso_country,
    phone_region text,
    phone_zones text[],
    owner public.code,
    assigned_at timestamp with time zone,
    closed_at timestamp with time zone,
    close_reason text COLLATE pg_catalog."C",
    attributes jsonb,
    test boolean,
    observed_at timestamp with time zone CONSTRAINT leads_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT leads_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT leads_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    time_zone text,
    CONSTRAINT leads_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.leads_history ALTER COLUMN account_id SET STATISTICS 0;

ALTER TABLE public.leads ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.leads_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.leads_versions WITH (security_invoker='true') AS
 SELECT leads.account_id,
    leads.external_id,
    leads.id,
    leads.received_at,
    leads.source,
    leads.campaign,
    leads.phone_number,
    leads.phone_country,
    leads.phone_region,
    leads.phone_zones,
    leads.owner,
    leads.assigned_at,
    leads.closed_at,
    leads.close_reason,
    leads.attributes,
    leads.test,
    leads.observed_at,
    leads.stamps,
    leads.recorded_at,
    leads.changed_xid,
    leads.time_zone,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.leads
UNION ALL
 SELECT leads_history.account_id,
    leads_history.external_id,
    leads_history.id,
    leads_history.received_at,
    leads_history.source,
    leads_history.campaign,
    leads_history.phone_number,
    leads_history.phone_country,
    leads_history.phone_region,
    leads_history.phone_zones,
    leads_history.owner,
    leads_history.assigned_at,
    leads_history.closed_at,
    leads_history.close_reason,
    leads_history.attributes,
    leads_history.test,
    leads_history.observed_at,
    leads_history.stamps,
    leads_history.recorded_at,
    leads_history.changed_xid,
    leads_history.time_zone,
    leads_history.superseded_at
   FROM public.leads_history;

CREATE TABLE public.migrations (
    number integer NOT NULL,
    name text NOT NULL,
    sha256 bytea NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.rejected_items (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    resource text NOT NULL,
    item_index integer NOT NULL,
    external_id text,
    raw bytea NOT NULL,
    problem jsonb NOT NULL,
    key_prefix text,
    request_id text,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    resubmitted_at timestamp with time zone,
    raw_bytes integer NOT NULL
);
ALTER TABLE ONLY public.rejected_items ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.rejected_items.raw IS 'The item as it was sent, byte for byte; empty if it was larger than 64 KiB.';

COMMENT ON COLUMN public.rejected_items.raw_bytes IS 'The size of the item as it was sent.';

ALTER TABLE public.rejected_items ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rejected_items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.running_costs (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    team public.code,
    overhead boolean,
    from_on date,
    to_on date,
    amount numeric(20,4),
    currency public.iso_currency,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.running_costs ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.running_costs.team IS 'Null: a cost of all teams.';

COMMENT ON COLUMN public.running_costs.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.running_costs_history (
    account_id integer CONSTRAINT running_costs_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT running_costs_external_id_not_null NOT NULL,
    team public.code,
    overhead boolean,
    from_on date,
    to_on date,
    amount numeric(20,4),
    currency public.iso_currency,
    observed_at timestamp with time zone CONSTRAINT running_costs_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT running_costs_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT running_costs_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT running_costs_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.running_costs_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.running_costs_versions WITH (security_invoker='true') AS
 SELECT running_costs.account_id,
    running_costs.external_id,
    running_costs.team,
    running_costs.overhead,
    running_costs.from_on,
    running_costs.to_on,
    running_costs.amount,
    running_costs.currency,
    running_costs.observed_at,
    running_costs.stamps,
    running_costs.recorded_at,
    running_costs.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.running_costs
UNION ALL
 SELECT running_costs_history.account_id,
    running_costs_history.external_id,
    running_costs_history.team,
    running_costs_history.overhead,
    running_costs_history.from_on,
    running_costs_history.to_on,
    running_costs_history.amount,
    running_costs_history.currency,
    running_costs_history.observed_at,
    running_costs_history.stamps,
    running_costs_history.recorded_at,
    running_costs_history.changed_xid,
    running_costs_history.superseded_at
   FROM public.running_costs_history;

CREATE TABLE public.schedules (
    account_id integer NOT NULL,
    agent public.code NOT NULL,
    from_at timestamp with time zone NOT NULL,
    activity public.planned_activity,
    to_at timestamp with time zone,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.schedules ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.schedules.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.schedules_history (
    account_id integer CONSTRAINT schedules_account_id_not_null NOT NULL,
    agent public.code CONSTRAINT schedules_agent_not_null NOT NULL,
    from_at timestamp with time zone CONSTRAINT schedules_from_at_not_null NOT NULL,
    activity public.planned_activity,
    to_at timestamp with time zone,
    observed_at timestamp with time zone CONSTRAINT schedules_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT schedules_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT schedules_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT schedules_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.schedules_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.schedules_versions WITH (security_invoker='true') AS
 SELECT schedules.account_id,
    schedules.agent,
    schedules.from_at,
    schedules.activity,
    schedules.to_at,
    schedules.observed_at,
    schedules.stamps,
    schedules.recorded_at,
    schedules.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.schedules
UNION ALL
 SELECT schedules_history.account_id,
    schedules_history.agent,
    schedules_history.from_at,
    schedules_history.activity,
    schedules_history.to_at,
    schedules_history.observed_at,
    schedules_history.stamps,
    schedules_history.recorded_at,
    schedules_history.changed_xid,
    schedules_history.superseded_at
   FROM public.schedules_history;

CREATE TABLE public.second_factors (
    account_id integer NOT NULL,
    user_id bigint NOT NULL,
    secret bytea NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL,
    recovery_sha256 bytea[] DEFAULT '{}'::bytea[] NOT NULL
);

COMMENT ON COLUMN public.second_factors.secret IS 'What the app and we share, sealed with a key that is not in the ledger.';

COMMENT ON COLUMN public.second_factors.confirmed_at IS 'Null until the person has typed a first code.';

COMMENT ON COLUMN public.second_factors.last_step IS 'The time step of the last code: a code works once.';

COMMENT ON COLUMN public.second_factors.recovery_sha256 IS 'The codes that are left, for a person without the app.';

CREATE TABLE public.sessions (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    token_sha256 bytea NOT NULL,
    key_prefix text COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    user_id bigint,
    device text DEFAULT ''::text NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT session_of_key_or_user CHECK ((num_nonnulls(key_prefix, user_id) = 1))
);
ALTER TABLE ONLY public.sessions ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.sessions.device IS 'Browser and system, as the browser names itself.';

ALTER TABLE public.sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.shared_calls (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    dialer public.code,
    call public.code,
    team public.code,
    manager public.code,
    note text,
    shared_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.shared_calls ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.shared_calls.team IS 'The team that the call is shared with; its agent may be of another team.';

COMMENT ON COLUMN public.shared_calls.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.shared_calls_history (
    account_id integer CONSTRAINT shared_calls_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT shared_calls_external_id_not_null NOT NULL,
    dialer public.code,
    call public.code,
    team public.code,
    manager public.code,
    note text,
    shared_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    observed_at timestamp with time zone CONSTRAINT shared_calls_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT shared_calls_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT shared_calls_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT shared_calls_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.shared_calls_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.shared_calls_versions WITH (security_invoker='true') AS
 SELECT shared_calls.account_id,
    shared_calls.external_id,
    shared_calls.dialer,
    shared_calls.call,
    shared_calls.team,
    shared_calls.manager,
    shared_calls.note,
    shared_calls.shared_at,
    shared_calls.withdrawn_at,
    shared_calls.observed_at,
    shared_calls.stamps,
    shared_calls.recorded_at,
    shared_calls.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.shared_calls
UNION ALL
 SELECT shared_calls_history.account_id,
    shared_calls_history.external_id,
    shared_calls_history.dialer,
    shared_calls_history.call,
    shared_calls_history.team,
    shared_calls_history.manager,
    shared_calls_history.note,
    shared_calls_history.shared_at,
    shared_calls_history.withdrawn_at,
    shared_calls_history.observed_at,
    shared_calls_history.stamps,
    shared_calls_history.recorded_at,
    shared_calls_history.changed_xid,
    shared_calls_history.superseded_at
   FROM public.shared_calls_history;

CREATE TABLE public.sign_in_attempts (
    id bigint NOT NULL,
    subject bytea NOT NULL,
    attempted_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN public.sign_in_attempts.subject IS 'SHA-256 of an address, a person, or both: no list of who tried.';

ALTER TABLE public.sign_in_attempts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sign_in_attempts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sign_in_places (
    subject bytea NOT NULL,
    signed_in_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN public.sign_in_places.subject IS 'SHA-256 of a person and an address where the person has signed in.';

CREATE TABLE public.sources (
    account_id integer NOT NULL,
    code public.code NOT NULL,
    name text,
    medium text,
    confirmed boolean DEFAULT false NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);
ALTER TABLE ONLY public.sources ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.sources_history (
    account_id integer CONSTRAINT sources_account_id_not_null NOT NULL,
    code public.code CONSTRAINT sources_code_not_null NOT NULL,
    name text,
    medium text,
    confirmed boolean CONSTRAINT sources_confirmed_not_null NOT NULL,
    merged_into public.code,
    recorded_at timestamp with time zone CONSTRAINT sources_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT sources_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT sources_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.sources_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.sources_versions WITH (security_invoker='true') AS
 SELECT sources.account_id,
    sources.code,
    sources.name,
    sources.medium,
    sources.confirmed,
    sources.merged_into,
    sources.recorded_at,
    sources.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.sources
UNION ALL
 SELECT sources_history.account_id,
    sources_history.code,
    sources_history.name,
    sources_history.medium,
    sources_history.confirmed,
    sources_history.merged_into,
    sources_history.recorded_at,
    sources_history.changed_xid,
    sources_history.superseded_at
   FROM public.sources_history;

CREATE TABLE public.spend (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    source public.code,
    campaign public.code,
    tracking_number public.code,
    from_on date,
    to_on date,
    amount numeric(20,4),
    currency public.iso_currency,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.spend ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.spend.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.spend_history (
    account_id integer CONSTRAINT spend_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT spend_external_id_not_null NOT NULL,
    source public.code,
    campaign public.code,
    tracking_number public.code,
    from_on date,
    to_on date,
    amount numeric(20,4),
    currency public.iso_currency,
    observed_at timestamp with time zone CONSTRAINT spend_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT spend_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT spend_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT spend_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.spend_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.spend_versions WITH (security_invoker='true') AS
 SELECT spend.account_id,
    spend.external_id,
    spend.source,
    spend.campaign,
    spend.tracking_number,
    spend.from_on,
    spend.to_on,
    spend.amount,
    spend.currency,
    spend.observed_at,
    spend.stamps,
    spend.recorded_at,
    spend.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.spend
UNION ALL
 SELECT spend_history.account_id,
    spend_history.external_id,
    spend_history.source,
    spend_history.campaign,
    spend_history.tracking_number,
    spend_history.from_on,
    spend_history.to_on,
    spend_history.amount,
    spend_history.currency,
    spend_history.observed_at,
    spend_history.stamps,
    spend_history.recorded_at,
    spend_history.changed_xid,
    spend_history.superseded_at
   FROM public.spend_history;

CREATE TABLE public.staff (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    agent public.code,
    team public.code,
    manager public.code,
    joined_on date,
    left_on date,
    voluntary boolean,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.staff ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.staff.left_on IS 'The last day of the employment.';

COMMENT ON COLUMN public.staff.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.staff_history (
    account_id integer CONSTRAINT staff_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT staff_external_id_not_null NOT NULL,
    agent public.code,
    team public.code,
    manager public.code,
    joined_on date,
    left_on date,
    voluntary boolean,
    observed_at timestamp with time zone CONSTRAINT staff_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT staff_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT staff_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.staff_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.staff_versions WITH (security_invoker='true') AS
 SELECT staff.account_id,
    staff.external_id,
    staff.agent,
    staff.team,
    staff.manager,
    staff.joined_on,
    staff.left_on,
    staff.voluntary,
    staff.observed_at,
    staff.stamps,
    staff.recorded_at,
    staff.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.staff
UNION ALL
 SELECT staff_history.account_id,
    staff_history.external_id,
    staff_history.agent,
    staff_history.team,
    staff_history.manager,
    staff_history.joined_on,
    staff_history.left_on,
    staff_history.voluntary,
    staff_history.observed_at,
    staff_history.stamps,
    staff_history.recorded_at,
    staff_history.changed_xid,
    staff_history.superseded_at
   FROM public.staff_history;

CREATE TABLE public.stage_changes (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    opportunity public.code,
    lead public.code,
    stage public.stage,
    changed_at timestamp with time zone,
    amount numeric(20,4),
    gross_profit numeric(20,4),
    currency public.iso_currency,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.stage_changes ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.stage_changes.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.stage_changes_history (
    account_id integer CONSTRAINT stage_changes_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT stage_changes_external_id_not_null NOT NULL,
    opportunity public.code,
    lead public.code,
    stage public.stage,
    changed_at timestamp with time zone,
    amount numeric(20,4),
    gross_profit numeric(20,4),
    currency public.iso_currency,
    observed_at timestamp with time zone CONSTRAINT stage_changes_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT stage_changes_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT stage_changes_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT stage_changes_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.stage_changes_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.stage_changes_versions WITH (security_invoker='true') AS
 SELECT stage_changes.account_id,
    stage_changes.external_id,
    stage_changes.opportunity,
    stage_changes.lead,
    stage_changes.stage,
    stage_changes.changed_at,
    stage_changes.amount,
    stage_changes.gross_profit,
    stage_changes.currency,
    stage_changes.observed_at,
    stage_changes.stamps,
    stage_changes.recorded_at,
    stage_changes.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.stage_changes
UNION ALL
 SELECT stage_changes_history.account_id,
    stage_changes_history.external_id,
    stage_changes_history.opportunity,
    stage_changes_history.lead,
    stage_changes_history.stage,
    stage_changes_history.changed_at,
    stage_changes_history.amount,
    stage_changes_history.gross_profit,
    stage_changes_history.currency,
    stage_changes_history.observed_at,
    stage_changes_history.stamps,
    stage_changes_history.recorded_at,
    stage_changes_history.changed_xid,
    stage_changes_history.superseded_at
   FROM public.stage_changes_history;

CREATE TABLE public.surveys (
    account_id integer NOT NULL,
    external_id public.code NOT NULL,
    kind public.survey_kind,
    scale text COLLATE pg_catalog."C",
    asked_at timestamp with time zone,
    delivered boolean,
    answered_at timestamp with time zone,
    score numeric(20,4),
    comment text,
    dialer public.code,
    call public.code,
    case_id public.code,
    lead public.code,
    agent public.code,
    queue public.code,
    observed_at timestamp with time zone NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    digests bigint[]
);
ALTER TABLE ONLY public.surveys ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.surveys.scale IS 'The lowest and the highest score: 1-5, 0-10. Answers of different scales are never pooled.';

COMMENT ON COLUMN public.surveys.digests IS 'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are those of one observation.';

CREATE TABLE public.surveys_history (
    account_id integer CONSTRAINT surveys_account_id_not_null NOT NULL,
    external_id public.code CONSTRAINT surveys_external_id_not_null NOT NULL,
    kind public.survey_kind,
    scale text COLLATE pg_catalog."C",
    asked_at timestamp with time zone,
    delivered boolean,
    answered_at timestamp with time zone,
    score numeric(20,4),
    comment text,
    dialer public.code,
    call public.code,
    case_id public.code,
    lead public.code,
    agent public.code,
    queue public.code,
    observed_at timestamp with time zone CONSTRAINT surveys_observed_at_not_null NOT NULL,
    stamps jsonb,
    recorded_at timestamp with time zone CONSTRAINT surveys_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT surveys_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT surveys_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.surveys_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.surveys_versions WITH (security_invoker='true') AS
 SELECT surveys.account_id,
    surveys.external_id,
    surveys.kind,
    surveys.scale,
    surveys.asked_at,
    surveys.delivered,
    surveys.answered_at,
    surveys.score,
    surveys.comment,
    surveys.dialer,
    surveys.call,
    surveys.case_id,
    surveys.lead,
    surveys.agent,
    surveys.queue,
    surveys.observed_at,
    surveys.stamps,
    surveys.recorded_at,
    surveys.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.surveys
UNION ALL
 SELECT surveys_history.account_id,
    surveys_history.external_id,
    surveys_history.kind,
    surveys_history.scale,
    surveys_history.asked_at,
    surveys_history.delivered,
    surveys_history.answered_at,
    surveys_history.score,
    surveys_history.comment,
    surveys_history.dialer,
    surveys_history.call,
    surveys_history.case_id,
    surveys_history.lead,
    surveys_history.agent,
    surveys_history.queue,
    surveys_history.observed_at,
    surveys_history.stamps,
    surveys_history.recorded_at,
    surveys_history.changed_xid,
    surveys_history.superseded_at
   FROM public.surveys_history;

CREATE TABLE public.targets (
    account_id integer NOT NULL,
    metric public.code NOT NULL,
    dimension text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    from_on date NOT NULL,
    id bigint NOT NULL,
    to_on date,
    value numeric(22,6),
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    upper numeric(22,6),
    within_ms integer,
    CONSTRAINT band_ends_above_its_start CHECK ((upper >= value)),
    CONSTRAINT target_ends_after_it_starts CHECK ((to_on >= from_on))
);
ALTER TABLE ONLY public.targets ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.targets.dimension IS 'What the code is one of: campaign, agent and so on. Empty, as the code is, for the whole account.';

COMMENT ON COLUMN public.targets.from_on IS '-infinity for a target that has always been one.';

COMMENT ON COLUMN public.targets.to_on IS 'Its last day; null until further notice, or until the next target of the same starts.';

COMMENT ON COLUMN public.targets.value IS 'In the unit of the metric; null once it was withdrawn.';

COMMENT ON COLUMN public.targets.upper IS 'The upper end of a band, whose lower end is the value; null for a single value.';

COMMENT ON COLUMN public.targets.within_ms IS 'For the service level: how soon a call should be answered; null for the usual time.';

CREATE TABLE public.targets_history (
    account_id integer CONSTRAINT targets_account_id_not_null NOT NULL,
    metric public.code CONSTRAINT targets_metric_not_null NOT NULL,
    dimension text CONSTRAINT targets_dimension_not_null NOT NULL COLLATE pg_catalog."C",
    code text CONSTRAINT targets_code_not_null NOT NULL COLLATE pg_catalog."C",
    from_on date CONSTRAINT targets_from_on_not_null NOT NULL,
    id bigint CONSTRAINT targets_id_not_null NOT NULL,
    to_on date,
    value numeric(22,6),
    recorded_at timestamp with time zone CONSTRAINT targets_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT targets_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    upper numeric(22,6),
    within_ms integer,
    CONSTRAINT targets_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.targets_history ALTER COLUMN account_id SET STATISTICS 0;

ALTER TABLE public.targets ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.targets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.targets_versions WITH (security_invoker='true') AS
 SELECT targets.account_id,
    targets.metric,
    targets.dimension,
    targets.code,
    targets.from_on,
    targets.id,
    targets.to_on,
    targets.value,
    targets.upper,
    targets.within_ms,
    targets.recorded_at,
    targets.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.targets
UNION ALL
 SELECT targets_history.account_id,
    targets_history.metric,
    targets_history.dimension,
    targets_history.code,
    targets_history.from_on,
    targets_history.id,
    targets_history.to_on,
    targets_history.value,
    targets_history.upper,
    targets_history.within_ms,
    targets_history.recorded_at,
    targets_history.changed_xid,
    targets_history.superseded_at
   FROM public.targets_history;

CREATE TABLE public.tracking_number_assignments (
    account_id integer NOT NULL,
    number public.code NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone,
    campaign public.code,
    source public.code,
    agent public.code,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT assignment_ends_after_it_starts CHECK ((to_at > from_at))
);
ALTER TABLE ONLY public.tracking_number_assignments ALTER COLUMN account_id SET STATISTICS 0;

CREATE TABLE public.tracking_number_assignments_history (
    account_id integer CONSTRAINT tracking_number_assignments_account_id_not_null NOT NULL,
    number public.code CONSTRAINT tracking_number_assignments_number_not_null NOT NULL,
    from_at timestamp with time zone CONSTRAINT tracking_number_assignments_from_at_not_null NOT NULL,
    to_at timestamp with time zone,
    campaign public.code,
    source public.code,
    agent public.code,
    recorded_at timestamp with time zone CONSTRAINT tracking_number_assignments_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT tracking_number_assignments_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT tracking_number_assignments_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.tracking_number_assignments_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.tracking_number_assignments_versions WITH (security_invoker='true') AS
 SELECT tracking_number_assignments.account_id,
    tracking_number_assignments.number,
    tracking_number_assignments.from_at,
    tracking_number_assignments.to_at,
    tracking_number_assignments.campaign,
    tracking_number_assignments.source,
    tracking_number_assignments.agent,
    tracking_number_assignments.recorded_at,
    tracking_number_assignments.changed_xid,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.tracking_number_assignments
UNION ALL
 SELECT tracking_number_assignments_history.account_id,
    tracking_number_assignments_history.number,
    tracking_number_assignments_history.from_at,
    tracking_number_assignments_history.to_at,
    tracking_number_assignments_history.campaign,
    tracking_number_assignments_history.source,
    tracking_number_assignments_history.agent,
    tracking_number_assignments_history.recorded_at,
    tracking_number_assignments_history.changed_xid,
    tracking_number_assignments_history.superseded_at
   FROM public.tracking_number_assignments_history;

CREATE TABLE public.tracking_numbers (
    account_id integer NOT NULL,
    number public.code NOT NULL,
    name text,
    confirmed boolean DEFAULT true NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    retired_at timestamp with time zone
);
ALTER TABLE ONLY public.tracking_numbers ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.tracking_numbers.retired_at IS 'From then on nobody has the number, whatever its assignments say.';

CREATE TABLE public.tracking_numbers_history (
    account_id integer CONSTRAINT tracking_numbers_account_id_not_null NOT NULL,
    number public.code CONSTRAINT tracking_numbers_number_not_null NOT NULL,
    name text,
    confirmed boolean CONSTRAINT tracking_numbers_confirmed_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT tracking_numbers_recorded_at_not_null NOT NULL,
    changed_xid xid8 CONSTRAINT tracking_numbers_changed_xid_not_null NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT tracking_numbers_history_was_believed CHECK ((superseded_at > recorded_at))
);
ALTER TABLE ONLY public.tracking_numbers_history ALTER COLUMN account_id SET STATISTICS 0;

CREATE VIEW public.tracking_numbers_versions WITH (security_invoker='true') AS
 SELECT tracking_numbers.account_id,
    tracking_numbers.number,
    tracking_numbers.name,
    tracking_numbers.confirmed,
    tracking_numbers.recorded_at,
    tracking_numbers.changed_xid,
    tracking_numbers.retired_at,
    'infinity'::timestamp with time zone AS superseded_at
   FROM public.tracking_numbers
UNION ALL
 SELECT tracking_numbers_history.account_id,
    tracking_numbers_history.number,
    tracking_numbers_history.name,
    tracking_numbers_history.confirmed,
    tracking_numbers_history.recorded_at,
    tracking_numbers_history.changed_xid,
    tracking_numbers_history.retired_at,
    tracking_numbers_history.superseded_at
   FROM public.tracking_numbers_history;

CREATE TABLE public.uploads (
    account_id integer NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    file_name text NOT NULL,
    bytes bigint,
    state public.upload_state DEFAULT 'uploading'::public.upload_state NOT NULL,
    resource text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    begun_at timestamp with time zone,
    ended_at timestamp with time zone,
    starts integer DEFAULT 0 NOT NULL,
    is_cancelled boolean DEFAULT false NOT NULL,
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
    removed_at timestamp with time zone
);
ALTER TABLE ONLY public.uploads ALTER COLUMN account_id SET STATISTICS 0;

COMMENT ON COLUMN public.uploads.id IS 'Random: the address of its page and the name of its folder on disk.';

COMMENT ON COLUMN public.uploads.starts IS 'How often a process began its current work: a file that ends processes is given up.';

COMMENT ON COLUMN public.uploads.known IS 'Of the valid rows, those with a key that the ledger had when they were checked.';

COMMENT ON COLUMN public.uploads.removed_at IS 'When its files were removed from disk; the counts stay.';

CREATE TABLE public.user_links (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    purpose public.link_purpose NOT NULL,
    token_sha256 bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

COMMENT ON COLUMN public.user_links.used_at IS 'When it was used, or replaced by a later link.';

ALTER TABLE public.user_links ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.user_links_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.users (
    account_id integer NOT NULL,
    id bigint NOT NULL,
    email text NOT NULL COLLATE pg_catalog."C",
    name text DEFAULT ''::text NOT NULL,
    role public.user_role NOT NULL,
    teams text[] DEFAULT '{}'::text[] NOT NULL COLLATE pg_catalog."C",
    agent public.code,
    language text,
    zone text,
    password_hash text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    joined_at timestamp with time zone,
    disabled_at timestamp with time zone,
    last_seen_at timestamp with time zone,
    CONSTRAINT user_email_small CHECK ((email = lower(email)))
);

COMMENT ON COLUMN public.users.teams IS 'The teams that a manager may see; empty for other roles.';

COMMENT ON COLUMN public.users.agent IS 'The agent that a user of this role is; null for other roles.';

COMMENT ON COLUMN public.users.language IS 'Null: the language of the browser.';

COMMENT ON COLUMN public.users.zone IS 'Null: the time zone of the account.';

COMMENT ON COLUMN public.users.password_hash IS 'Argon2id; null until the person has chosen a password.';

COMMENT ON COLUMN public.users.joined_at IS 'Null: invited, and not here yet.';

COMMENT ON COLUMN public.users.last_seen_at IS 'Stays when the sessions that are long over are deleted.';

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT account_code_taken UNIQUE (code);

ALTER TABLE ONLY public.accounts_history
    ADD CONSTRAINT accounts_history_pkey PRIMARY KEY (account_id, recorded_at);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.agent_states_history
    ADD CONSTRAINT agent_states_history_pkey PRIMARY KEY (account_id, agent, from_at, recorded_at);

ALTER TABLE ONLY public.agent_states
    ADD CONSTRAINT agent_states_pkey PRIMARY KEY (account_id, agent, from_at);

ALTER TABLE ONLY public.agents_history
    ADD CONSTRAINT agents_history_pkey PRIMARY KEY (account_id, code, recorded_at);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (account_id, code);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_key_prefix_taken UNIQUE (prefix);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (account_id, prefix);

ALTER TABLE ONLY public.appointments_history
    ADD CONSTRAINT appointments_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.appointments
    ADD CONSTRAINT appointments_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.attempts_history
    ADD CONSTRAINT attempts_history_pkey PRIMARY KEY (account_id, dialer, external_id, recorded_at);

ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (account_id, dialer, external_id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.calendars_history
    ADD CONSTRAINT calendars_history_pkey PRIMARY KEY (account_id, team, recorded_at);

ALTER TABLE ONLY public.calendars
    ADD CONSTRAINT calendars_pkey PRIMARY KEY (account_id, team);

ALTER TABLE ONLY public.campaigns_history
    ADD CONSTRAINT campaigns_history_pkey PRIMARY KEY (account_id, code, recorded_at);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (account_id, code);

ALTER TABLE ONLY public.cases_history
    ADD CONSTRAINT cases_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.configuration_edits
    ADD CONSTRAINT configuration_edits_pkey PRIMARY KEY (account_id, kind, key, recorded_at);

ALTER TABLE ONLY public.customers_history
    ADD CONSTRAINT customers_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT delivery_known UNIQUE (account_id, hook, key_sha256);

ALTER TABLE ONLY public.demo_floors
    ADD CONSTRAINT demo_floor_of_one_account UNIQUE (demo_account_id);

ALTER TABLE ONLY public.demo_floors
    ADD CONSTRAINT demo_floors_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.different_names
    ADD CONSTRAINT different_names_pkey PRIMARY KEY (account_id, kind, code, other_code);

ALTER TABLE ONLY public.disposition_codes_history
    ADD CONSTRAINT disposition_codes_history_pkey PRIMARY KEY (account_id, code, recorded_at);

ALTER TABLE ONLY public.disposition_codes
    ADD CONSTRAINT disposition_codes_pkey PRIMARY KEY (account_id, code);

ALTER TABLE ONLY public.dispositions_history
    ADD CONSTRAINT dispositions_history_pkey PRIMARY KEY (account_id, dialer, attempt, set_at, listed, recorded_at);

ALTER TABLE ONLY public.dispositions
    ADD CONSTRAINT dispositions_pkey PRIMARY KEY (account_id, dialer, attempt, set_at, listed);

ALTER TABLE ONLY public.erased_leads
    ADD CONSTRAINT erased_leads_pkey PRIMARY KEY (account_id, lead);

ALTER TABLE ONLY public.erased_numbers
    ADD CONSTRAINT erased_numbers_pkey PRIMARY KEY (account_id, number_id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.evaluation_scores_history
    ADD CONSTRAINT evaluation_scores_history_pkey PRIMARY KEY (account_id, evaluation, item, recorded_at);

ALTER TABLE ONLY public.evaluation_scores
    ADD CONSTRAINT evaluation_scores_pkey PRIMARY KEY (account_id, evaluation, item);

ALTER TABLE ONLY public.evaluations_history
    ADD CONSTRAINT evaluations_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.exchange_rates_history
    ADD CONSTRAINT exchange_rates_history_pkey PRIMARY KEY (account_id, base, quote, rate_on, recorded_at);

ALTER TABLE ONLY public.exchange_rates
    ADD CONSTRAINT exchange_rates_pkey PRIMARY KEY (account_id, base, quote, rate_on);

ALTER TABLE ONLY public.first_steps
    ADD CONSTRAINT first_steps_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.follow_ups_history
    ADD CONSTRAINT follow_ups_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.follow_ups
    ADD CONSTRAINT follow_ups_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.form_items_history
    ADD CONSTRAINT form_items_history_pkey PRIMARY KEY (account_id, form, form_version, item, recorded_at);

ALTER TABLE ONLY public.form_items
    ADD CONSTRAINT form_items_pkey PRIMARY KEY (account_id, form, form_version, item);

ALTER TABLE ONLY public.hook_counts
    ADD CONSTRAINT hook_counts_pkey PRIMARY KEY (account_id, hook, on_day, kind, name);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hook_token_taken UNIQUE (token_sha256);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_pkey PRIMARY KEY (account_id, name);

ALTER TABLE ONLY public.import_runs
    ADD CONSTRAINT import_runs_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.inbound_calls_history
    ADD CONSTRAINT inbound_calls_history_pkey PRIMARY KEY (account_id, dialer, external_id, recorded_at);

ALTER TABLE ONLY public.inbound_calls
    ADD CONSTRAINT inbound_calls_pkey PRIMARY KEY (account_id, dialer, external_id);

ALTER TABLE ONLY public.lead_attributes_history
    ADD CONSTRAINT lead_attributes_history_pkey PRIMARY KEY (account_id, name, recorded_at);

ALTER TABLE ONLY public.lead_attributes
    ADD CONSTRAINT lead_attributes_pkey PRIMARY KEY (account_id, name);

ALTER TABLE ONLY public.leads_history
    ADD CONSTRAINT leads_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.rejected_items
    ADD CONSTRAINT rejected_items_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.running_costs_history
    ADD CONSTRAINT running_costs_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.running_costs
    ADD CONSTRAINT running_costs_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.schedules_history
    ADD CONSTRAINT schedules_history_pkey PRIMARY KEY (account_id, agent, from_at, recorded_at);

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (account_id, agent, from_at);

ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_pkey PRIMARY KEY (account_id, user_id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT session_token_taken UNIQUE (token_sha256);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.shared_calls_history
    ADD CONSTRAINT shared_calls_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.shared_calls
    ADD CONSTRAINT shared_calls_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sign_in_places
    ADD CONSTRAINT sign_in_places_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.sources_history
    ADD CONSTRAINT sources_history_pkey PRIMARY KEY (account_id, code, recorded_at);

ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (account_id, code);

ALTER TABLE ONLY public.spend_history
    ADD CONSTRAINT spend_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.spend
    ADD CONSTRAINT spend_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.staff_history
    ADD CONSTRAINT staff_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.stage_changes_history
    ADD CONSTRAINT stage_changes_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.stage_changes
    ADD CONSTRAINT stage_changes_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.surveys_history
    ADD CONSTRAINT surveys_history_pkey PRIMARY KEY (account_id, external_id, recorded_at);

ALTER TABLE ONLY public.surveys
    ADD CONSTRAINT surveys_pkey PRIMARY KEY (account_id, external_id);

ALTER TABLE ONLY public.targets_history
    ADD CONSTRAINT targets_history_pkey PRIMARY KEY (account_id, metric, dimension, code, from_on, recorded_at);

ALTER TABLE ONLY public.targets
    ADD CONSTRAINT targets_pkey PRIMARY KEY (account_id, metric, dimension, code, from_on);

ALTER TABLE ONLY public.tracking_number_assignments
    ADD CONSTRAINT tracking_number_already_assigned EXCLUDE USING gist (account_id WITH =, number WITH =, tstzrange(from_at, to_at) WITH &&);

ALTER TABLE ONLY public.tracking_number_assignments_history
    ADD CONSTRAINT tracking_number_assignments_history_pkey PRIMARY KEY (account_id, number, from_at, recorded_at);

ALTER TABLE ONLY public.tracking_number_assignments
    ADD CONSTRAINT tracking_number_assignments_pkey PRIMARY KEY (account_id, number, from_at);

ALTER TABLE ONLY public.tracking_numbers_history
    ADD CONSTRAINT tracking_numbers_history_pkey PRIMARY KEY (account_id, number, recorded_at);

ALTER TABLE ONLY public.tracking_numbers
    ADD CONSTRAINT tracking_numbers_pkey PRIMARY KEY (account_id, number);

ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT user_email_taken UNIQUE (account_id, email);

ALTER TABLE ONLY public.user_links
    ADD CONSTRAINT user_link_token_taken UNIQUE (token_sha256);

ALTER TABLE ONLY public.user_links
    ADD CONSTRAINT user_links_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (account_id, id);

CREATE INDEX agent_states_by_changed_xid ON public.agent_states USING btree (account_id, changed_xid);

CREATE INDEX appointments_by_attempt ON public.appointments USING btree (account_id, dialer, attempt) WHERE (attempt IS NOT NULL);

CREATE INDEX appointments_by_changed_xid ON public.appointments USING btree (account_id, changed_xid);

CREATE INDEX appointments_by_lead ON public.appointments USING btree (account_id, lead) WHERE (lead IS NOT NULL);

CREATE INDEX attempts_by_changed_xid ON public.attempts USING btree (account_id, changed_xid);

CREATE INDEX attempts_by_dialed_at ON public.attempts USING btree (account_id, dialed_at);

CREATE INDEX attempts_by_from_number ON public.attempts USING btree (account_id, from_number, dialed_at);

CREATE INDEX attempts_by_lead ON public.attempts USING btree (account_id, lead);

CREATE INDEX attempts_by_unclaimed_number ON public.attempts USING btree (account_id, to_number) WHERE (said_lead IS NULL);

CREATE INDEX attempts_history_by_dialed_at ON public.attempts_history USING btree (account_id, dialed_at);

CREATE INDEX attempts_talking_too_long ON public.attempts USING btree (account_id, recorded_at) WHERE ((talk_ms > 7200000) OR (((talk_ms)::double precision * '00:00:00.001'::interval) > ((ended_at - dialed_at) + '00:00:02'::interval)));

CREATE INDEX attempts_with_outcomes ON public.attempts USING btree (account_id) WHERE (jsonb_array_length(outcomes) > 1);

CREATE INDEX audit_log_by_time ON public.audit_log USING btree (account_id, recorded_at);

CREATE INDEX cases_by_changed_xid ON public.cases USING btree (account_id, changed_xid);

CREATE INDEX cases_by_lead ON public.cases USING btree (account_id, lead) WHERE (lead IS NOT NULL);

CREATE INDEX cases_by_opened_at ON public.cases USING btree (account_id, opened_at);

CREATE INDEX customers_by_changed_xid ON public.customers USING btree (account_id, changed_xid);

CREATE INDEX customers_by_lead ON public.customers USING btree (account_id, lead) WHERE (lead IS NOT NULL);

CREATE INDEX deliveries_by_call ON public.deliveries USING gin (calls);

CREATE INDEX deliveries_by_hook ON public.deliveries USING btree (account_id, hook, id);

CREATE INDEX deliveries_by_received_at ON public.deliveries USING btree (account_id, received_at);

CREATE INDEX deliveries_in_trouble ON public.deliveries USING btree (account_id, status, id) WHERE (status <> 'taken'::public.delivery_status);

CREATE INDEX dispositions_by_changed_xid ON public.dispositions USING btree (account_id, changed_xid);

CREATE INDEX dispositions_by_set_at ON public.dispositions USING btree (account_id, set_at);

CREATE INDEX evaluation_scores_by_changed_xid ON public.evaluation_scores USING btree (account_id, changed_xid);

CREATE INDEX evaluations_by_call ON public.evaluations USING btree (account_id, dialer, call) WHERE (call IS NOT NULL);

CREATE INDEX evaluations_by_changed_xid ON public.evaluations USING btree (account_id, changed_xid);

CREATE INDEX exchange_rates_by_changed_xid ON public.exchange_rates USING btree (account_id, changed_xid);

CREATE INDEX follow_ups_by_changed_xid ON public.follow_ups USING btree (account_id, changed_xid);

CREATE INDEX follow_ups_by_lead ON public.follow_ups USING btree (account_id, lead) WHERE (lead IS NOT NULL);

CREATE INDEX form_items_by_changed_xid ON public.form_items USING btree (account_id, changed_xid);

CREATE UNIQUE INDEX import_already_running ON public.import_runs USING btree (account_id, resource, fingerprint) WHERE (finished_at IS NULL);

CREATE INDEX inbound_calls_by_arrived_at ON public.inbound_calls USING btree (account_id, arrived_at);

CREATE INDEX inbound_calls_by_changed_xid ON public.inbound_calls USING btree (account_id, changed_xid);

CREATE INDEX inbound_calls_by_lead ON public.inbound_calls USING btree (account_id, lead);

CREATE INDEX inbound_calls_by_to_number ON public.inbound_calls USING btree (account_id, to_number, arrived_at);

CREATE INDEX inbound_calls_by_unclaimed_number ON public.inbound_calls USING btree (account_id, from_number) WHERE (said_lead IS NULL);

CREATE INDEX inbound_calls_talking_too_long ON public.inbound_calls USING btree (account_id, recorded_at) WHERE ((talk_ms > 7200000) OR (((talk_ms)::double precision * '00:00:00.001'::interval) > ((ended_at - arrived_at) + '00:00:02'::interval)));

CREATE INDEX inbound_calls_with_outcomes ON public.inbound_calls USING btree (account_id) WHERE (jsonb_array_length(outcomes) > 1);

CREATE INDEX leads_by_changed_xid ON public.leads USING btree (account_id, changed_xid);

CREATE INDEX leads_by_phone_number ON public.leads USING btree (account_id, phone_number);

CREATE INDEX leads_by_received_at ON public.leads USING btree (account_id, received_at);

CREATE INDEX leads_by_unread_number ON public.leads USING btree (account_id) WHERE ((phone_country IS NULL) AND (phone_number IS NOT NULL));

CREATE INDEX rejected_items_by_external_id ON public.rejected_items USING btree (account_id, external_id) WHERE (external_id IS NOT NULL);

CREATE INDEX rejected_items_by_recorded_at ON public.rejected_items USING btree (account_id, recorded_at);

CREATE INDEX running_costs_by_changed_xid ON public.running_costs USING btree (account_id, changed_xid);

CREATE INDEX schedules_by_changed_xid ON public.schedules USING btree (account_id, changed_xid);

CREATE INDEX shared_calls_by_call ON public.shared_calls USING btree (account_id, dialer, call) WHERE (call IS NOT NULL);

CREATE INDEX shared_calls_by_changed_xid ON public.shared_calls USING btree (account_id, changed_xid);

CREATE INDEX sign_in_attempts_by_subject ON public.sign_in_attempts USING btree (subject, attempted_at);

CREATE INDEX sign_in_attempts_by_time ON public.sign_in_attempts USING btree (attempted_at);

CREATE INDEX spend_by_changed_xid ON public.spend USING btree (account_id, changed_xid);

CREATE INDEX staff_by_changed_xid ON public.staff USING btree (account_id, changed_xid);

CREATE INDEX stage_changes_by_changed_xid ON public.stage_changes USING btree (account_id, changed_xid);

CREATE INDEX surveys_by_call ON public.surveys USING btree (account_id, dialer, call) WHERE (call IS NOT NULL);

CREATE INDEX surveys_by_changed_xid ON public.surveys USING btree (account_id, changed_xid);

CREATE INDEX surveys_by_lead ON public.surveys USING btree (account_id, lead) WHERE (lead IS NOT NULL);

CREATE INDEX uploads_in_work ON public.uploads USING btree (created_at) WHERE (state = ANY (ARRAY['checking'::public.upload_state, 'importing'::public.upload_state]));

CREATE INDEX uploads_on_disk ON public.uploads USING btree (created_at) WHERE (removed_at IS NULL);

CREATE INDEX user_links_of_user ON public.user_links USING btree (account_id, user_id);

CREATE UNIQUE INDEX user_signs_in_elsewhere ON public.users USING btree (email) WHERE ((joined_at IS NOT NULL) AND (disabled_at IS NULL));

CREATE TRIGGER audited AFTER UPDATE ON public.accounts FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('code');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.agents FOR EACH ROW WHEN (new.confirmed) EXECUTE FUNCTION public.record_change('code');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.api_keys FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('prefix');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.calendars FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('team');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.campaigns FOR EACH ROW WHEN (new.confirmed) EXECUTE FUNCTION public.record_change('code');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.disposition_codes FOR EACH ROW WHEN (new.confirmed) EXECUTE FUNCTION public.record_change('code');

CREATE TRIGGER audited AFTER INSERT ON public.erasures FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER audited AFTER INSERT ON public.exchange_rates REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.record_many_changes();

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.hooks FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.lead_attributes FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('name');

CREATE TRIGGER audited AFTER UPDATE OF confirmed_at ON public.second_factors FOR EACH ROW WHEN ((new.confirmed_at IS NOT NULL)) EXECUTE FUNCTION public.record_change('user_id');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.sources FOR EACH ROW WHEN (new.confirmed) EXECUTE FUNCTION public.record_change('code');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.targets FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('metric', 'dimension', 'code');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.tracking_number_assignments FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('number', 'from_at');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.tracking_numbers FOR EACH ROW WHEN (new.confirmed) EXECUTE FUNCTION public.record_change('number');

CREATE TRIGGER audited AFTER INSERT OR UPDATE ON public.users FOR EACH ROW WHEN (true) EXECUTE FUNCTION public.record_change('email');

CREATE TRIGGER change_audited AFTER UPDATE ON public.exchange_rates REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.record_many_changes();

CREATE TRIGGER removal_audited AFTER DELETE ON public.second_factors FOR EACH ROW WHEN ((old.confirmed_at IS NOT NULL)) EXECUTE FUNCTION public.record_change('user_id');

CREATE TRIGGER removal_audited AFTER DELETE ON public.tracking_number_assignments FOR EACH ROW EXECUTE FUNCTION public.record_change('number', 'from_at');

ALTER TABLE ONLY public.accounts_history
    ADD CONSTRAINT accounts_history_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.agent_states
    ADD CONSTRAINT agent_states_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.appointments
    ADD CONSTRAINT appointments_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.calendars
    ADD CONSTRAINT calendars_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.configuration_edits
    ADD CONSTRAINT configuration_edits_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_account_id_hook_fkey FOREIGN KEY (account_id, hook) REFERENCES public.hooks(account_id, id);

ALTER TABLE ONLY public.demo_floors
    ADD CONSTRAINT demo_floors_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.demo_floors
    ADD CONSTRAINT demo_floors_demo_account_id_fkey FOREIGN KEY (demo_account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.different_names
    ADD CONSTRAINT different_names_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.disposition_codes
    ADD CONSTRAINT disposition_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.dispositions
    ADD CONSTRAINT dispositions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.erased_leads
    ADD CONSTRAINT erased_leads_account_id_erasure_fkey FOREIGN KEY (account_id, erasure) REFERENCES public.erasures(account_id, id);

ALTER TABLE ONLY public.erased_numbers
    ADD CONSTRAINT erased_numbers_account_id_erasure_fkey FOREIGN KEY (account_id, erasure) REFERENCES public.erasures(account_id, id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.evaluation_scores
    ADD CONSTRAINT evaluation_scores_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.exchange_rates
    ADD CONSTRAINT exchange_rates_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.first_steps
    ADD CONSTRAINT first_steps_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.follow_ups
    ADD CONSTRAINT follow_ups_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.form_items
    ADD CONSTRAINT form_items_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.hook_counts
    ADD CONSTRAINT hook_counts_account_id_hook_fkey FOREIGN KEY (account_id, hook) REFERENCES public.hooks(account_id, id);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.import_runs
    ADD CONSTRAINT import_runs_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.inbound_calls
    ADD CONSTRAINT inbound_calls_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.lead_attributes
    ADD CONSTRAINT lead_attributes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.rejected_items
    ADD CONSTRAINT rejected_items_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.running_costs
    ADD CONSTRAINT running_costs_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT session_of_user FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_account_id_key_prefix_fkey FOREIGN KEY (account_id, key_prefix) REFERENCES public.api_keys(account_id, prefix);

ALTER TABLE ONLY public.shared_calls
    ADD CONSTRAINT shared_calls_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.spend
    ADD CONSTRAINT spend_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.stage_changes
    ADD CONSTRAINT stage_changes_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.surveys
    ADD CONSTRAINT surveys_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.targets
    ADD CONSTRAINT targets_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.tracking_number_assignments
    ADD CONSTRAINT tracking_number_assignments_account_id_number_fkey FOREIGN KEY (account_id, number) REFERENCES public.tracking_numbers(account_id, number);

ALTER TABLE ONLY public.tracking_numbers
    ADD CONSTRAINT tracking_numbers_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE ONLY public.user_links
    ADD CONSTRAINT user_links_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(account_id);

ALTER TABLE public.accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.accounts_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agent_states ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agent_states_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agents_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.appointments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.appointments_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.attempts_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calendars ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calendars_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaigns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaigns_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cases ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cases_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.configuration_edits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.customers_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.demo_floors ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.different_names ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.disposition_codes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.disposition_codes_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dispositions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dispositions_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erased_leads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erased_numbers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasures ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evaluation_scores ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evaluation_scores_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evaluations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evaluations_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exchange_rates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exchange_rates_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.first_steps ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.follow_ups ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.follow_ups_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.form_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.form_items_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hook_counts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hooks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import_mappings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import_runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.inbound_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.inbound_calls_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_attributes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_attributes_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.leads_history ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_account ON public.accounts TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.accounts_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.agent_states TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.agent_states_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.agents TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.agents_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.api_keys TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.appointments TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.appointments_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.attempts TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.attempts_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.audit_log TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.calendars TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.calendars_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.campaigns TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.campaigns_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.cases TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.cases_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.configuration_edits TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.customers TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.customers_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.deliveries TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.demo_floors TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.different_names TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.disposition_codes TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.disposition_codes_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.dispositions TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.dispositions_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.erased_leads TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.erased_numbers TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.erasures TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.evaluation_scores TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.evaluation_scores_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.evaluations TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.evaluations_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.exchange_rates TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.exchange_rates_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.first_steps TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.follow_ups TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.follow_ups_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.form_items TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.form_items_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.hook_counts TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.hooks TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.import_mappings TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.import_runs TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.inbound_calls TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.inbound_calls_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.lead_attributes TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.lead_attributes_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.leads TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.leads_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.rejected_items TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.running_costs TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.running_costs_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.schedules TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.schedules_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.second_factors TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.sessions TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.shared_calls TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.shared_calls_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.sources TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.sources_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.spend TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.spend_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.staff TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.staff_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.stage_changes TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.stage_changes_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.surveys TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.surveys_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.targets TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.targets_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.tracking_number_assignments TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.tracking_number_assignments_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.tracking_numbers TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.tracking_numbers_history TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.uploads TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.user_links TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

CREATE POLICY own_account ON public.users TO calltally_service USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE public.rejected_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.running_costs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.running_costs_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schedules ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schedules_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.second_factors ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.shared_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.shared_calls_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_places ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sources ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sources_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.spend ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.spend_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stage_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stage_changes_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.surveys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.surveys_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.targets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.targets_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tracking_number_assignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tracking_number_assignments_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tracking_numbers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tracking_numbers_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.uploads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO calltally_service;

REVOKE ALL ON FUNCTION public.begin_sign_in(subjects bytea[], most integer[], lasts interval[], places bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.begin_sign_in(subjects bytea[], most integer[], lasts interval[], places bytea[]) TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.cases TO calltally_service;

REVOKE ALL ON FUNCTION public.find_api_key(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_api_key(wanted text) TO calltally_service;

REVOKE ALL ON FUNCTION public.find_hook(wanted bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_hook(wanted bytea) TO calltally_service;

REVOKE ALL ON FUNCTION public.find_session(wanted bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_session(wanted bytea) TO calltally_service;

REVOKE ALL ON FUNCTION public.find_user(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_user(wanted text) TO calltally_service;

REVOKE ALL ON FUNCTION public.find_user_link(wanted bytea, wanted_purpose public.link_purpose) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_user_link(wanted bytea, wanted_purpose public.link_purpose) TO calltally_service;

REVOKE ALL ON FUNCTION public.finish_sign_in(subjects bytea[], place bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.finish_sign_in(subjects bytea[], place bytea) TO calltally_service;

REVOKE ALL ON FUNCTION public.forget_audit_log(account integer, before timestamp with time zone, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_audit_log(account integer, before timestamp with time zone, most integer) TO calltally_service;

REVOKE ALL ON FUNCTION public.has_calls(wanted integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.has_calls(wanted integer) TO calltally_service;

REVOKE ALL ON FUNCTION public.is_demo(wanted integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_demo(wanted integer) TO calltally_service;

REVOKE ALL ON FUNCTION public.list_accounts() FROM PUBLIC;
GRANT ALL ON FUNCTION public.list_accounts() TO calltally_service;

REVOKE ALL ON FUNCTION public.make_demo_account(zone text, calls integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.make_demo_account(zone text, calls integer) TO calltally_service;

REVOKE ALL ON FUNCTION public.remove_demo_account() FROM PUBLIC;
GRANT ALL ON FUNCTION public.remove_demo_account() TO calltally_service;

REVOKE ALL ON FUNCTION public.take_demo_ids(attempts bigint, leads bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_demo_ids(attempts bigint, leads bigint) TO calltally_service;

REVOKE ALL ON FUNCTION public.uploads_in_work() FROM PUBLIC;
GRANT ALL ON FUNCTION public.uploads_in_work() TO calltally_service;

REVOKE ALL ON FUNCTION public.uploads_to_remove(age interval) FROM PUBLIC;
GRANT ALL ON FUNCTION public.uploads_to_remove(age interval) TO calltally_service;

GRANT SELECT ON TABLE public.accounts TO calltally_service;

GRANT UPDATE(name) ON TABLE public.accounts TO calltally_service;

GRANT UPDATE(zone) ON TABLE public.accounts TO calltally_service;

GRANT UPDATE(region) ON TABLE public.accounts TO calltally_service;

GRANT UPDATE(currency) ON TABLE public.accounts TO calltally_service;

GRANT UPDATE(recorded_at) ON TABLE public.accounts TO calltally_service;

GRANT UPDATE(second_factor_required) ON TABLE public.accounts TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.accounts_history TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.agent_states TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.agent_states_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.agent_states_history TO calltally_service;

GRANT SELECT ON TABLE public.agent_states_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.agents TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.agents_history TO calltally_service;

GRANT UPDATE(code) ON TABLE public.agents_history TO calltally_service;

GRANT UPDATE(merged_into) ON TABLE public.agents_history TO calltally_service;

GRANT SELECT ON TABLE public.agents_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.api_keys TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.appointments TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.appointments_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.appointments_history TO calltally_service;

GRANT SELECT ON TABLE public.appointments_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.attempts TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(to_number) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(from_number) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(participants) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(recording) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(disposition_agent) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(contact) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(shares) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(outcomes) ON TABLE public.attempts_history TO calltally_service;

GRANT UPDATE(note) ON TABLE public.attempts_history TO calltally_service;

GRANT SELECT ON TABLE public.attempts_versions TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.audit_log TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.calendars TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.calendars_history TO calltally_service;

GRANT SELECT ON TABLE public.calendars_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.campaigns TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.campaigns_history TO calltally_service;

GRANT SELECT ON TABLE public.campaigns_versions TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.cases_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.cases_history TO calltally_service;

GRANT SELECT ON TABLE public.cases_versions TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.configuration_edits TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.customers TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.customers_history TO calltally_service;

GRANT UPDATE(reason) ON TABLE public.customers_history TO calltally_service;

GRANT SELECT ON TABLE public.customers_versions TO calltally_service;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deliveries TO calltally_service;

GRANT SELECT ON TABLE public.demo_floors TO calltally_service;

GRANT UPDATE(state) ON TABLE public.demo_floors TO calltally_service;

GRANT UPDATE(changed_at) ON TABLE public.demo_floors TO calltally_service;

GRANT SELECT,INSERT,DELETE ON TABLE public.different_names TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.disposition_codes TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.disposition_codes_history TO calltally_service;

GRANT SELECT ON TABLE public.disposition_codes_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.dispositions TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.dispositions_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.dispositions_history TO calltally_service;

GRANT UPDATE(note) ON TABLE public.dispositions_history TO calltally_service;

GRANT SELECT ON TABLE public.dispositions_versions TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.erased_leads TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.erased_numbers TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.erasures TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.evaluation_scores TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.evaluation_scores_history TO calltally_service;

GRANT SELECT ON TABLE public.evaluation_scores_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.evaluations TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.evaluations_history TO calltally_service;

GRANT UPDATE(evaluator) ON TABLE public.evaluations_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.evaluations_history TO calltally_service;

GRANT UPDATE(comment) ON TABLE public.evaluations_history TO calltally_service;

GRANT SELECT ON TABLE public.evaluations_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.exchange_rates TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.exchange_rates_history TO calltally_service;

GRANT SELECT ON TABLE public.exchange_rates_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.first_steps TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.follow_ups TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.follow_ups_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.follow_ups_history TO calltally_service;

GRANT SELECT ON TABLE public.follow_ups_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.form_items TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.form_items_history TO calltally_service;

GRANT SELECT ON TABLE public.form_items_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.hook_counts TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.hooks TO calltally_service;

GRANT UPDATE(token_sha256) ON TABLE public.hooks TO calltally_service;

GRANT UPDATE(secret) ON TABLE public.hooks TO calltally_service;

GRANT UPDATE(revoked_at) ON TABLE public.hooks TO calltally_service;

GRANT UPDATE(person_after_ms) ON TABLE public.hooks TO calltally_service;

GRANT UPDATE(match_leads) ON TABLE public.hooks TO calltally_service;

GRANT UPDATE(mapping) ON TABLE public.hooks TO calltally_service;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_mappings TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.import_runs TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.inbound_calls TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(from_number) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(participants) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(recording) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(disposition_agent) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(note) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(contact) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(shares) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(outcomes) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(offers) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT UPDATE(segments) ON TABLE public.inbound_calls_history TO calltally_service;

GRANT SELECT ON TABLE public.inbound_calls_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.lead_attributes TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.lead_attributes_history TO calltally_service;

GRANT SELECT ON TABLE public.lead_attributes_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.leads TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.leads_history TO calltally_service;

GRANT UPDATE(phone_number) ON TABLE public.leads_history TO calltally_service;

GRANT UPDATE(owner) ON TABLE public.leads_history TO calltally_service;

GRANT UPDATE(close_reason) ON TABLE public.leads_history TO calltally_service;

GRANT UPDATE(attributes) ON TABLE public.leads_history TO calltally_service;

GRANT SELECT ON TABLE public.leads_versions TO calltally_service;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rejected_items TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.running_costs TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.running_costs_history TO calltally_service;

GRANT SELECT ON TABLE public.running_costs_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.schedules TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.schedules_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.schedules_history TO calltally_service;

GRANT SELECT ON TABLE public.schedules_versions TO calltally_service;

GRANT SELECT,INSERT,DELETE ON TABLE public.second_factors TO calltally_service;

GRANT UPDATE(secret) ON TABLE public.second_factors TO calltally_service;

GRANT UPDATE(confirmed_at) ON TABLE public.second_factors TO calltally_service;

GRANT UPDATE(last_step) ON TABLE public.second_factors TO calltally_service;

GRANT UPDATE(recovery_sha256) ON TABLE public.second_factors TO calltally_service;

GRANT SELECT,INSERT,DELETE ON TABLE public.sessions TO calltally_service;

GRANT UPDATE(ended_at) ON TABLE public.sessions TO calltally_service;

GRANT UPDATE(last_seen_at) ON TABLE public.sessions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.shared_calls TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.shared_calls_history TO calltally_service;

GRANT UPDATE(manager) ON TABLE public.shared_calls_history TO calltally_service;

GRANT UPDATE(note) ON TABLE public.shared_calls_history TO calltally_service;

GRANT SELECT ON TABLE public.shared_calls_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.sources TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.sources_history TO calltally_service;

GRANT SELECT ON TABLE public.sources_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.spend TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.spend_history TO calltally_service;

GRANT SELECT ON TABLE public.spend_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.staff TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.staff_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.staff_history TO calltally_service;

GRANT UPDATE(manager) ON TABLE public.staff_history TO calltally_service;

GRANT SELECT ON TABLE public.staff_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.stage_changes TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.stage_changes_history TO calltally_service;

GRANT SELECT ON TABLE public.stage_changes_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.surveys TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.surveys_history TO calltally_service;

GRANT UPDATE(comment) ON TABLE public.surveys_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.surveys_history TO calltally_service;

GRANT SELECT ON TABLE public.surveys_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.targets TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.targets_history TO calltally_service;

GRANT SELECT ON TABLE public.targets_versions TO calltally_service;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tracking_number_assignments TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.tracking_number_assignments_history TO calltally_service;

GRANT UPDATE(agent) ON TABLE public.tracking_number_assignments_history TO calltally_service;

GRANT SELECT ON TABLE public.tracking_number_assignments_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.tracking_numbers TO calltally_service;

GRANT SELECT,INSERT ON TABLE public.tracking_numbers_history TO calltally_service;

GRANT SELECT ON TABLE public.tracking_numbers_versions TO calltally_service;

GRANT SELECT,INSERT,UPDATE ON TABLE public.uploads TO calltally_service;

GRANT SELECT(account_id),INSERT(account_id) ON TABLE public.user_links TO calltally_service;

GRANT SELECT(id) ON TABLE public.user_links TO calltally_service;

GRANT SELECT(user_id),INSERT(user_id) ON TABLE public.user_links TO calltally_service;

GRANT SELECT(purpose),INSERT(purpose) ON TABLE public.user_links TO calltally_service;

GRANT INSERT(token_sha256) ON TABLE public.user_links TO calltally_service;

GRANT SELECT(created_at) ON TABLE public.user_links TO calltally_service;

GRANT SELECT(expires_at),INSERT(expires_at) ON TABLE public.user_links TO calltally_service;

GRANT SELECT(used_at),UPDATE(used_at) ON TABLE public.user_links TO calltally_service;

GRANT SELECT(account_id),INSERT(account_id) ON TABLE public.users TO calltally_service;

GRANT SELECT(id) ON TABLE public.users TO calltally_service;

GRANT SELECT(email),INSERT(email) ON TABLE public.users TO calltally_service;

GRANT SELECT(name),INSERT(name),UPDATE(name) ON TABLE public.users TO calltally_service;

GRANT SELECT(role),INSERT(role),UPDATE(role) ON TABLE public.users TO calltally_service;

GRANT SELECT(teams),INSERT(teams),UPDATE(teams) ON TABLE public.users TO calltally_service;

GRANT SELECT(agent),INSERT(agent),UPDATE(agent) ON TABLE public.users TO calltally_service;

GRANT SELECT(language),UPDATE(language) ON TABLE public.users TO calltally_service;

GRANT SELECT(zone),UPDATE(zone) ON TABLE public.users TO calltally_service;

GRANT UPDATE(password_hash) ON TABLE public.users TO calltally_service;

GRANT SELECT(created_at) ON TABLE public.users TO calltally_service;

GRANT SELECT(joined_at),UPDATE(joined_at) ON TABLE public.users TO calltally_service;

GRANT SELECT(disabled_at),UPDATE(disabled_at) ON TABLE public.users TO calltally_service;

GRANT SELECT(last_seen_at),UPDATE(last_seen_at) ON TABLE public.users TO calltally_service;
