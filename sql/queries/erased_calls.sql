-- Emptying calls and leads that turn out to be an erased person's: what came before the number of a call, or its lead, was
-- known. As in erasures.sql, versions are rewritten in place, and only the current row is marked as changed.

-- Of some calls those that are an erased person's, as an attempt or as an inbound call. leads: those being erased now.
-- name: among(account_id, dialers, calls, leads) -> many
SELECT f.dialer, f.call
FROM unnest($2::text[], $3::text[]) f (dialer, call)
WHERE EXISTS (
    SELECT FROM attempts a
    WHERE a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.call AND (
        a.to_number LIKE 'erased-%'
        OR a.from_number LIKE 'erased-%'
        OR a.lead = ANY($4::text[])
        OR EXISTS (SELECT FROM erased_leads l WHERE l.account_id = $1 AND l.lead = a.lead)
    )
) OR EXISTS (
    SELECT FROM inbound_calls c
    WHERE c.account_id = $1 AND c.dialer = f.dialer AND c.external_id = f.call AND (
        c.from_number LIKE 'erased-%'
        OR c.lead = ANY($4::text[])
        OR EXISTS (SELECT FROM erased_leads l WHERE l.account_id = $1 AND l.lead = c.lead)
    )
);

-- name: empty_attempts(account_id, dialers, calls) -> none
WITH versions AS MATERIALIZED (
    SELECT
        v.dialer,
        v.external_id,
        v.recorded_at,
        v.superseded_at,
        n.*,
        bool_or(
            (n.to_number, n.recording) IS DISTINCT FROM (v.to_number, v.recording)
            OR v.note IS NOT NULL OR v.contact IS NOT NULL
        ) OVER (PARTITION BY v.dialer, v.external_id) AS touched
    FROM unnest($2::text[], $3::text[]) f (dialer, external_id)
    JOIN attempts a ON a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.external_id
    LEFT JOIN erased_leads person ON person.account_id = $1 AND person.lead = a.lead
    JOIN attempts_versions v ON v.account_id = $1 AND v.dialer = f.dialer AND v.external_id = f.external_id
    CROSS JOIN LATERAL (
        SELECT
            CASE
                WHEN v.to_number IS NULL OR v.to_number LIKE 'erased-%' THEN v.to_number
                ELSE COALESCE(person.token, v.to_number)
            END AS to_number,
            (v.recording - 'consent') || '{"uri": "erased"}' AS recording
    ) n
),
before AS (
    UPDATE attempts_history h
    SET to_number = v.to_number, recording = v.recording, note = NULL, contact = NULL
    FROM versions v
    WHERE h.account_id = $1 AND h.dialer = v.dialer AND h.external_id = v.external_id
        AND h.recorded_at = v.recorded_at AND v.touched AND v.superseded_at < 'infinity'
)
UPDATE attempts a
SET to_number = v.to_number,
    recording = v.recording,
    note = NULL,
    contact = NULL,
    digests = '{}',
    stamps = stamps_without_words(a.stamps, NULL, NULL),
    changed_xid = pg_current_xact_id()
FROM versions v
WHERE a.account_id = $1 AND a.dialer = v.dialer AND a.external_id = v.external_id
    AND v.touched AND v.superseded_at = 'infinity';

-- name: empty_inbound(account_id, dialers, calls) -> none
WITH versions AS MATERIALIZED (
    SELECT
        v.dialer,
        v.external_id,
        v.recorded_at,
        v.superseded_at,
        n.*,
        bool_or(
            (n.from_number, n.recording) IS DISTINCT FROM (v.from_number, v.recording)
            OR v.note IS NOT NULL OR v.contact IS NOT NULL
        ) OVER (PARTITION BY v.dialer, v.external_id) AS touched
    FROM unnest($2::text[], $3::text[]) f (dialer, external_id)
    JOIN inbound_calls c ON c.account_id = $1 AND c.dialer = f.dialer AND c.external_id = f.external_id
    LEFT JOIN erased_leads person ON person.account_id = $1 AND person.lead = c.lead
    JOIN inbound_calls_versions v ON v.account_id = $1 AND v.dialer = f.dialer AND v.external_id = f.external_id
    CROSS JOIN LATERAL (
        SELECT
            CASE
                WHEN v.from_number IS NULL OR v.from_number LIKE 'erased-%' THEN v.from_number
                ELSE COALESCE(person.token, v.from_number)
            END AS from_number,
            (v.recording - 'consent') || '{"uri": "erased"}' AS recording
    ) n
),
before AS (
    UPDATE inbound_calls_history h
    SET from_number = v.from_number, recording = v.recording, note = NULL, contact = NULL
    FROM versions v
    WHERE h.account_id = $1 AND h.dialer = v.dialer AND h.external_id = v.external_id
        AND h.recorded_at = v.recorded_at AND v.touched AND v.superseded_at < 'infinity'
)
UPDATE inbound_calls c
SET from_number = v.from_number,
    recording = v.recording,
    note = NULL,
    contact = NULL,
    digests = '{}',
    stamps = stamps_without_words(c.stamps, NULL, NULL),
    changed_xid = pg_current_xact_id()
