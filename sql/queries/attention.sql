-- What waits for a person: items that could not be taken, and codes nobody has confirmed.

-- A page of at most so many items and bytes, but at least one item; has_more: whether further items follow it.
-- name: list_rejected(account_id, resource, after, most, most_bytes) -> many
SELECT
    id,
    resource,
    item_index,
    external_id,
    raw,
    raw_bytes,
    problem,
    request_id,
    recorded_at,
    resubmitted_at,
    following IS NOT NULL AS has_more
FROM (
    SELECT
        *,
        lead(id) OVER in_order AS following,
        row_number() OVER in_order AS place,
        sum(length(raw)) OVER in_order - length(raw) AS bytes_before
    FROM (
        SELECT * FROM rejected_items
        WHERE account_id = $1
            AND ($2::text IS NULL OR resource = $2)
            AND id > $3
            AND resubmitted_at IS NULL
        ORDER BY id
        LIMIT $4::integer + 1
    ) AS items
    WINDOW in_order AS (ORDER BY id)
) AS page
WHERE place <= $4 AND bytes_before < $5::bigint
ORDER BY id;

-- name: read_rejected(account_id, id) -> optional
SELECT
    resource,
    item_index,
    raw,
    raw_bytes,
    resubmitted_at
FROM rejected_items
WHERE account_id = $1 AND id = $2;

-- name: remove_rejected(account_id, before, most) -> many
DELETE FROM rejected_items
WHERE account_id = $1 AND id IN (
    SELECT r.id FROM rejected_items r
    WHERE r.account_id = $1 AND r.recorded_at < $2
    ORDER BY r.recorded_at
    LIMIT $3
    FOR UPDATE SKIP LOCKED
)
RETURNING id;

-- name: settle_rejected(account_id, id) -> none
UPDATE rejected_items
SET resubmitted_at = now()
WHERE account_id = $1 AND id = $2;

-- name: count_rejected(account_id) -> one
SELECT count(*)
FROM rejected_items
WHERE account_id = $1 AND resubmitted_at IS NULL;

-- Unconfirmed codes of every kind, with the attempts that use them, the most used first.
-- name: unconfirmed_codes(account_id, most) -> many
SELECT
    kind,
    code,
    attempts,
    first_seen_at
FROM (
    SELECT
        'campaigns' AS kind,
        c.code,
        count(a.external_id) AS attempts,
        c.recorded_at AS first_seen_at
    FROM campaigns c
    LEFT JOIN attempts a ON a.account_id = c.account_id AND a.campaign = c.code
    WHERE c.account_id = $1 AND NOT c.confirmed
    GROUP BY c.code, c.recorded_at
    UNION ALL
    SELECT
        'sources' AS kind,
        c.code,
        count(a.external_id) AS attempts,
        c.recorded_at AS first_seen_at
    FROM sources c
    LEFT JOIN attempts a ON a.account_id = c.account_id AND a.source = c.code
    WHERE c.account_id = $1 AND NOT c.confirmed
    GROUP BY c.code, c.recorded_at
    UNION ALL
    SELECT
        'agents' AS kind,
        c.code,
        count(a.external_id) AS attempts,
        c.recorded_at AS first_seen_at
    FROM agents c
    LEFT JOIN attempts a ON a.account_id = c.account_id AND a.agent = c.code
    WHERE c.account_id = $1 AND NOT c.confirmed
    GROUP BY c.code, c.recorded_at
    UNION ALL
    SELECT
        'disposition-codes' AS kind,
        c.code,
        count(a.external_id) AS attempts,
        c.recorded_at AS first_seen_at
    FROM disposition_codes c
    LEFT JOIN attempts a ON a.account_id = c.account_id AND a.disposition = c.code
    WHERE c.account_id = $1 AND NOT c.confirmed
    GROUP BY c.code, c.recorded_at
) AS waiting
ORDER BY attempts DESC, kind, code
LIMIT $2;

