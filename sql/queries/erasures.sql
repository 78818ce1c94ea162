-- Erasing people: finding where a person stands, in versions long superseded too, and taking them out.
--
-- Whoever touches a version of a thing marks its current row as changed, so that copies of the ledger are renewed; what is
-- believed, and since when, stays as it was.

-- name: seen() -> one
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid, now() - interval '10 minutes' AS received_at;

-- Nobody captures from here to the end of the transaction.
-- name: enter(account_id) -> one
SELECT enter_account($1, true), set_config('lock_timeout', '10s', true);

-- name: known(account_id, number, lead) -> one
SELECT
    EXISTS (SELECT FROM tracking_numbers WHERE account_id = $1 AND number = $2::text) AS is_ours,
    EXISTS (SELECT FROM leads WHERE account_id = $1 AND external_id = $3::text) AS has_lead;

-- What a lead is called at now, unless that is a number of the account's own.
-- name: number_of(account_id, lead) -> optional
SELECT l.phone_number FROM leads l
WHERE l.account_id = $1 AND l.external_id = $2
    AND NOT EXISTS (SELECT FROM tracking_numbers n WHERE n.account_id = $1 AND n.number = l.phone_number);

-- The leads that are one person: those that have the number now, its token, or a text that tells it.
-- name: leads_of(account_id, number, lead, endings, digits) -> many
-- The spellings are worked out once, not once for each number erased before.
WITH spelled AS MATERIALIZED (
    SELECT lake_id(a.lake_key, s) AS number_id
    FROM accounts a
    CROSS JOIN unnest(number_spellings($2::text)) s
    WHERE a.account_id = $1
),
theirs AS (
    SELECT $2::text AS number
    UNION
    SELECT e.token FROM spelled s JOIN erased_numbers e ON e.account_id = $1 AND e.number_id = s.number_id
)
SELECT l.external_id FROM leads l
WHERE l.account_id = $1 AND l.phone_number IN (SELECT t.number FROM theirs t)
UNION
SELECT l.external_id FROM leads l
WHERE l.account_id = $1 AND l.phone_country IS NULL AND l.phone_number IS NOT NULL
    AND tells_number(l.phone_number, $4, $5)
UNION
SELECT l.external_id FROM leads l WHERE l.account_id = $1 AND l.external_id = $3::text
ORDER BY external_id;

-- The numbers these leads ever had, but for the account's own.
-- name: numbers_of(account_id, leads) -> many
SELECT DISTINCT l.phone_number FROM leads_versions l
WHERE l.account_id = $1 AND l.external_id = ANY($2::text[])
    AND l.phone_number ~ '^\+[0-9]{7,15}(;ext=[0-9]+)?$'
    AND NOT EXISTS (SELECT FROM tracking_numbers n WHERE n.account_id = $1 AND n.number = l.phone_number)
ORDER BY l.phone_number;

-- name: tokens_of(account_id, numbers) -> many
WITH spelled AS MATERIALIZED (
    SELECT n.number, lake_id(a.lake_key, s) AS number_id
    FROM accounts a
    CROSS JOIN unnest($2::text[]) n (number)
    CROSS JOIN unnest(number_spellings(n.number)) s
    WHERE a.account_id = $1
)
SELECT s.number, e.token FROM spelled s JOIN erased_numbers e ON e.account_id = $1 AND e.number_id = s.number_id;

-- name: tokens_of_leads(account_id, leads) -> many
SELECT lead, token FROM erased_leads WHERE account_id = $1 AND lead = ANY($2::text[]);

-- Leads of which a number stands in some version, among those changed since a transaction.
-- name: find_leads(account_id, numbers, endings, digits, since) -> many
SELECT l.external_id FROM leads l
WHERE l.account_id = $1 AND l.changed_xid >= $5::text::xid8 AND (
    l.phone_number = ANY($2::text[])
    OR (l.phone_country IS NULL AND tells_number(l.phone_number, $3, $4))
    OR tells_number(l.close_reason, $3, $4)
    OR (l.attributes IS NOT NULL AND tells_number(l.attributes::text, $3, $4))
)
UNION
SELECT h.external_id FROM leads_history h
JOIN leads l ON l.account_id = $1 AND l.external_id = h.external_id AND l.changed_xid >= $5::text::xid8
WHERE h.account_id = $1 AND (
    h.phone_number = ANY($2::text[])
    OR (h.phone_country IS NULL AND tells_number(h.phone_number, $3, $4))
    OR tells_number(h.close_reason, $3, $4)
    OR (h.attributes IS NOT NULL AND tells_number(h.attributes::text, $3, $4))
);

