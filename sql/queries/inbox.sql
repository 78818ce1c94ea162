-- What dialers delivered, as it came.

-- A delivery that came before is only counted.
-- name: keep(account_id, hooks, keys, received, methods, queries, headers, bodies, events, statuses, problems, said, calls, seen) -> many
INSERT INTO deliveries (
    account_id,
    hook,
    key_sha256,
    received_at,
    method,
    query,
    headers,
    body,
    event,
    status,
    problem,
    said,
    calls,
    seen
)
SELECT
    $1,
    d.hook,
    d.key,
    d.received_at,
    d.method,
    d.query,
    d.headers::jsonb,
    d.body,
    d.event,
    d.status,
    d.problem::jsonb,
    d.said::jsonb,
    ARRAY(SELECT jsonb_array_elements_text(d.calls::jsonb)),
    d.seen
FROM unnest(
    $2::bigint[], $3::bytea[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[],
    $10::delivery_status[], $11::text[], $12::text[], $13::text[], $14::integer[]
) AS d (hook, key, received_at, method, query, headers, body, event, status, problem, said, calls, seen)
ORDER BY d.hook, d.key
ON CONFLICT (account_id, hook, key_sha256) DO UPDATE
SET seen = deliveries.seen + excluded.seen
RETURNING
    new.id,
    new.hook,
    new.key_sha256,
    old.id IS NULL AS is_new;

-- Deliveries that tell of somebody who was erased: by a number in them, or, where nothing else was taken from them, by a
-- word that is the id of a call. Those that say which calls they are about are emptied with these.
-- name: empty_erased(account_id, named_by, numbers, worded_by, dialers, words) -> none
WITH spelled AS MATERIALIZED (
    SELECT n.id, n.number, lake_id(k.lake_key, s) AS number_id
    FROM accounts k
    CROSS JOIN unnest($2::bigint[], $3::text[]) n (id, number)
    CROSS JOIN unnest(number_spellings(n.number)) s
    WHERE k.account_id = $1
)
UPDATE deliveries d
SET query = NULL, headers = NULL, body = NULL, said = NULL
WHERE d.account_id = $1 AND d.id IN (
    SELECT n.id
    FROM spelled n
    JOIN erased_numbers e ON e.account_id = $1 AND e.number_id = n.number_id
    WHERE NOT EXISTS (SELECT FROM tracking_numbers o WHERE o.account_id = $1 AND o.number = n.number)
    UNION
    SELECT w.id
    FROM unnest($4::bigint[], $5::text[], $6::text[]) w (id, dialer, word)
    WHERE EXISTS (
        SELECT FROM attempts a
        WHERE a.account_id = $1 AND a.dialer = w.dialer AND a.external_id = w.word AND (
            a.to_number LIKE 'erased-%' OR a.from_number LIKE 'erased-%'
            OR EXISTS (SELECT FROM erased_leads l WHERE l.account_id = $1 AND l.lead = a.lead)
        )
    ) OR EXISTS (
        SELECT FROM inbound_calls c
        WHERE c.account_id = $1 AND c.dialer = w.dialer AND c.external_id = w.word AND (
            c.from_number LIKE 'erased-%'
            OR EXISTS (SELECT FROM erased_leads l WHERE l.account_id = $1 AND l.lead = c.lead)
        )
    )
);

-- A null hook or status asks for all.
-- name: list(account_id, hook, status, after, most) -> many
SELECT
    id,
    hook,
    received_at,
    event,
    status,
    problem,
    calls,
    seen,
    method,
    query,
    headers,
    body
FROM deliveries
WHERE account_id = $1
    AND ($2::bigint IS NULL OR hook = $2)
    AND ($3::text IS NULL OR status = $3::text::delivery_status)
    AND id > $4
ORDER BY id
LIMIT $5;

-- The latest deliveries to a hook, newest first; a null status asks for all, a null id for the newest.
-- name: recent(account_id, hook, status, before, most) -> many
SELECT
    id,
    received_at,
    event,
    status::text AS status,
    problem,
    calls,
    seen,
    method,
    query,
    headers,
    body
FROM deliveries
WHERE account_id = $1
    AND hook = $2
    AND ($3::text IS NULL OR status = $3::text::delivery_status)
    AND ($4::bigint IS NULL OR id < $4)
ORDER BY id DESC
LIMIT $5;

-- What waits for a person: deliveries that could not be read or taken, and what was refused, not known or too much since a
-- day.
-- name: trouble(account_id, since) -> many
SELECT
    d.hook,
    d.status::text AS kind,
    '' AS name,
    count(*) AS count
FROM deliveries d
WHERE d.account_id = $1 AND d.status IN ('unreadable', 'rejected')
GROUP BY d.hook, d.status
UNION ALL
SELECT
    c.hook,
    c.kind,
    c.name,
    sum(c.count)::bigint
FROM hook_counts c
JOIN hooks h ON h.account_id = c.account_id AND h.id = c.hook AND h.revoked_at IS NULL
WHERE c.account_id = $1 AND c.on_day >= $2 AND c.kind IN ('refused', 'unknown', 'without_content')
GROUP BY c.hook, c.kind, c.name
HAVING sum(c.count) > 0
ORDER BY hook, kind, name;

-- The oldest deliveries that are too old, a few at a time; others may be removing some at the same moment.
-- name: remove(account_id, before, most) -> many
DELETE FROM deliveries
WHERE account_id = $1 AND id IN (
    SELECT d.id FROM deliveries d
    WHERE d.account_id = $1 AND d.received_at < $2
    ORDER BY d.received_at
    LIMIT $3
    FOR UPDATE SKIP LOCKED
)
RETURNING id;

-- How many deliveries there are to read anew: of those without content, the items; those that were emptied have neither.
-- Nulls ask for all.
-- name: count_kept(account_id, hook, status, since, until) -> one
SELECT count(*)
FROM deliveries
WHERE account_id = $1
    AND (body IS NOT NULL OR said IS NOT NULL)
    AND ($2::bigint IS NULL OR hook = $2)
    AND ($3::text IS NULL OR status = $3::text::delivery_status)
    AND ($4::timestamptz IS NULL OR received_at >= $4)
    AND ($5::timestamptz IS NULL OR received_at < $5);

-- name: kept(account_id, hook, status, since, until, after, most) -> many
SELECT
    id,
    hook,
    received_at,
    method,
    query,
    headers,
    body,
    event,
    status,
    problem,
    said,
    calls
FROM deliveries
WHERE account_id = $1
    AND (body IS NOT NULL OR said IS NOT NULL)
    AND ($2::bigint IS NULL OR hook = $2)
    AND ($3::text IS NULL OR status = $3::text::delivery_status)
    AND ($4::timestamptz IS NULL OR received_at >= $4)
    AND ($5::timestamptz IS NULL OR received_at < $5)
    AND id > $6
ORDER BY id
LIMIT $7;

-- All that was delivered to these hooks about some calls.
-- name: about(account_id, hooks, calls) -> many
SELECT
    id,
    hook,
    received_at,
    method,
    query,
    headers,
    body,
    event,
    status,
    problem,
    said,
    calls
FROM deliveries
WHERE account_id = $1 AND (body IS NOT NULL OR said IS NOT NULL) AND hook = ANY($2::bigint[]) AND calls && $3::text[]
ORDER BY id;

-- name: read_anew(account_id, ids, events, statuses, problems, said, calls) -> none
UPDATE deliveries d
SET event = n.event,
    status = n.status,
    problem = n.problem::jsonb,
    -- What was emptied stays so.
    said = CASE WHEN d.body IS NOT NULL OR d.said IS NOT NULL THEN n.said::jsonb END,
    calls = ARRAY(SELECT jsonb_array_elements_text(n.calls::jsonb))
FROM unnest($2::bigint[], $3::text[], $4::delivery_status[], $5::text[], $6::text[], $7::text[])
    AS n (id, event, status, problem, said, calls)
WHERE d.account_id = $1 AND d.id = n.id;

-- name: hooks(account_id) -> many
SELECT
    $1::integer AS account_id,
    id,
    dialer,
    code,
    campaign,
    zone,
    token_sha256,
    secret,
    person_after_ms,
    match_leads,
    mapping
FROM hooks
WHERE account_id = $1;