-- Leads and calls known only from what refers to them. Where a delivery does not say in which direction a call went, it
-- refers to both directions, and the other direction is no call. Neither is a leg between colleagues: all that is known of
-- it is who talked.
-- name: count_unseen(account_id) -> one
SELECT
    (SELECT count(*) FROM leads WHERE account_id = $1 AND received_at IS NULL) AS leads,
    (
        SELECT count(*) FROM attempts a
        WHERE a.account_id = $1 AND a.dialed_at IS NULL
        AND (a.participants IS NULL OR (a.outcomes, a.disposition, a.recording, a.note) IS DISTINCT FROM (NULL, NULL, NULL, NULL))
        AND NOT EXISTS (
            SELECT FROM inbound_calls i
            WHERE i.account_id = $1 AND i.dialer = a.dialer AND i.external_id = a.external_id AND i.arrived_at IS NOT NULL
        )
    ) AS attempts,
    (
        SELECT count(*) FROM inbound_calls i
        WHERE i.account_id = $1 AND i.arrived_at IS NULL
        AND (i.participants IS NULL OR (i.outcomes, i.disposition, i.recording, i.note) IS DISTINCT FROM (NULL, NULL, NULL, NULL))
        AND NOT EXISTS (
            SELECT FROM attempts a
            WHERE a.account_id = $1 AND a.dialer = i.dialer AND a.external_id = i.external_id AND a.dialed_at IS NOT NULL
        )
    ) AS inbound_calls;

-- Calls of which the agents talked for more than two hours, or longer than the call was: their hang-up may be missing. Newest
-- first, of those that were stored or changed since a moment.
-- name: long_talks(account_id, since, most) -> many
SELECT
    'attempts' AS resource,
    dialer,
    external_id,
    dialed_at AS began_at,
    talk_ms::float / 1000 AS talk_seconds,
    EXTRACT(EPOCH FROM ended_at - dialed_at)::float AS call_seconds
FROM attempts
WHERE account_id = $1 AND recorded_at >= $2
    AND (talk_ms > 7200000 OR talk_ms * interval '1 millisecond' > ended_at - dialed_at + interval '2 seconds')
UNION ALL
SELECT
    'inbound-calls' AS resource,
    dialer,
    external_id,
    arrived_at AS began_at,
    talk_ms::float / 1000 AS talk_seconds,
    EXTRACT(EPOCH FROM ended_at - arrived_at)::float AS call_seconds
FROM inbound_calls
WHERE account_id = $1 AND recorded_at >= $2
    AND (talk_ms > 7200000 OR talk_ms * interval '1 millisecond' > ended_at - arrived_at + interval '2 seconds')
ORDER BY began_at DESC NULLS LAST, dialer, external_id
LIMIT $3;

-- Calls with a number of ours after it was retired, those stored or changed since a moment: someone still advertises it,
-- or a dialer still shows it. The numbers with most calls first.
-- name: retired_number_calls(account_id, since, most) -> many
SELECT
    n.number,
    n.name,
    n.retired_at,
    count(*) FILTER (WHERE c.outbound)::integer AS attempts,
    count(*) FILTER (WHERE NOT c.outbound)::integer AS inbound_calls,
    max(c.began_at) AS last_call_at
FROM tracking_numbers n
CROSS JOIN LATERAL (
    SELECT true AS outbound, a.dialed_at AS began_at
    FROM attempts a
    WHERE a.account_id = $1 AND a.from_number = n.number AND a.dialed_at >= n.retired_at AND a.recorded_at >= $2
    UNION ALL
    SELECT false, i.arrived_at
    FROM inbound_calls i
    WHERE i.account_id = $1 AND i.to_number = n.number AND i.arrived_at >= n.retired_at AND i.recorded_at >= $2
) c
WHERE n.account_id = $1 AND n.retired_at <= now()
GROUP BY n.number, n.name, n.retired_at
ORDER BY count(*) DESC, n.number
LIMIT $3;

-- Codes of every kind that nobody has confirmed, without counting what uses them: that would read every attempt.
-- name: waiting_codes(account_id, most) -> many
SELECT
    kind,
    code,
    first_seen_at