-- Attempts made to a number or to a lead, among those changed since a transaction.
-- name: find_attempts(account_id, numbers, leads, endings, digits, since) -> many
SELECT a.dialer, a.external_id FROM attempts a
WHERE a.account_id = $1 AND a.changed_xid >= $6::text::xid8 AND (
    a.to_number = ANY($2::text[])
    OR a.from_number = ANY($2::text[])
    OR a.lead = ANY($3::text[])
    OR (a.to_country IS NULL AND tells_number(a.to_number, $4, $5))
    OR (a.tracking_number IS NULL AND tells_number(a.from_number, $4, $5))
    OR (a.recording IS NOT NULL AND tells_number(a.recording::text, $4, $5))
    OR tells_number(a.note, $4, $5)
    OR tells_number(a.contact, $4, $5)
)
UNION
SELECT h.dialer, h.external_id FROM attempts_history h
JOIN attempts a
    ON a.account_id = $1 AND a.dialer = h.dialer AND a.external_id = h.external_id AND a.changed_xid >= $6::text::xid8
WHERE h.account_id = $1 AND (
    h.to_number = ANY($2::text[])
    OR h.from_number = ANY($2::text[])
    OR (h.to_country IS NULL AND tells_number(h.to_number, $4, $5))
    OR (h.tracking_number IS NULL AND tells_number(h.from_number, $4, $5))
    OR (h.recording IS NOT NULL AND tells_number(h.recording::text, $4, $5))
    OR tells_number(h.note, $4, $5)
    OR tells_number(h.contact, $4, $5)
);

-- Calls from a number or a lead, and those of which something tells a number, among those changed since a transaction.
-- name: find_inbound(account_id, numbers, leads, endings, digits, since) -> many
SELECT c.dialer, c.external_id FROM inbound_calls c
WHERE c.account_id = $1 AND c.changed_xid >= $6::text::xid8 AND (
    c.from_number = ANY($2::text[])
    OR c.lead = ANY($3::text[])
    OR (c.from_country IS NULL AND tells_number(c.from_number, $4, $5))
    OR (c.recording IS NOT NULL AND tells_number(c.recording::text, $4, $5))
    OR tells_number(c.note, $4, $5)
    OR tells_number(c.contact, $4, $5)
)
UNION
SELECT h.dialer, h.external_id FROM inbound_calls_history h
JOIN inbound_calls c
    ON c.account_id = $1 AND c.dialer = h.dialer AND c.external_id = h.external_id AND c.changed_xid >= $6::text::xid8
WHERE h.account_id = $1 AND (
    h.from_number = ANY($2::text[])
    OR (h.from_country IS NULL AND tells_number(h.from_number, $4, $5))
    OR (h.recording IS NOT NULL AND tells_number(h.recording::text, $4, $5))
    OR tells_number(h.note, $4, $5)
    OR tells_number(h.contact, $4, $5)
);

-- Deliveries that tell a number, among those received since a moment: as bytes, of which nobody knows whether they are
-- text. What is no ASCII, and what forms and addresses write as an escape, is left out.
-- name: find_deliveries(account_id, endings, digits, since) -> many
SELECT d.id FROM deliveries d
WHERE d.account_id = $1 AND d.received_at >= $4 AND (d.body IS NOT NULL OR d.said IS NOT NULL) AND (
    tells_number(regexp_replace(encode(d.body, 'escape'), '\\[0-7]{3}|%[0-9A-Fa-f]{2}', '', 'g'), $2, $3)
    OR tells_number(regexp_replace(d.query, '%[0-9A-Fa-f]{2}', '', 'g'), $2, $3)
    OR tells_number(d.said::text, $2, $3)
    OR tells_number(d.headers::text, $2, $3)
);