FROM versions v
WHERE c.account_id = $1 AND c.dialer = v.dialer AND c.external_id = v.external_id
    AND v.touched AND v.superseded_at = 'infinity';

-- name: empty_notes(account_id, dialers, calls) -> none
WITH noted AS MATERIALIZED (
    SELECT DISTINCT v.dialer, v.attempt, v.set_at, v.listed
    FROM unnest($2::text[], $3::text[]) f (dialer, attempt)
    JOIN dispositions_versions v ON v.account_id = $1 AND v.dialer = f.dialer AND v.attempt = f.attempt
    WHERE v.note IS NOT NULL
),
before AS (
    UPDATE dispositions_history h
    SET note = NULL
    FROM noted n
    WHERE h.account_id = $1 AND h.dialer = n.dialer AND h.attempt = n.attempt
        AND h.set_at = n.set_at AND h.listed = n.listed
)
UPDATE dispositions d
SET note = NULL, stamps = NULLIF(d.stamps - 'note', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
FROM noted n
WHERE d.account_id = $1 AND d.dialer = n.dialer AND d.attempt = n.attempt
    AND d.set_at = n.set_at AND d.listed = n.listed;

-- All that was delivered about these calls. An event that calltally does not know may name a call and no person.
-- name: empty_deliveries(account_id, dialers, calls) -> none
UPDATE deliveries d
SET query = NULL, headers = NULL, body = NULL, said = NULL
FROM hooks h
WHERE d.account_id = $1 AND (d.body IS NOT NULL OR d.said IS NOT NULL) AND (d.calls && $3::text[] OR d.status <> 'taken')
    AND h.account_id = $1 AND h.id = d.hook AND EXISTS (
        SELECT FROM unnest($2::text[], $3::text[]) c (dialer, call)
        WHERE c.dialer = h.code AND (
            c.call = ANY(d.calls)
            -- Shorter ids stand in other numbers too.
            OR (d.status <> 'taken' AND length(c.call) >= 6 AND (
                position(convert_to(c.call, 'UTF8') IN d.body) > 0 OR position(c.call IN d.query) > 0
            ))
        )
    );

-- What was sent of leads before they turned out to be an erased person's.
-- name: empty_leads(account_id, leads) -> none
WITH before AS (
    UPDATE leads_history h
    SET attributes = NULL, close_reason = NULL
    WHERE h.account_id = $1 AND h.external_id = ANY($2::text[])
        AND (h.attributes IS NOT NULL OR h.close_reason IS NOT NULL)
    RETURNING h.external_id
)
UPDATE leads l
SET attributes = NULL,
    close_reason = NULL,
    digests = '{}',
    stamps = NULLIF(l.stamps - ARRAY['attributes', 'close_reason'], '{}'),
    changed_xid = pg_current_xact_id()
WHERE l.account_id = $1 AND l.external_id = ANY($2::text[]) AND (
    l.attributes IS NOT NULL
    OR l.close_reason IS NOT NULL
    OR l.external_id IN (SELECT b.external_id FROM before b)
);

-- The contracts of erased leads: why they ended goes.
-- name: empty_customers(account_id, leads) -> none
WITH contracts AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM customers c
    JOIN customers_versions v ON v.account_id = $1 AND v.external_id = c.external_id AND v.reason IS NOT NULL
    WHERE c.account_id = $1 AND c.lead = ANY($2::text[])
),
before AS (
    UPDATE customers_history h
    SET reason = NULL
    FROM contracts e
    WHERE h.account_id = $1 AND h.external_id = e.external_id
)
UPDATE customers c
SET reason = NULL,
    digests = '{}',
    stamps = NULLIF(c.stamps - 'reason', '{}'),
    changed_xid = pg_current_xact_id()
FROM contracts e
WHERE c.account_id = $1 AND c.external_id = e.external_id;
