-- The base of every oracle: the versions valid at the moment of the request, codes as they count, periods of time, and
-- the outcome of each attempt. It takes another route than reports/rules/call_outcomes.py: one attempt at a time, in steps.
--
-- Settings: oracle.account, oracle.from, oracle.to (the window), oracle.as_of (infinity: now), oracle.until (that moment,
-- or now), oracle.anchor (the moment that decides the window of a row), oracle.zone, oracle.account_zone, oracle.by (the
-- breakdown), oracle.only (what it is filtered by), oracle.goal, oracle.currency, oracle.model.

CREATE OR REPLACE FUNCTION pg_temp.setting(name text) RETURNS text
LANGUAGE sql STABLE RETURN current_setting('oracle.' || name);

-- The agent of an attempt: the one named, else the only one who took part.
CREATE OR REPLACE FUNCTION pg_temp.sole_agent(named text, participants jsonb) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    names text[];
BEGIN
    IF named IS NULL AND participants IS NOT NULL THEN
        names := ARRAY(SELECT DISTINCT agent FROM jsonb_to_recordset(participants) AS p (agent text));
        RETURN CASE cardinality(names) WHEN 1 THEN names[1] END;
    END IF;
    RETURN named;
END $$;

-- Who answered a call that came in: first the call itself, then its offers, its waits and its participants in order.
CREATE OR REPLACE FUNCTION pg_temp.who_answered(call inbound_calls_versions) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT agent FROM (
        SELECT 1 AS rank, 1 AS place, call.agent::text AS agent
        UNION ALL
        SELECT 2, n, o ->> 'agent' FROM jsonb_array_elements(call.offers) WITH ORDINALITY AS e (o, n)
        WHERE (o ->> 'answered')::boolean
        UNION ALL
        SELECT 3, n, s ->> 'agent' FROM jsonb_array_elements(call.segments) WITH ORDINALITY AS e (s, n)
        WHERE NOT jsonb_exists(s, 'outcome') OR s ->> 'outcome' IN ('answered')
        UNION ALL
        SELECT 4, n, p ->> 'agent' FROM jsonb_array_elements(call.participants) WITH ORDINALITY AS e (p, n)
        WHERE COALESCE(p ->> 'state', '') <> 'left'
    ) named
    WHERE agent IS NOT NULL
    ORDER BY rank, place LIMIT 1
$$;

-- Every version of every row, current ones without an end.
CREATE OR REPLACE TEMP VIEW every_attempt AS SELECT * FROM attempts_versions;
-- Calls that surveys and evaluations may be about: those made, and those that came in under an id of their own.
CREATE OR REPLACE TEMP VIEW every_call_rated AS
    SELECT
        account_id, dialer, external_id, dialed_at AS called_at, lead,
        pg_temp.sole_agent(agent, participants) AS agent, disposition_agent, campaign, source, tracking_number, NULL::text AS queue, spam, test, recorded_at, superseded_at
    FROM attempts_versions
    UNION ALL
    SELECT
        account_id, dialer, external_id, arrived_at, lead, pg_temp.who_answered(c), disposition_agent, campaign, source,
        tracking_number, COALESCE(queue, segments -> 0 ->> 'queue'), spam, test, recorded_at, superseded_at
    FROM inbound_calls_versions c
    WHERE arrived_at IS NOT NULL;
CREATE OR REPLACE TEMP VIEW every_lead AS SELECT * FROM leads_versions;
CREATE OR REPLACE TEMP VIEW every_code AS
    SELECT 'agent' AS kind, account_id, code, merged_into, recorded_at, timestamptz 'infinity' AS superseded_at FROM agents
    UNION ALL
    SELECT 'agent', account_id, code, merged_into, recorded_at, superseded_at FROM agents_history
    UNION ALL
    SELECT 'campaign', account_id, code, merged_into, recorded_at, 'infinity' FROM campaigns
    UNION ALL
    SELECT 'campaign', account_id, code, merged_into, recorded_at, superseded_at FROM campaigns_history
    UNION ALL
    SELECT 'source', account_id, code, merged_into, recorded_at, 'infinity' FROM sources
    UNION ALL
    SELECT 'source', account_id, code, merged_into, recorded_at, superseded_at FROM sources_history
    UNION ALL
    SELECT 'disposition', account_id, code, merged_into, recorded_at, 'infinity' FROM disposition_codes
    UNION ALL
    SELECT 'disposition', account_id, code, merged_into, recorded_at, superseded_at FROM disposition_codes_history;