-- Leads without a number of their own that were called at these numbers, and at no others.
-- name: leads_called(account_id, dialers, attempts, numbers, endings, digits) -> many
SELECT DISTINCT l.external_id
FROM unnest($2::text[], $3::text[]) f (dialer, external_id)
JOIN attempts a ON a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.external_id
JOIN leads l ON l.account_id = $1 AND l.external_id = a.lead AND l.phone_number IS NULL
WHERE (a.to_number = ANY($4::text[]) OR (a.to_country IS NULL AND tells_number(a.to_number, $5, $6)))
    AND NOT EXISTS (
        SELECT FROM attempts o
        WHERE o.account_id = $1 AND o.lead = a.lead
            AND o.to_number ~ '^\+[0-9]{7,15}(;ext=[0-9]+)?$' AND o.to_number <> ALL ($4::text[])
    )
ORDER BY l.external_id;

-- name: calls_to(account_id, leads) -> many
SELECT dialer, external_id FROM attempts WHERE account_id = $1 AND lead = ANY($2::text[]);

-- name: calls_from(account_id, leads) -> many
SELECT dialer, external_id FROM inbound_calls WHERE account_id = $1 AND lead = ANY($2::text[]);

-- Attempts of which a note tells a number, among those changed since a transaction.
-- name: find_notes(account_id, endings, digits, since) -> many
SELECT d.dialer, d.attempt FROM dispositions d
WHERE d.account_id = $1 AND d.changed_xid >= $4::text::xid8 AND tells_number(d.note, $2, $3)
UNION
SELECT h.dialer, h.attempt FROM dispositions_history h
JOIN dispositions d
    ON d.account_id = $1 AND d.dialer = h.dialer AND d.attempt = h.attempt AND d.set_at = h.set_at
    AND d.listed = h.listed
    AND d.changed_xid >= $4::text::xid8
WHERE h.account_id = $1 AND tells_number(h.note, $2, $3);

-- Other spellings of the numbers, in what was found: addresses of other systems, or numbers nobody could read.
-- name: spellings_in(account_id, leads, dialers, attempts, callers, inbound, endings, digits) -> many
WITH found AS (
    SELECT f.dialer, f.external_id FROM unnest($3::text[], $4::text[]) f (dialer, external_id)
),
written AS (
    SELECT l.phone_number AS number FROM leads_versions l
    WHERE l.account_id = $1 AND l.external_id = ANY($2::text[]) AND l.phone_country IS NULL
    UNION
    SELECT a.to_number FROM found f
    JOIN attempts_versions a ON a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.external_id
    WHERE a.to_country IS NULL
    UNION
    SELECT a.from_number FROM found f
    JOIN attempts_versions a ON a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.external_id
    WHERE a.tracking_number IS NULL
    UNION
    SELECT c.from_number FROM unnest($5::text[], $6::text[]) f (dialer, external_id)
    JOIN inbound_calls_versions c ON c.account_id = $1 AND c.dialer = f.dialer AND c.external_id = f.external_id
    WHERE c.from_country IS NULL
)
SELECT w.number FROM written w
WHERE tells_number(w.number, $7, $8) AND w.number !~ '^\+[0-9]{7,15}(;ext=[0-9]+)?$'
ORDER BY w.number;

-- Agents of which the code tells a number.
-- name: agents_named(account_id, endings, digits) -> many
SELECT code FROM agents WHERE account_id = $1 AND tells_number(code, $2, $3) AND code NOT LIKE 'erased-%';

-- name: rename_agents(account_id, codes, replacements) -> one
SELECT replace_agents($1, $2::text[], $3::text[])::text AS done;

