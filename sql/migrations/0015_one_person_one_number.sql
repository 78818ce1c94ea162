-- One person, one number: numbers whose plan changed get their present spelling, and a lead may state its time zone.

-- The rules of service/ingest/renumbering.py: a former spelling with what it becomes, a present one with what it was.
CREATE FUNCTION number_plans() RETURNS TABLE (country text, former text, becomes text, present text, was text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
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
$$;

-- A number as it is dialed today, its extension left as it is. What is no number stays as it is.
CREATE FUNCTION present_number(number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN number !~ '^[+](225|229|237|241|52|54|55|57|84)' THEN number ELSE COALESCE(
        (
            SELECT regexp_replace(split_part(number, ';', 1), p.former, p.becomes) || COALESCE(substring(number FROM ';.*$'), '')
            FROM number_plans() p
            WHERE split_part(number, ';', 1) ~ p.former
            LIMIT 1
        ),
        number
    ) END
$$;

-- Every spelling of a number, past and present: a person erased under one of them is erased under all.
CREATE FUNCTION number_spellings(number text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN number !~ '^[+](225|229|237|241|52|54|55|57|84)' THEN ARRAY[number] ELSE (
        SELECT ARRAY[number, n.present || n.extension] || ARRAY(
            SELECT regexp_replace(n.present, p.present, p.was) || n.extension
            FROM number_plans() p
            WHERE n.present ~ p.present
        )
        FROM (
            SELECT
                present_number(split_part(number, ';', 1)) AS present,
                COALESCE(substring(number FROM '(;.*)$'), '') AS extension
        ) n
    ) END
$$;

ALTER TABLE leads ADD COLUMN time_zone text;
ALTER TABLE leads_history ADD COLUMN time_zone text;
ALTER TABLE attempts ADD COLUMN lead_zone text;
ALTER TABLE attempts_history ADD COLUMN lead_zone text;
COMMENT ON COLUMN leads.time_zone IS 'Where the lead says it is; null: where its number may be.';
COMMENT ON COLUMN attempts.lead_zone IS 'The time zone that its lead states; the hour over there follows it before the zones of the number.';

DO $$
DECLARE
    versioned text;
BEGIN
    FOREACH versioned IN ARRAY ARRAY['leads', 'attempts'] LOOP
        EXECUTE format('DROP VIEW %I', versioned || '_versions');
        EXECUTE (
            SELECT format(
                'CREATE VIEW %1$I WITH (security_invoker = true) AS'
                ' SELECT %2$s, timestamptz ''infinity'' AS superseded_at FROM %3$I'
                ' UNION ALL SELECT %2$s, superseded_at FROM %4$I',
                versioned || '_versions',
                string_agg(quote_ident(attname), ', ' ORDER BY attnum),
                versioned,
                versioned || '_history'
            )
            FROM pg_attribute
            WHERE attrelid = versioned::regclass AND attnum > 0 AND NOT attisdropped
        );
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', versioned || '_versions');
    END LOOP;
END $$;

-- What is stored -------------------------------------------------------------------------------------------------------
-- A spelling is no knowledge: each version gets its present spelling in place, as if it had been read so from the start.

-- A stored number as it is read today; a text that could not be read before may be a number of a former plan.
CREATE FUNCTION pg_temp.as_read_today(written text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN written !~ '^[+][0-9][0-9 ().-]*$' THEN present_number(written)
        WHEN p.number <> s.number THEN p.number ELSE written END
    FROM (SELECT '+' || regexp_replace(written, '[^0-9]', '', 'g') AS number) s
    CROSS JOIN LATERAL (SELECT present_number(s.number) AS number) p
$$;
CREATE FUNCTION pg_temp.country_of(number text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT p.country FROM number_plans() p WHERE split_part(number, ';', 1) ~ p.present LIMIT 1
$$;

CREATE TEMPORARY TABLE renumbered (account_id integer, name text, key text[], number text) ON COMMIT DROP;

-- Own numbers first: calls and assignments refer to them. Of two spellings of one number the present one stays.
INSERT INTO renumbered
SELECT account_id, 'tracking_numbers', ARRAY[number::text], pg_temp.as_read_today(number)
FROM tracking_numbers
WHERE pg_temp.as_read_today(number) <> number;
INSERT INTO tracking_numbers (account_id, number, name, confirmed, recorded_at)
SELECT DISTINCT ON (n.account_id, r.number) n.account_id, r.number, n.name, n.confirmed, n.recorded_at
FROM renumbered r
JOIN tracking_numbers n ON n.account_id = r.account_id AND n.number = r.key[1]
ORDER BY n.account_id, r.number, n.recorded_at
ON CONFLICT DO NOTHING;
-- One by one, as each may overlap the one before it: the number's present spelling knows whose it was.
DO $$
DECLARE
    assignment record;
BEGIN
    FOR assignment IN
        SELECT a.account_id, a.number, a.from_at, r.number AS present
        FROM renumbered r
        JOIN tracking_number_assignments a ON a.account_id = r.account_id AND a.number = r.key[1]
        ORDER BY a.account_id, a.from_at
    LOOP
        BEGIN
            UPDATE tracking_number_assignments a
            SET number = assignment.present, changed_xid = pg_current_xact_id()
            WHERE a.account_id = assignment.account_id AND a.number = assignment.number AND a.from_at = assignment.from_at;
        EXCEPTION WHEN exclusion_violation OR unique_violation THEN
            DELETE FROM tracking_number_assignments a
            WHERE a.account_id = assignment.account_id AND a.number = assignment.number AND a.from_at = assignment.from_at;
        END;
    END LOOP;
END $$;
DELETE FROM tracking_numbers n
USING renumbered r
WHERE n.account_id = r.account_id AND n.number = r.key[1];
-- Of two versions that began at the same moment one stays.
DELETE FROM tracking_number_assignments_history h
USING tracking_number_assignments_history o
WHERE o.account_id = h.account_id AND o.number = pg_temp.as_read_today(h.number) AND o.number <> h.number
    AND o.from_at = h.from_at AND o.recorded_at = h.recorded_at;
UPDATE tracking_number_assignments_history SET number = pg_temp.as_read_today(number)
WHERE pg_temp.as_read_today(number) <> number;
DELETE FROM tracking_numbers_history h
USING tracking_numbers_history o
WHERE o.account_id = h.account_id AND o.number = pg_temp.as_read_today(h.number) AND o.number <> h.number
    AND o.recorded_at = h.recorded_at;
UPDATE tracking_numbers_history SET number = pg_temp.as_read_today(number)
WHERE pg_temp.as_read_today(number) <> number;
UPDATE targets t SET code = pg_temp.as_read_today(t.code), changed_xid = pg_current_xact_id()
WHERE t.dimension = 'tracking_number' AND pg_temp.as_read_today(t.code) <> t.code
    AND NOT EXISTS (
        SELECT FROM targets o
        WHERE o.account_id = t.account_id AND o.metric = t.metric AND o.dimension = t.dimension
            AND o.code = pg_temp.as_read_today(t.code) AND o.from_on = t.from_on
    );

DO $$
DECLARE
    place record;
    twin text;
BEGIN
    FOR place IN SELECT * FROM (VALUES
        ('leads', ARRAY['external_id'], 'phone_number', 'phone_country'),
        ('attempts', ARRAY['dialer', 'external_id'], 'to_number', 'to_country'),
        ('attempts', ARRAY['dialer', 'external_id'], 'from_number', NULL),
        ('attempts', ARRAY['dialer', 'external_id'], 'tracking_number', NULL),
        ('inbound_calls', ARRAY['dialer', 'external_id'], 'from_number', 'from_country'),
        ('inbound_calls', ARRAY['dialer', 'external_id'], 'to_number', NULL),
        ('inbound_calls', ARRAY['dialer', 'external_id'], 'tracking_number', NULL),
        ('spend', ARRAY['external_id'], 'tracking_number', NULL)
    ) t (name, key, number, country)
    LOOP
        FOREACH twin IN ARRAY ARRAY[place.name || '_history', place.name] LOOP
            EXECUTE format(
                'WITH changed AS ('
                '   UPDATE %1$I t SET %2$I = pg_temp.as_read_today(t.%2$I)%3$s'
                '   WHERE t.%2$I LIKE ''+%%'' AND pg_temp.as_read_today(t.%2$I) <> t.%2$I'
                '   RETURNING t.account_id, ARRAY[%4$s] AS key, t.%2$I AS number'
                ') INSERT INTO renumbered SELECT DISTINCT account_id, %5$L, key, number FROM changed',
                twin,
                place.number,
                CASE WHEN place.country IS NOT NULL THEN format(
                    ', %1$I = COALESCE(t.%1$I, pg_temp.country_of(pg_temp.as_read_today(t.%2$I)))',
                    place.country, place.number
                ) ELSE '' END,
                (SELECT string_agg(format('t.%I::text', name), ', ') FROM unnest(place.key) name),
                place.name
            );
        END LOOP;
        EXECUTE format(
            'UPDATE %1$I t SET changed_xid = pg_current_xact_id()'
            ' FROM (SELECT DISTINCT account_id, key FROM renumbered WHERE name = %1$L) r'
            ' WHERE t.account_id = r.account_id AND ARRAY[%2$s] = r.key',
            place.name,
            (SELECT string_agg(format('t.%I::text', name), ', ') FROM unnest(place.key) name)
        );
    END LOOP;
END $$;

-- The leads and sources of the calls with these numbers, found as sql/facts.py finds them.
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN SELECT * FROM (VALUES
        ('attempts', 'to_number', 'from_number', 'dialed_at'),
        ('inbound_calls', 'from_number', 'to_number', 'arrived_at')
    ) t (name, person, own, moment)
    LOOP
        EXECUTE format(
            'UPDATE %1$I t SET'
            '   lead = COALESCE(t.said_lead, f.lead),'
            '   lead_by = CASE WHEN t.said_lead IS NOT NULL THEN ''sender''::lead_match'
            '     WHEN f.lead IS NOT NULL THEN ''number''::lead_match END,'
            '   tracking_number = f.owned,'
            '   source = COALESCE(t.said_source, f.source),'
            '   attributed_by = CASE WHEN t.said_source IS NOT NULL THEN ''sender''::attributed_by'
            '     WHEN f.source IS NOT NULL THEN ''tracking_number''::attributed_by END,'
            '   changed_xid = pg_current_xact_id()'
            ' FROM ('
            '   SELECT c.account_id, c.dialer, c.external_id, matched.lead, owned.number AS owned, held.source'
            '   FROM %1$I c'
            '   LEFT JOIN tracking_numbers owned ON owned.account_id = c.account_id AND owned.number = c.%3$I'
            '   LEFT JOIN tracking_number_assignments held ON held.account_id = c.account_id AND held.number = c.%3$I'
            '     AND held.from_at <= c.%4$I AND (held.to_at IS NULL OR held.to_at > c.%4$I)'
            '   LEFT JOIN LATERAL ('
            '     SELECT l.external_id AS lead FROM leads l'
            '     WHERE c.said_lead IS NULL AND c.lead_matching IS NOT FALSE AND c.%2$I LIKE ''+%%'''
            '       AND l.account_id = c.account_id AND l.phone_number = c.%2$I'
            '       AND l.received_at < c.%4$I + interval ''7 days'''
            '     ORDER BY l.received_at <= c.%4$I DESC, abs(EXTRACT(EPOCH FROM l.received_at - c.%4$I)), l.external_id'
            '     LIMIT 1'
            '   ) matched ON true'
            '   WHERE EXISTS ('
            '     SELECT FROM renumbered r WHERE r.account_id = c.account_id AND r.number IN (c.%2$I, c.%3$I)'
            '   )'
            ' ) f'
            ' WHERE t.account_id = f.account_id AND t.dialer = f.dialer AND t.external_id = f.external_id'
            '   AND (t.lead, t.tracking_number, t.source) IS DISTINCT FROM'
            '     (COALESCE(t.said_lead, f.lead), f.owned, COALESCE(t.said_source, f.source))',
            place.name, place.person, place.own, place.moment
        );
    END LOOP;
END $$;