-- Infinity is later than every moment, and not before itself: no row is superseded then.
CREATE OR REPLACE FUNCTION pg_temp.is_valid(recorded_at timestamptz, superseded_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE RETURN recorded_at <= pg_temp.setting('as_of')::timestamptz
    AND (superseded_at > pg_temp.setting('as_of')::timestamptz OR superseded_at = 'infinity');

-- The value of a lead in an attribute with a list of values.
CREATE OR REPLACE FUNCTION pg_temp.attribute(attribute_name text, lead_code text) RETURNS text
LANGUAGE sql STABLE RETURN (
    SELECT CASE
        WHEN btrim(l.attributes ->> attribute_name) = '' THEN NULL
        WHEN jsonb_exists(d.allowed, btrim(l.attributes ->> attribute_name)) THEN btrim(l.attributes ->> attribute_name)
        WHEN l.attributes ->> attribute_name IS NOT NULL THEN 'other'
    END
    FROM lead_attributes_versions d
    JOIN leads_versions l ON l.account_id = d.account_id AND l.external_id = lead_code
        AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
    WHERE d.account_id = pg_temp.setting('account')::integer AND d.name = attribute_name
        AND pg_temp.is_valid(d.recorded_at, d.superseded_at)
);

-- The table merged_codes holds the merges that are valid at the moment of the request.
CREATE OR REPLACE FUNCTION pg_temp.reads_as(code_kind text, first_code text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    here text := first_code;
    beyond text;
    passed text[] := '{}';
BEGIN
    LOOP
        SELECT merged_into INTO beyond FROM pg_temp.merged_codes WHERE kind = code_kind AND code = here;
        IF NOT FOUND THEN
            RETURN here;
        END IF;
        passed := passed || here;
        IF beyond = ANY (passed) THEN
            RETURN first_code; -- a circle
        END IF;
        here := beyond;
    END LOOP;
END $$;

-- The period of local time that contains a moment, as text of a group.
CREATE OR REPLACE FUNCTION pg_temp.bucket(piece text, at timestamptz) RETURNS text
LANGUAGE sql STABLE RETURN CASE piece
    WHEN 'hour' THEN date_trunc('hour', at, pg_temp.setting('zone'))::text
    WHEN 'hour_of_week' THEN to_char(at AT TIME ZONE pg_temp.setting('zone'), 'Dy HH24:00')
    WHEN 'hour_of_day' THEN to_char(at AT TIME ZONE pg_temp.setting('zone'), 'HH24:00')
    WHEN 'half_hour_of_day' THEN
        to_char(date_bin('30 minutes', at AT TIME ZONE pg_temp.setting('zone'), timestamp '2000-01-01'), 'HH24:MI')
    WHEN 'quarter_hour_of_day' THEN
        to_char(date_bin('15 minutes', at AT TIME ZONE pg_temp.setting('zone'), timestamp '2000-01-01'), 'HH24:MI')
    ELSE (date_trunc(piece, at AT TIME ZONE pg_temp.setting('zone'))::date)::text
END;

CREATE OR REPLACE FUNCTION pg_temp.resolve_calls(from_at timestamptz, to_at timestamptz) RETURNS TABLE (
    dialer text, external_id text, dialed_at timestamptz,
    agent text, team text, campaign text, source text, tracking_number text, lead text,
    country text, region text, callee_hour_of_week text, period text,
    answered_at timestamptz, agent_joined_at timestamptz, ended_at timestamptz,
    talk_ms integer, dead_ms integer, hold_ms integer, wrap_ms integer, shares jsonb, lead_by text,
    network_result text, answered_by text, party text, handled text, result text,
    disposition text, disposition_set_at timestamptz, callback_at timestamptz, next_step text, disposed boolean, goal boolean, is_open boolean, is_test boolean,
    is_spam boolean, person_assumed boolean,
    talk_length text
)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    a every_attempt;
    l every_lead;
    axes disposition_codes;
    began date;
    clock text;
    agreed boolean;
    spoken boolean;
    talked_ms integer;
BEGIN
    FOR a IN
        SELECT * FROM every_attempt e
        WHERE e.account_id = pg_temp.setting('account')::integer
            AND e.dialed_at >= from_at AND e.dialed_at < to_at
            AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
    LOOP
        l := NULL;
        SELECT * INTO l FROM every_lead e
        WHERE e.account_id = a.account_id AND e.external_id = a.lead AND pg_temp.is_valid(e.recorded_at, e.superseded_at);

        axes := NULL;
        IF a.disposition IS NOT NULL THEN
            SELECT c.* INTO axes FROM (
                SELECT *, timestamptz 'infinity' AS superseded_at FROM disposition_codes
                UNION ALL SELECT * FROM disposition_codes_history
            ) c
            WHERE c.account_id = a.account_id AND c.code = pg_temp.reads_as('disposition', a.disposition)
                AND pg_temp.is_valid(c.recorded_at, c.superseded_at);
        END IF;

        dialer := a.dialer;
        external_id := a.external_id;
        dialed_at := a.dialed_at;
        country := a.to_country;
        region := a.to_region;
        callee_hour_of_week := NULL;
        IF (SELECT count(DISTINCT a.dialed_at AT TIME ZONE z) FROM unnest(a.to_zones) z) = 1 THEN
            callee_hour_of_week := to_char(a.dialed_at AT TIME ZONE a.to_zones[1], 'Dy HH24:00');
        END IF;
        answered_at := a.answered_at;
        agent_joined_at := a.agent_joined_at;
        ended_at := a.ended_at;
        hold_ms := a.hold_ms;
        wrap_ms := a.wrap_ms;
        disposition := pg_temp.reads_as('disposition', a.disposition);
        disposition_set_at := a.disposition_set_at;
        callback_at := a.callback_at;
        lead := a.lead;
        lead_by := a.lead_by;
        shares := a.shares;
        tracking_number := a.tracking_number;
        talk_ms := a.talk_ms;
        IF talk_ms IS NULL AND a.ended_at IS NOT NULL AND a.agent_joined_at IS NOT NULL THEN
            talk_ms := greatest(0, trunc(extract(epoch FROM a.ended_at - a.agent_joined_at) * 1000) - coalesce(a.hold_ms, 0));
        END IF;
        dead_ms := a.dead_ms;
        disposed := a.disposition IS NOT NULL;

        agent := pg_temp.reads_as('agent', coalesce(pg_temp.sole_agent(a.agent, a.participants), a.disposition_agent));
        team := (
            SELECT e.team FROM (
                SELECT *, timestamptz 'infinity' AS superseded_at FROM agents UNION ALL SELECT * FROM agents_history
            ) e
            WHERE e.account_id = a.account_id AND e.code = resolve_calls.agent AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
        );
        campaign := pg_temp.reads_as('campaign', a.campaign);
        SELECT e.starts_on, coalesce(e.zone, pg_temp.setting('account_zone')) INTO began, clock FROM (
            SELECT *, timestamptz 'infinity' AS superseded_at FROM campaigns UNION ALL SELECT * FROM campaigns_history
        ) e
        WHERE e.account_id = a.account_id AND e.code = resolve_calls.campaign
            AND pg_temp.is_valid(e.recorded_at, e.superseded_at);
        period := (
            SELECT max(first_day)::date
            FROM generate_series(began - interval '600 days', began + interval '600 days', interval '30 days') first_day
            WHERE first_day <= a.dialed_at AT TIME ZONE clock
        );
        source := a.source;
        IF source IS NULL THEN
            source := l.source;
        END IF;
        IF source IS NULL THEN
            source := (
                SELECT e.source FROM (
                    SELECT *, timestamptz 'infinity' AS superseded_at FROM campaigns
                    UNION ALL SELECT * FROM campaigns_history
                ) e
                WHERE e.account_id = a.account_id AND e.code = resolve_calls.campaign
                    AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
            );
        END IF;
        source := pg_temp.reads_as('source', source);
        is_spam := a.spam IS TRUE;
        is_test := is_spam OR coalesce(a.test, l.test, false);

        result := CASE WHEN axes.result IS NOT NULL THEN axes.result::text WHEN disposed THEN 'unmapped' ELSE 'none' END;
        agreed := result = ANY ('{sale,appointment,qualified}');
        goal := CASE pg_temp.setting('goal') WHEN 'any' THEN agreed ELSE result = pg_temp.setting('goal') END;
        party := 'unknown';
        IF axes.party <> 'unknown' THEN
            party := axes.party;
        ELSIF agreed THEN
            party := 'right_party';
        END IF;
        spoken := agreed OR party = 'right_party';

        handled := 'unknown';
        IF axes.handled IS NOT NULL THEN
            handled := axes.handled;
        ELSIF a.handled IS NOT NULL THEN
            handled := a.handled;
        ELSIF a.agent_joined_at IS NOT NULL OR (talk_ms > 0 AND agent IS NOT NULL) THEN
            handled := 'agent';
        END IF;
        IF spoken AND (axes.handled IS NULL OR axes.handled = 'none') THEN
            handled := CASE WHEN a.handled = 'ivr_only' THEN 'ivr_only' ELSE 'agent' END;
        END IF;

        next_step := coalesce(axes.next_step::text, CASE WHEN a.callback_at IS NULL THEN 'none' ELSE 'callback' END);

        answered_by := coalesce(a.answered_by::text, 'unknown');
        IF axes.network_result NOT IN ('answered', 'unknown') THEN
            answered_by := 'unknown';
        END IF;
        IF axes.answered_by <> 'unknown' THEN
            answered_by := axes.answered_by;
        END IF;
        IF spoken THEN
            answered_by := 'human';
        END IF;

        network_result := 'unknown';
        IF a.answered_at IS NOT NULL OR answered_by <> 'unknown' OR (handled = 'agent' AND talk_ms > 0) THEN
            network_result := 'answered';
        END IF;
        IF a.network_result <> 'unknown' THEN
            network_result := a.network_result;
        END IF;
        IF axes.network_result <> 'unknown' THEN
            network_result := axes.network_result;
        END IF;
        IF network_result = 'cancelled' AND (a.rang_at IS NOT NULL OR a.ring_ms > 0) THEN
            network_result := 'no_answer';
        END IF;
        IF answered_by = 'human' OR handled = 'abandoned_by_us' THEN
            network_result := 'answered';
        END IF;
        IF handled = 'unknown' AND network_result <> ALL ('{answered,unknown}') THEN
            handled := 'none';
        END IF;
        -- After the network: an answer of unknown making is taken for a person's where the talk was long enough.
        person_assumed := false;
        IF network_result = 'answered' AND answered_by = 'unknown' AND handled = ANY ('{agent,unknown}')
            AND greatest(talk_ms, 0) >= a.person_after_ms
        THEN
            person_assumed := true;
            answered_by := 'human';
        END IF;

        talk_length := NULL;
        IF network_result = 'answered' AND answered_by = ANY ('{human,unknown}') AND handled = 'agent' THEN
            talked_ms := greatest(0, talk_ms - coalesce(dead_ms, 0));
            talk_length := CASE
                WHEN talk_ms IS NULL THEN NULL
                WHEN talked_ms < 30000 THEN 'under 30 s'
                WHEN talked_ms < 60000 THEN '30 s to 1 min'
                WHEN talked_ms < 120000 THEN '1 to 2 min'
                WHEN talked_ms < 300000 THEN '2 to 5 min'
                WHEN talked_ms < 600000 THEN '5 to 10 min'
                ELSE '10 min or more'
            END;
        END IF;

        is_open := a.ended_at IS NULL AND a.talk_ms IS NULL AND NOT disposed
            AND network_result IN ('answered', 'unknown');
        RETURN NEXT;
    END LOOP;
END $$;

-- Whether a call may have been picked up: it was, or it is over and nobody has said.
CREATE OR REPLACE FUNCTION pg_temp.may_be_answered(network_result text, is_open boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN CASE network_result WHEN 'answered' THEN true WHEN 'unknown' THEN NOT is_open ELSE false END;

-- Whether an agent may have spoken with a person: known to have, or not known not to.
CREATE OR REPLACE FUNCTION pg_temp.may_have_spoken(
    network_result text, answered_by text, handled text, is_open boolean
) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN pg_temp.may_be_answered(network_result, is_open)
    AND answered_by IN ('human', 'unknown') AND handled IN ('agent', 'unknown');

-- Whether it may have been the right party: nobody has said, or nobody has said what the code means.
CREATE OR REPLACE FUNCTION pg_temp.may_be_right(
    network_result text, answered_by text, handled text, party text, disposed boolean, result text,
    is_open boolean
) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN pg_temp.may_have_spoken(network_result, answered_by, handled, is_open)
    AND party = 'unknown' AND (NOT disposed OR result = 'unmapped');

-- Whether a rate from low to high cannot be told: so many of the rows are doubtful, or nothing else is known.
CREATE OR REPLACE FUNCTION pg_temp.doubted(
    numerator float8, value float8, doubtful float8, of_rows float8, low float8, high float8
) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN doubtful > 0 AND high > low AND (value IS NULL OR numerator = 0 OR doubtful / of_rows > 0.5) THEN 'cannot_tell'
END;

-- The share that still waits after each time, as Kaplan-Meier in Efron's form: all rows start with the same weight, and
-- a row that is no longer observed leaves its weight to the rows observed for longer.
CREATE OR REPLACE FUNCTION pg_temp.still_waiting(ms bigint[], happened boolean[]) RETURNS TABLE (at bigint, share float8)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    remaining integer := cardinality(ms);
    weight float8 := 1.0 / nullif(remaining, 0);
    happens boolean;
BEGIN
    share := 1;
    FOR at, happens IN SELECT * FROM unnest(ms, happened) AS waits (t, e) ORDER BY t, e DESC LOOP
        remaining := remaining - 1;
        IF happens THEN
            share := share - weight;
        ELSIF remaining > 0 THEN
            weight := weight + weight / remaining;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- The time by which half have had the event; null while fewer have.
CREATE OR REPLACE FUNCTION pg_temp.half_by(ms bigint[], happened boolean[]) RETURNS float8
LANGUAGE sql IMMUTABLE RETURN (SELECT min(at) FROM pg_temp.still_waiting(ms, happened) WHERE share <= 0.5 + 1e-9);

-- The share that has had the event at a time, including its last moment.
CREATE OR REPLACE FUNCTION pg_temp.within(ms bigint[], happened boolean[], horizon bigint) RETURNS float8
LANGUAGE sql IMMUTABLE
RETURN (SELECT 1 - coalesce(min(share), 1) FROM pg_temp.still_waiting(ms, happened) WHERE at <= horizon);

-- The moment at which the clocks of a zone show a time: the first of two; a skipped time counts on from before.
CREATE OR REPLACE FUNCTION pg_temp.shown_at(shown timestamp, zone text) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN least(shown AT TIME ZONE zone, (shown - interval '1 day') AT TIME ZONE zone + interval '24 hours');

-- Milliseconds of a team's working time between two moments: day by day, opening by opening.
CREATE OR REPLACE FUNCTION pg_temp.worked_ms(of_team text, from_at timestamptz, to_at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    plan record;
    today date;
    pieces jsonb;
    piece text;
    covered tstzmultirange := '{}';
BEGIN
    SELECT zone, hours, holidays INTO plan FROM (
        SELECT *, timestamptz 'infinity' AS superseded_at FROM calendars UNION ALL SELECT * FROM calendars_history
    ) c
    WHERE account_id = pg_temp.setting('account')::integer AND team IN (of_team, 'default')
        AND pg_temp.is_valid(recorded_at, superseded_at)
    ORDER BY team = 'default' LIMIT 1;
    IF NOT FOUND THEN
        SELECT pg_temp.setting('account_zone') AS zone, '[]'::jsonb AS holidays, jsonb_object_agg(d, '["09:00-17:00"]'::jsonb) AS hours
        INTO plan
        FROM unnest('{monday,tuesday,wednesday,thursday,friday}'::text[]) d;
    END IF;
    FOR today IN SELECT generate_series(from_at::date - 2, to_at::date + 2, interval '1 day') LOOP
        pieces := coalesce(
            (SELECT day -> 'hours' FROM jsonb_array_elements(plan.holidays) day WHERE day ->> 'on' = today::text),
            plan.hours -> lower(to_char(today, 'FMDay')),
            '[]'
        );
        FOR piece IN SELECT jsonb_array_elements_text(pieces) LOOP
            covered := covered + tstzmultirange(tstzrange(
                pg_temp.shown_at(today + split_part(piece, '-', 1)::interval, plan.zone),
                pg_temp.shown_at(today + split_part(piece, '-', 2)::interval, plan.zone)
            ));
        END LOOP;
    END LOOP;
    covered := covered * tstzmultirange(tstzrange(from_at, to_at));
    RETURN (
        SELECT trunc(coalesce(sum(extract(epoch FROM upper(open) - lower(open))), 0) * 1000)
        FROM unnest(covered) open
    );
END $$;

CREATE OR REPLACE FUNCTION pg_temp.elapsed_ms(from_at timestamptz, to_at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE RETURN trunc(extract(epoch FROM to_at - from_at) * 1000);

-- The team of an agent's current code.
CREATE OR REPLACE FUNCTION pg_temp.team_of(reading text) RETURNS text
LANGUAGE sql STABLE
RETURN (
    SELECT e.team FROM agents_versions e
    WHERE e.account_id = pg_temp.setting('account')::integer AND e.code = reading
        AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
);

-- The source of a lead, or else of its campaign.
CREATE OR REPLACE FUNCTION pg_temp.source_of_lead(own_source text, in_campaign text) RETURNS text
LANGUAGE sql STABLE
RETURN pg_temp.reads_as('source', coalesce(own_source, (
    SELECT e.source FROM campaigns_versions e
    WHERE e.account_id = pg_temp.setting('account')::integer AND e.code = pg_temp.reads_as('campaign', in_campaign)
        AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
)));

-- Every deal that was ever qualified, with its current values.
CREATE OR REPLACE FUNCTION pg_temp.every_deal() RETURNS TABLE (
    opportunity text, stage text, lead text, opened_at timestamptz, closed_at timestamptz,
    currency text, amount numeric, gross_profit numeric, is_test boolean, own_source text, own_campaign text, owner text
)
LANGUAGE sql STABLE AS $$
WITH move AS (
    SELECT s.*, rank() OVER (PARTITION BY s.opportunity ORDER BY s.changed_at, s.stage, s.external_id) AS place
    FROM stage_changes_versions s
    WHERE s.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
        AND s.changed_at <= pg_temp.setting('until')::timestamptz
),
deal AS (
    SELECT
        m.opportunity,
        m.stage,
        (
            SELECT min(q.changed_at) FROM move q
            WHERE q.opportunity = m.opportunity AND q.stage NOT IN ('contacted', 'lost')
        ) AS opened_at,
        -- The first move after the last one to any other stage.
        CASE WHEN m.stage IN ('won', 'lost') THEN (
            SELECT min(e.changed_at) FROM move e
            WHERE e.opportunity = m.opportunity AND e.place > coalesce(
                (SELECT max(o.place) FROM move o WHERE o.opportunity = m.opportunity AND o.stage <> m.stage), 0
            )
        ) END AS closed_at,
        (
            SELECT l.lead FROM move l WHERE l.opportunity = m.opportunity AND l.lead IS NOT NULL
            ORDER BY l.place DESC LIMIT 1
        ) AS lead,
        (
            SELECT c.currency FROM move c WHERE c.opportunity = m.opportunity AND c.currency IS NOT NULL
            ORDER BY c.place DESC LIMIT 1
        ) AS currency
    FROM move m
    WHERE NOT EXISTS (SELECT FROM move n WHERE n.opportunity = m.opportunity AND n.place > m.place)
)
SELECT
    d.opportunity,
    d.stage,
    d.lead,
    d.opened_at,
    d.closed_at,
    d.currency,
    (
        SELECT m.amount FROM move m
        WHERE m.opportunity = d.opportunity AND m.currency = d.currency AND m.amount IS NOT NULL
        ORDER BY m.place DESC LIMIT 1
    ) AS amount,
    (
        SELECT m.gross_profit FROM move m
        WHERE m.opportunity = d.opportunity AND m.currency = d.currency AND m.gross_profit IS NOT NULL
        ORDER BY m.place DESC LIMIT 1
    ) AS gross_profit,
    coalesce(l.test, false),
    l.source,
    l.campaign,
    l.owner
FROM deal d
LEFT JOIN every_lead l ON l.account_id = pg_temp.setting('account')::integer AND l.external_id = d.lead
    AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
WHERE d.opened_at IS NOT NULL
$$;

-- The newest rate between two currencies on a day or in the seven days before, told in either direction, and its day.
CREATE OR REPLACE FUNCTION pg_temp.pair_rate(from_currency text, to_currency text, day date)
RETURNS TABLE (over numeric, under numeric, rate_on date)
LANGUAGE sql STABLE AS $$
    SELECT
        CASE WHEN r.base = from_currency THEN r.rate ELSE 1 END,
        CASE WHEN r.base = from_currency THEN 1 ELSE r.rate END,
        r.rate_on
    FROM exchange_rates_versions r
    WHERE r.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(r.recorded_at, r.superseded_at)
        AND r.rate IS NOT NULL AND r.rate_on BETWEEN day - 7 AND day
        AND (r.base, r.quote) IN ((from_currency, to_currency), (to_currency, from_currency))
    ORDER BY r.rate_on DESC, r.base = from_currency DESC
    LIMIT 1
$$;

-- The decimals of the currencies on the floor.
CREATE OR REPLACE FUNCTION pg_temp.decimals_of(currency text) RETURNS integer
LANGUAGE sql IMMUTABLE RETURN CASE currency WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 ELSE 2 END;

-- An amount in the report's currency by the rate of a day: direct, or else through the currency with the newest rates.
CREATE OR REPLACE FUNCTION pg_temp.converted(amount numeric, currency text, day date) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
    ours text := pg_temp.setting('currency');
    factor record;
BEGIN
    IF currency = ours OR amount IS NULL THEN
        RETURN amount;
    END IF;
    SELECT * INTO factor FROM pg_temp.pair_rate(currency, ours, day);
    IF NOT FOUND THEN
        SELECT first.over * "then".over AS over, first.under * "then".under AS under INTO factor
        FROM (SELECT DISTINCT unnest(ARRAY[base, quote])::text AS between FROM exchange_rates) known
        CROSS JOIN LATERAL pg_temp.pair_rate(currency, known.between, day) first
        CROSS JOIN LATERAL pg_temp.pair_rate(known.between, ours, day) "then"
        ORDER BY least(first.rate_on, "then".rate_on) DESC, known.between COLLATE "C"
        LIMIT 1;
    END IF;
    RETURN round(amount * factor.over / factor.under, pg_temp.decimals_of(ours));
END $$;

-- The last day of the window, in the zone of the report.
CREATE OR REPLACE FUNCTION pg_temp.last_day() RETURNS date
LANGUAGE sql STABLE RETURN (
    (pg_temp.setting('to')::timestamptz - interval '1 microsecond') AT TIME ZONE pg_temp.setting('zone')
)::date;

-- How soon a call should be answered, by the targets of the last day: of its queue, else of the account.
CREATE OR REPLACE FUNCTION pg_temp.answer_ms(queue text) RETURNS bigint
LANGUAGE sql STABLE RETURN COALESCE((
    SELECT (array_agg(t.within_ms ORDER BY t.from_on DESC))[1]
    FROM targets_versions t
    WHERE t.account_id = pg_temp.setting('account')::integer AND t.metric = 'service_level' AND t.value IS NOT NULL
        AND t.dimension = 'queue' AND t.code = queue AND pg_temp.is_valid(t.recorded_at, t.superseded_at)
        AND daterange(t.from_on, t.to_on, '[]') @> pg_temp.last_day()
), (
    SELECT (array_agg(t.within_ms ORDER BY t.from_on DESC))[1]
    FROM targets_versions t
    WHERE t.account_id = pg_temp.setting('account')::integer AND t.metric = 'service_level' AND t.value IS NOT NULL
        AND t.dimension = '' AND pg_temp.is_valid(t.recorded_at, t.superseded_at)
        AND daterange(t.from_on, t.to_on, '[]') @> pg_temp.last_day()
), 20000);

-- Every inbound call that arrived in a span, with its outcome and its wait: one call at a time, in steps.
CREATE OR REPLACE FUNCTION pg_temp.every_inbound_call(from_at timestamptz, to_at timestamptz) RETURNS TABLE (
    dialer text, external_id text, arrived_at timestamptz, queued_at timestamptz, answered_at timestamptz,
    ended_at timestamptz, callback_chosen_at timestamptz, escalated_at timestamptz, lead text, lead_owner text,
    caller text, agent text, team text, campaign text, source text, tracking_number text, country text, region text,
    menu_path text, topic text, queue text, wait_ms bigint, talk_ms bigint, hold_ms bigint, wrap_ms bigint,
    outcome text, offered boolean, transferred boolean, shares jsonb, segments jsonb, offers jsonb, is_test boolean
)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    c inbound_calls_versions;
    l every_lead;
    until timestamptz := pg_temp.setting('until')::timestamptz;
    begins timestamptz;
    ends timestamptz;
    was_queued boolean;
    offer jsonb;
    segment jsonb;
BEGIN
    FOR c IN
        SELECT * FROM inbound_calls_versions e
        WHERE e.account_id = pg_temp.setting('account')::integer AND e.arrived_at >= from_at AND e.arrived_at < to_at
            AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
    LOOP
        l := NULL;
        SELECT * INTO l FROM every_lead e
        WHERE e.account_id = c.account_id AND e.external_id = c.lead AND pg_temp.is_valid(e.recorded_at, e.superseded_at);

        dialer := c.dialer;
        external_id := c.external_id;
        arrived_at := c.arrived_at;
        queued_at := c.queued_at;
        answered_at := c.answered_at;
        ended_at := c.ended_at;
        callback_chosen_at := c.callback_chosen_at;
        escalated_at := c.escalated_at;
        lead := c.lead;
        lead_owner := pg_temp.reads_as('agent', l.owner);
        caller := CASE WHEN c.from_country IS NULL THEN c.dialer || ' ' || c.contact ELSE c.from_number END;
        agent := pg_temp.reads_as('agent', COALESCE(pg_temp.who_answered(c), c.disposition_agent));
        team := pg_temp.team_of(agent);
        campaign := pg_temp.reads_as('campaign', c.campaign);
        source := pg_temp.source_of_lead(CASE WHEN c.source IS NULL THEN l.source ELSE c.source END, c.campaign);
        tracking_number := c.tracking_number;
        country := c.from_country;
        region := c.from_region;
        menu_path := c.menu_path;
        topic := c.topic;
        queue := COALESCE(c.queue, c.segments -> 0 ->> 'queue');
        hold_ms := c.hold_ms;
        wrap_ms := c.wrap_ms;
        shares := c.shares;
        segments := c.segments;
        offers := c.offers;
        is_test := c.spam IS TRUE OR c.test IS TRUE OR (c.test IS NULL AND l.test IS TRUE);
        was_queued := num_nonnulls(c.queue, c.queued_at, c.queue_ms, c.segments, c.offers) > 0;

        offer := (
            SELECT o FROM jsonb_array_elements(c.offers) WITH ORDINALITY AS e (o, n)
            WHERE (o ->> 'answered')::boolean AND ((o ->> 'to_at')::timestamptz > until) IS NOT TRUE
            ORDER BY n LIMIT 1
        );
        segment := (
            SELECT s FROM jsonb_array_elements(c.segments) WITH ORDINALITY AS e (s, n)
            WHERE s ->> 'outcome' = 'answered' AND ((s ->> 'left_at')::timestamptz > until) IS NOT TRUE
            ORDER BY n LIMIT 1
        );
        outcome := NULLIF(c.outcome::text, 'unknown');
        IF COALESCE(outcome, 'answered') = 'answered' AND c.answered_at IS NULL THEN
            c.answered_at := COALESCE(offer ->> 'to_at', segment ->> 'left_at')::timestamptz;
            answered_at := c.answered_at;
        END IF;
        IF outcome IS NULL THEN
            outcome := CASE
                WHEN c.answered_at IS NOT NULL OR c.talk_ms > 0 OR num_nonnulls(offer, segment) > 0 THEN 'answered'
                WHEN c.callback_chosen_at IS NOT NULL THEN 'callback'
                WHEN c.ended_at IS NULL THEN 'open'
                WHEN was_queued THEN 'abandoned'
                ELSE 'missed'
            END;
        END IF;
        offered := outcome <> 'abandoned' OR was_queued OR num_nonnulls(c.menu_path, c.menu_ms) = 0;
        talk_ms := c.talk_ms;
        IF talk_ms IS NULL THEN
            talk_ms := greatest(
                0, greatest(0, pg_temp.elapsed_ms(c.answered_at, c.ended_at)) - COALESCE(c.hold_ms, 0)
            ) + 0 * pg_temp.elapsed_ms(c.answered_at, c.ended_at);
        END IF;
        transferred := CASE WHEN jsonb_array_length(c.shares) > 1 THEN true ELSE c.transferred END;

        begins := COALESCE(c.queued_at, c.arrived_at + COALESCE(c.menu_ms, 0) * interval '1 millisecond');
        ends := CASE outcome
            WHEN 'answered' THEN c.answered_at
            WHEN 'callback' THEN COALESCE(c.callback_chosen_at, c.ended_at)
            WHEN 'open' THEN until
            WHEN 'voicemail' THEN NULL
            ELSE c.ended_at
        END;
        wait_ms := c.queue_ms;
        IF wait_ms IS NULL AND ends IS NOT NULL THEN
            wait_ms := greatest(0, pg_temp.elapsed_ms(begins, ends));
        END IF;
        IF outcome = 'open' AND until - c.arrived_at > interval '24 hours' THEN
            wait_ms := NULL;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION pg_temp.noon(day date) RETURNS timestamptz
LANGUAGE sql STABLE RETURN (day + time '12:00') AT TIME ZONE pg_temp.setting('account_zone');

-- The account's days that count in the window: those with their noon in it, up to the report.
CREATE OR REPLACE FUNCTION pg_temp.counted_days() RETURNS TABLE (day date, noon_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT d::date, n.noon_at
    FROM generate_series(
        (pg_temp.setting('from')::timestamptz AT TIME ZONE pg_temp.setting('account_zone'))::date,
        (pg_temp.setting('to')::timestamptz AT TIME ZONE pg_temp.setting('account_zone'))::date,
        '1 day'
    ) d
    CROSS JOIN LATERAL (SELECT pg_temp.noon(d::date) AS noon_at) n
    WHERE n.noon_at >= pg_temp.setting('from')::timestamptz AND n.noon_at < pg_temp.setting('to')::timestamptz
        AND n.noon_at < pg_temp.setting('until')::timestamptz
$$;

-- The part of its month that a day is.
CREATE OR REPLACE FUNCTION pg_temp.of_month(day date) RETURNS numeric
LANGUAGE sql IMMUTABLE RETURN 1 / extract(day FROM date_trunc('month', day) + interval '1 month - 1 day');

-- The first day that may count at a moment or later.
CREATE OR REPLACE FUNCTION pg_temp.first_day(at timestamptz) RETURNS date
LANGUAGE sql STABLE RETURN (
    SELECT min(d) FROM generate_series(0, 1) n
    CROSS JOIN LATERAL (SELECT (at AT TIME ZONE pg_temp.setting('account_zone'))::date + n AS d) days
    WHERE pg_temp.noon(d) >= at
);

-- Contracts and sales, each with its customer, the spell of the customer that it is in, and what its lead says.
CREATE OR REPLACE FUNCTION pg_temp.every_contract() RETURNS TABLE (
    contract text, customer text, spell daterange, since_on date, until_on date, value numeric, gross_profit numeric,
    value_per text, currency text, lead text, agent text, team text, source text, campaign text, is_test boolean
)
LANGUAGE sql STABLE AS $$
    WITH contract AS (
        SELECT c.*, coalesce(c.customer, c.external_id) AS who, daterange(c.since_on, c.until_on, '[]') AS days
        FROM customers_versions c
        WHERE c.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
            AND (c.until_on >= c.since_on) IS NOT FALSE
            AND c.since_on <= (pg_temp.setting('to')::timestamptz AT TIME ZONE pg_temp.setting('account_zone'))::date + 1
    ),
    spell AS (
        SELECT who, unnest(range_agg(days)) AS spell FROM contract GROUP BY who
    )
    SELECT
        c.external_id, c.who, s.spell, c.since_on, c.until_on, c.value, c.gross_profit, c.value_per::text, c.currency,
        first.lead, pg_temp.reads_as('agent', l.owner), pg_temp.team_of(pg_temp.reads_as('agent', l.owner)),
        pg_temp.source_of_lead(l.source, l.campaign), pg_temp.reads_as('campaign', l.campaign), l.test IS TRUE
    FROM contract c
    JOIN spell s ON s.who = c.who AND s.spell @> c.since_on
    LEFT JOIN LATERAL (
        SELECT o.lead FROM contract o
        WHERE o.who = c.who AND s.spell @> o.since_on AND o.lead IS NOT NULL
        ORDER BY o.since_on, o.external_id COLLATE "C" LIMIT 1
    ) first ON true
    LEFT JOIN every_lead l ON l.account_id = pg_temp.setting('account')::integer AND l.external_id = first.lead
        AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
$$;

-- Deals, credited to the last call that reached the right party of their lead.
CREATE OR REPLACE FUNCTION pg_temp.credited_deals() RETURNS TABLE (
    opportunity text, lead text, stage text, opened_at timestamptz, closed_at timestamptz, amount numeric, currency text,
    is_test boolean, agent text, team text, campaign text, source text, tracking_number text, first_contact_at timestamptz
)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH call AS MATERIALIZED (
        SELECT c.* FROM pg_temp.every_call('-infinity', 'infinity') c
        WHERE NOT c.is_test AND c.dialed_at <= pg_temp.setting('until')::timestamptz
            AND (c.answered_by, c.handled, c.party) = ('human', 'agent', 'right_party')
    ),
    credited AS (
        SELECT
            d.*,
            coalesce(c.agent, pg_temp.reads_as('agent', d.owner)) AS agent,
            coalesce(c.campaign, pg_temp.reads_as('campaign', d.own_campaign)) AS campaign,
            coalesce(c.source, pg_temp.source_of_lead(d.own_source, d.own_campaign)) AS source,
            c.tracking_number
        FROM pg_temp.every_deal() d
        LEFT JOIN LATERAL (
            SELECT c.* FROM call c
            WHERE c.lead = d.lead AND c.dialed_at <= coalesce(d.closed_at, pg_temp.setting('until')::timestamptz)
            ORDER BY c.dialed_at DESC, c.dialer DESC, c.external_id DESC LIMIT 1
        ) c ON true
    )
    SELECT
        d.opportunity::text, d.lead::text, d.stage::text, d.opened_at, d.closed_at, d.amount, d.currency::text, d.is_test,
        d.agent::text, pg_temp.team_of(d.agent)::text, d.campaign::text, d.source::text, d.tracking_number::text,
        (SELECT min(c.dialed_at) FROM call c WHERE c.lead = d.lead)
    FROM credited d;
END $$;

-- Evaluations of the window that no dispute has voided, each with the dimensions of its call.
CREATE OR REPLACE TEMP VIEW judged_evaluations AS
WITH calls AS MATERIALIZED (
    SELECT * FROM every_call_rated a
    WHERE a.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
),
judged AS MATERIALIZED (
    SELECT
        e.external_id, e.form, COALESCE(e.form_version, '1') AS form_version, e.evaluated_at, e.evaluator, e.session,
        e.dispute::text, e.auto_failed, e.dialer, COALESCE(e.queue, a.queue) AS queue,
        CASE WHEN e.call IS NULL THEN e.case_id ELSE e.call END AS subject,
        pg_temp.reads_as('agent', COALESCE(e.agent, a.agent, a.disposition_agent)) AS agent,
        pg_temp.reads_as('campaign', a.campaign) AS campaign,
        a.source AS call_source,
        a.tracking_number,
        COALESCE(a.spam OR a.test, a.spam, a.test, false) AS is_test
    FROM evaluations_versions e
    LEFT JOIN calls a ON (a.dialer, a.external_id) = (e.dialer, e.call)
        AND e.evaluated_at - a.called_at BETWEEN interval '-1 day' AND interval '92 days'
    WHERE e.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
        AND e.evaluated_at >= pg_temp.setting('from')::timestamptz AND e.evaluated_at < pg_temp.setting('to')::timestamptz
        AND e.evaluated_at <= pg_temp.setting('until')::timestamptz
        AND e.dispute IS DISTINCT FROM 'voided'
),
placed AS (
    SELECT
        j.*,
        (
            SELECT g.team FROM agents_versions g
            WHERE g.account_id = pg_temp.setting('account')::integer AND g.code = j.agent
                AND pg_temp.is_valid(g.recorded_at, g.superseded_at)
        ) AS team,
        pg_temp.reads_as('source', COALESCE(j.call_source, (
            SELECT c.source FROM campaigns_versions c
            WHERE c.account_id = pg_temp.setting('account')::integer AND c.code = j.campaign
                AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
        ))) AS source
    FROM judged j
)
SELECT * FROM placed;

-- Their items with points; an item that does not apply has none.
CREATE OR REPLACE TEMP VIEW judged_items AS
SELECT
    p.*, s.item, i.section, i.script IS TRUE AS script, i.auto_fail, i.weight,
    CASE WHEN s.points <= i.max_points AND s.not_applicable IS NOT TRUE THEN s.points END AS points,
    i.max_points
FROM judged_evaluations p
LEFT JOIN evaluation_scores_versions s ON s.account_id = pg_temp.setting('account')::integer
    AND s.evaluation = p.external_id AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
LEFT JOIN form_items_versions i ON i.account_id = pg_temp.setting('account')::integer
    AND (i.form, i.form_version, i.item) = (p.form, p.form_version, s.item)
    AND pg_temp.is_valid(i.recorded_at, i.superseded_at);

-- The sums of each evaluation, and whether it failed as a whole.
CREATE OR REPLACE TEMP VIEW judged_scores AS
SELECT
    external_id,
    bool_or(auto_fail AND points = 0) IS TRUE OR bool_or(auto_failed) IS TRUE AS failed,
    sum(weight * points) AS points,
    sum(weight * max_points) FILTER (WHERE points IS NOT NULL) AS most
FROM judged_items
GROUP BY external_id;