-- Of the person's own leads everything goes, of others' what tells the person's number.
-- name: erase_leads(account_id, found, numbers, tokens, leads, lead_tokens, endings, digits) -> one
WITH versions AS MATERIALIZED (
    SELECT
        v.external_id,
        v.recorded_at,
        v.superseded_at,
        n.*,
        bool_or((n.phone_number, n.attributes, n.close_reason)
            IS DISTINCT FROM (v.phone_number, v.attributes, v.close_reason))
            OVER (PARTITION BY v.external_id) AS touched
    FROM leads_versions v
    LEFT JOIN unnest($3::text[], $4::text[]) said (number, token) ON said.number = v.phone_number
    LEFT JOIN unnest($5::text[], $6::text[]) person (lead, token) ON person.lead = v.external_id
    CROSS JOIN LATERAL (
        SELECT
            CASE
                WHEN v.phone_number LIKE 'erased-%' THEN v.phone_number
                WHEN said.token IS NOT NULL THEN said.token
                -- The account's own number is nobody's.
                WHEN v.phone_number IS NULL OR v.phone_country IS NOT NULL THEN v.phone_number
                ELSE COALESCE(person.token, v.phone_number)
            END AS phone_number,
            CASE WHEN person.lead IS NULL THEN (
                SELECT jsonb_object_agg(a.key, a.value) FROM jsonb_each(v.attributes) a
                WHERE tells_number(a.key || ' ' || a.value::text, $7, $8) IS NOT TRUE
            ) END AS attributes,
            CASE WHEN person.lead IS NULL AND tells_number(v.close_reason, $7, $8) IS NOT TRUE
                THEN v.close_reason END AS close_reason
    ) n
    WHERE v.account_id = $1 AND v.external_id = ANY($2::text[])
),
before AS (
    UPDATE leads_history h
    SET phone_number = v.phone_number, attributes = v.attributes, close_reason = v.close_reason
    FROM versions v
    WHERE h.account_id = $1 AND h.external_id = v.external_id AND h.recorded_at = v.recorded_at
        AND v.touched AND v.superseded_at < 'infinity'
),
now AS (
    UPDATE leads l
    SET phone_number = v.phone_number,
        attributes = v.attributes,
        close_reason = v.close_reason,
        -- What says nothing was never said.
        digests = '{}',
        stamps = NULLIF(l.stamps - array_remove(ARRAY[
            CASE WHEN v.attributes IS NULL THEN 'attributes' END,
            CASE WHEN v.close_reason IS NULL THEN 'close_reason' END
        ], NULL), '{}'),
        changed_xid = pg_current_xact_id()
    FROM versions v
    WHERE l.account_id = $1 AND l.external_id = v.external_id AND v.touched AND v.superseded_at = 'infinity'
    RETURNING 1
)
SELECT count(*)::integer FROM now;