FROM (
    SELECT 'campaigns' AS kind, code, recorded_at AS first_seen_at
    FROM campaigns WHERE account_id = $1 AND NOT confirmed
    UNION ALL
    SELECT 'sources' AS kind, code, recorded_at AS first_seen_at
    FROM sources WHERE account_id = $1 AND NOT confirmed
    UNION ALL
    SELECT 'agents' AS kind, code, recorded_at AS first_seen_at
    FROM agents WHERE account_id = $1 AND NOT confirmed
    UNION ALL
    SELECT 'disposition-codes' AS kind, code, recorded_at AS first_seen_at
    FROM disposition_codes WHERE account_id = $1 AND NOT confirmed
) AS waiting
ORDER BY kind, code
LIMIT $2;

-- Dialers that nothing was heard from lately, though a week ago, at the same time, more had been heard than chance takes
-- away. What was heard a week ago is what was known by then: whoever sends once a day is not silent until it is due.
-- Where every dialer was heard in the last two hours, only these are read; else two days, and a week of who fell silent.
-- name: silent_dialers(account_id, now, least) -> many
WITH RECURSIVE dialers AS (
    -- From one to the next along the primary key, without reading the attempts between.
    (SELECT dialer FROM attempts WHERE account_id = $1::integer ORDER BY dialer LIMIT 1)
    UNION ALL
    SELECT (SELECT a.dialer FROM attempts a WHERE a.account_id = $1 AND a.dialer > d.dialer ORDER BY a.dialer LIMIT 1)
    FROM dialers d
    WHERE d.dialer IS NOT NULL
),
quiet AS MATERIALIZED (
    SELECT dialer
    FROM dialers
    WHERE dialer IS NOT NULL AND dialer NOT IN (
        SELECT dialer FROM attempts
        WHERE account_id = $1 AND dialed_at >= $2::timestamptz - interval '2 hours'
    )
),
heard AS (
    SELECT a.dialer, max(a.dialed_at) AS last_heard_at
    FROM quiet q
    JOIN attempts a ON a.dialer = q.dialer
    WHERE a.account_id = $1 AND a.dialed_at >= $2 - interval '24 hours'
    GROUP BY a.dialer
),
week_ago AS MATERIALIZED (
    SELECT a.dialer, a.external_id, a.dialed_at, a.recorded_at
    FROM quiet q
    JOIN attempts a ON a.dialer = q.dialer
    WHERE a.account_id = $1
        AND a.dialed_at >= $2 - interval '192 hours'
        AND a.dialed_at < $2 - interval '168 hours'
),
usual AS (
    SELECT
        dialer,
        count(*) AS in_24_hours,
        count(*) FILTER (WHERE dialed_at >= $2 - interval '170 hours') AS in_2_hours
    FROM week_ago w
    WHERE CASE
        WHEN recorded_at <= $2 - interval '168 hours' THEN true
        ELSE (
            SELECT min(h.recorded_at) FROM attempts_history h
            WHERE h.account_id = $1 AND h.dialer = w.dialer AND h.external_id = w.external_id
        ) <= $2 - interval '168 hours'
    END
    GROUP BY dialer
)
SELECT
    u.dialer,
    CASE WHEN d.whole_day THEN 24 ELSE 2 END AS hours,
    CASE WHEN d.whole_day THEN u.in_24_hours ELSE u.in_2_hours END AS attempts_a_week_ago,
    coalesce(h.last_heard_at, e.last_heard_at) AS last_heard_at
FROM usual u
LEFT JOIN heard h ON h.dialer = u.dialer
CROSS JOIN LATERAL (SELECT h.last_heard_at IS NULL AND u.in_24_hours >= $3::integer AS whole_day) AS d
LEFT JOIN LATERAL (
    SELECT a.dialed_at AS last_heard_at
    FROM attempts a
    WHERE h.last_heard_at IS NULL
        AND a.account_id = $1
        AND a.dialer = u.dialer
        AND a.dialed_at >= $2 - interval '192 hours'
        AND a.dialed_at < $2 - interval '24 hours'
    ORDER BY a.dialed_at DESC
    LIMIT 1
) AS e ON true
WHERE d.whole_day OR u.in_2_hours >= $3
ORDER BY u.dialer;