-- Of a call with the person, as it is known now, the recording goes too; of one that turned out to be another's, the
-- number that was believed before.
-- name: erase_attempts(account_id, dialers, found, numbers, tokens, leads, lead_tokens, endings, digits) -> one
WITH found AS (
    SELECT
        f.dialer,
        f.external_id,
        person.token,
        person.lead IS NOT NULL
            OR a.to_number LIKE 'erased-%' OR a.to_number = ANY($4::text[])
            OR a.from_number LIKE 'erased-%' OR a.from_number = ANY($4::text[]) AS theirs
    FROM unnest($2::text[], $3::text[]) f (dialer, external_id)
    JOIN attempts a ON a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.external_id
    LEFT JOIN unnest($6::text[], $7::text[]) person (lead, token) ON person.lead = a.lead
),
versions AS MATERIALIZED (
    SELECT
        v.dialer,
        v.external_id,
        v.recorded_at,
        v.superseded_at,
        n.*,
        bool_or(
            (n.to_number, n.from_number, n.recording, n.note, n.contact)
            IS DISTINCT FROM (v.to_number, v.from_number, v.recording, v.note, v.contact)
        ) OVER (PARTITION BY v.dialer, v.external_id) AS touched
    FROM found f
    JOIN attempts_versions v ON v.account_id = $1 AND v.dialer = f.dialer AND v.external_id = f.external_id
    LEFT JOIN unnest($4::text[], $5::text[]) dialed (number, token) ON dialed.number = v.to_number
    LEFT JOIN unnest($4::text[], $5::text[]) shown (number, token) ON shown.number = v.from_number
    CROSS JOIN LATERAL (
        SELECT
            CASE
                WHEN v.to_number LIKE 'erased-%' THEN v.to_number
                WHEN dialed.token IS NOT NULL THEN dialed.token
                WHEN v.to_number IS NULL THEN NULL
                ELSE COALESCE(f.token, v.to_number)
            END AS to_number,
            COALESCE(shown.token, v.from_number) AS from_number,
            CASE WHEN f.theirs OR tells_number(v.recording::text, $8, $9)
                THEN (v.recording - 'consent') || '{"uri": "erased"}'
                ELSE v.recording
            END AS recording,
            CASE WHEN NOT f.theirs AND tells_number(v.note, $8, $9) IS NOT TRUE THEN v.note END AS note,
            CASE WHEN NOT f.theirs AND tells_number(v.contact, $8, $9) IS NOT TRUE THEN v.contact END AS contact
    ) n
),
before AS (
    UPDATE attempts_history h
    SET to_number = v.to_number,
        from_number = v.from_number,
        recording = v.recording,
        note = v.note,
        contact = v.contact
    FROM versions v
    WHERE h.account_id = $1 AND h.dialer = v.dialer AND h.external_id = v.external_id
        AND h.recorded_at = v.recorded_at AND v.touched AND v.superseded_at < 'infinity'
),
now AS (
    UPDATE attempts a
    SET to_number = v.to_number,
        from_number = v.from_number,
        recording = v.recording,
        note = v.note,
        contact = v.contact,
        digests = '{}',
        stamps = stamps_without_words(a.stamps, v.note, v.contact),
        changed_xid = pg_current_xact_id()
    FROM versions v
    WHERE a.account_id = $1 AND a.dialer = v.dialer AND a.external_id = v.external_id
        AND v.touched AND v.superseded_at = 'infinity'
    RETURNING 1
)
SELECT count(*)::integer FROM now;

-- Of a call from the person the recording and the note go too; of another's what tells the number.
-- name: erase_inbound(account_id, dialers, found, numbers, tokens, leads, lead_tokens, endings, digits) -> one
WITH found AS (
    SELECT
        f.dialer,
        f.external_id,
        person.token,
        person.lead IS NOT NULL OR c.from_number LIKE 'erased-%' OR c.from_number = ANY($4::text[]) AS theirs
    FROM unnest($2::text[], $3::text[]) f (dialer, external_id)
    JOIN inbound_calls c ON c.account_id = $1 AND c.dialer = f.dialer AND c.external_id = f.external_id
    LEFT JOIN unnest($6::text[], $7::text[]) person (lead, token) ON person.lead = c.lead
),
versions AS MATERIALIZED (
    SELECT
        v.dialer,
        v.external_id,
        v.recorded_at,
        v.superseded_at,
        n.*,
        bool_or(
            (n.from_number, n.recording, n.note, n.contact)
            IS DISTINCT FROM (v.from_number, v.recording, v.note, v.contact)
        ) OVER (PARTITION BY v.dialer, v.external_id) AS touched
    FROM found f
    JOIN inbound_calls_versions v ON v.account_id = $1 AND v.dialer = f.dialer AND v.external_id = f.external_id
    LEFT JOIN unnest($4::text[], $5::text[]) called (number, token) ON called.number = v.from_number
    CROSS JOIN LATERAL (
        SELECT
            CASE
                WHEN v.from_number LIKE 'erased-%' THEN v.from_number
                WHEN called.token IS NOT NULL THEN called.token
                WHEN v.from_number IS NULL THEN NULL
                ELSE COALESCE(f.token, v.from_number)
            END AS from_number,
            CASE WHEN f.theirs OR tells_number(v.recording::text, $8, $9)
                THEN (v.recording - 'consent') || '{"uri": "erased"}'
                ELSE v.recording
            END AS recording,
            CASE WHEN NOT f.theirs AND tells_number(v.note, $8, $9) IS NOT TRUE THEN v.note END AS note,
            CASE WHEN NOT f.theirs AND tells_number(v.contact, $8, $9) IS NOT TRUE THEN v.contact END AS contact
    ) n
),
before AS (
    UPDATE inbound_calls_history h
    SET from_number = v.from_number, recording = v.recording, note = v.note, contact = v.contact
    FROM versions v
    WHERE h.account_id = $1 AND h.dialer = v.dialer AND h.external_id = v.external_id
        AND h.recorded_at = v.recorded_at AND v.touched AND v.superseded_at < 'infinity'
),
now AS (
    UPDATE inbound_calls c
    SET from_number = v.from_number,
        recording = v.recording,
        note = v.note,
        contact = v.contact,
        digests = '{}',
        stamps = stamps_without_words(c.stamps, v.note, v.contact),
        changed_xid = pg_current_xact_id()
    FROM versions v
    WHERE c.account_id = $1 AND c.dialer = v.dialer AND c.external_id = v.external_id
        AND v.touched AND v.superseded_at = 'infinity'
    RETURNING 1
)
SELECT count(*)::integer FROM now;

-- What dialers delivered of the person: it tells the number, or is of a call with them.
-- name: erase_deliveries(account_id, found, dialers, calls) -> one
WITH erased AS (
    UPDATE deliveries d
    SET query = NULL, headers = NULL, body = NULL, said = NULL
    WHERE d.account_id = $1 AND (d.body IS NOT NULL OR d.said IS NOT NULL) AND (
        d.id = ANY($2::bigint[])
        OR (d.calls && $4::text[] AND EXISTS (
            SELECT FROM hooks h
            JOIN unnest($3::text[], $4::text[]) c (dialer, call) ON c.dialer = h.code AND c.call = ANY(d.calls)
            WHERE h.account_id = $1 AND h.id = d.hook
        ))
    )
    RETURNING 1
)
SELECT count(*)::integer FROM erased;

-- The notes of their calls, once these have been erased, and others' that tell the number.
-- name: erase_notes(account_id, dialers, found, leads, endings, digits) -> one
WITH noted AS MATERIALIZED (
    SELECT DISTINCT v.dialer, v.attempt, v.set_at, v.listed
    FROM unnest($2::text[], $3::text[]) f (dialer, attempt)
    JOIN attempts a ON a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.attempt
    JOIN dispositions_versions v ON v.account_id = $1 AND v.dialer = f.dialer AND v.attempt = f.attempt
    WHERE v.note IS NOT NULL AND (
        a.lead = ANY($4::text[])
        OR a.to_number LIKE 'erased-%'
        OR a.from_number LIKE 'erased-%'
        OR tells_number(v.note, $5, $6)
    )
),
before AS (
    UPDATE dispositions_history h
    SET note = NULL
    FROM noted n
    WHERE h.account_id = $1 AND h.dialer = n.dialer AND h.attempt = n.attempt
        AND h.set_at = n.set_at AND h.listed = n.listed
),
now AS (
    UPDATE dispositions d
    SET note = NULL, stamps = NULLIF(d.stamps - 'note', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
    FROM noted n
    WHERE d.account_id = $1 AND d.dialer = n.dialer AND d.attempt = n.attempt
        AND d.set_at = n.set_at AND d.listed = n.listed
    RETURNING 1
)
SELECT count(*)::integer FROM now;

-- Why contracts ended: of the person's own leads every reason goes, of others' what tells the person's number.
-- name: erase_customers(account_id, leads, endings, digits) -> one
WITH contracts AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM customers_versions v
    JOIN customers c ON c.account_id = $1 AND c.external_id = v.external_id
    WHERE v.account_id = $1 AND v.reason IS NOT NULL AND (c.lead = ANY($2::text[]) OR tells_number(v.reason, $3, $4))
),
before AS (
    UPDATE customers_history h
    SET reason = NULL
    FROM contracts e
    WHERE h.account_id = $1 AND h.external_id = e.external_id
),
now AS (
    UPDATE customers c
    SET reason = NULL, stamps = NULLIF(c.stamps - 'reason', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
    FROM contracts e
    WHERE c.account_id = $1 AND c.external_id = e.external_id
    RETURNING 1
)
SELECT count(*)::integer FROM now;

-- Items that were never taken: as bytes, of which nobody knows whether they are text. What is no ASCII is written as an
-- octal escape, and left out. codes: those of the leads and of the attempts, as they stand in JSON.
-- name: erase_rejected(account_id, attempts, leads, codes, endings, digits) -> one
WITH erased AS (
    UPDATE rejected_items r
    SET raw = '{}', external_id = NULL, problem = r.problem - 'errors'
    WHERE r.account_id = $1 AND r.raw <> '{}' AND (
        (r.resource IN ('attempts', 'inbound-calls', 'dispositions') AND r.external_id = ANY($2::text[]))
        OR (r.resource = 'leads' AND r.external_id = ANY($3::text[]))
        OR (
            r.resource IN ('surveys', 'evaluations', 'shared-calls')
            AND EXISTS (SELECT FROM unnest($2::text[]) c (call) WHERE position(convert_to(to_json(c.call)::text, 'UTF8') IN r.raw) > 0)
        )
        OR EXISTS (SELECT FROM unnest($4::bytea[]) c (code) WHERE position(c.code IN r.raw) > 0)
        OR tells_number(regexp_replace(encode(r.raw, 'escape'), '\\[0-7]{3}', '', 'g'), $5, $6)
        OR tells_number(r.external_id, $5, $6)
    )
    RETURNING 1
)
SELECT count(*)::integer FROM erased;

-- name: record(account_id, key_prefix, leads, attempts, inbound_calls, dispositions, rejected_items, deliveries, agents, customers, comments) -> one
INSERT INTO erasures (
    account_id,
    key_prefix,
    leads,
    attempts,
    inbound_calls,
    dispositions,
    rejected_items,
    deliveries,
    agents,
    customers,
    comments
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING
    id,
    recorded_at,
    key_prefix,
    leads,
    attempts,
    inbound_calls,
    dispositions,
    rejected_items,
    deliveries,
    agents,
    customers,
    comments;

-- name: remember_numbers(account_id, numbers, tokens, erasure) -> none
INSERT INTO erased_numbers (account_id, number_id, token, erasure)
SELECT $1, lake_id(a.lake_key, n.number), n.token, $4
FROM unnest($2::text[], $3::text[]) n (number, token)
JOIN accounts a ON a.account_id = $1
ON CONFLICT DO NOTHING;

-- name: remember_leads(account_id, leads, tokens, erasure) -> none
INSERT INTO erased_leads (account_id, lead, token, erasure)
SELECT $1, l.lead, l.token, $4
FROM unnest($2::text[], $3::text[]) l (lead, token)
ON CONFLICT DO NOTHING;

-- When a number or a lead was erased before, if it was.
-- name: earlier(account_id, number, lead) -> optional
WITH spelled AS MATERIALIZED (
    SELECT lake_id(a.lake_key, s) AS number_id
    FROM accounts a
    CROSS JOIN unnest(number_spellings($2::text)) s
    WHERE a.account_id = $1
)
SELECT
    e.id,
    e.recorded_at,
    e.key_prefix,
    e.leads,
    e.attempts,
    e.inbound_calls,
    e.dispositions,
    e.rejected_items,
    e.deliveries,
    e.agents,
    e.customers,
    e.comments
FROM erasures e
WHERE e.account_id = $1 AND e.id IN (
    SELECT n.erasure FROM spelled s JOIN erased_numbers n ON n.account_id = $1 AND n.number_id = s.number_id
    UNION ALL
    SELECT l.erasure FROM erased_leads l WHERE l.account_id = $1 AND l.lead = $3::text
)
ORDER BY e.id DESC
LIMIT 1;

-- name: list(account_id, after, most) -> many
SELECT
    id,
    recorded_at,
    key_prefix,
    leads,
    attempts,
    inbound_calls,
    dispositions,
    rejected_items,
    deliveries,
    agents,
    customers,
    comments
FROM erasures
WHERE account_id = $1 AND id > $2
ORDER BY id
LIMIT $3;
