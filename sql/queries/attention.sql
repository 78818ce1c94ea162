-- What waits for a person: items that could not be taken, and codes nobody has confirmed.

-- name: list_rejected(account_id, resource, after, most) -> many
SELECT
    id,
    resource,
    item_index,
    external_id,
    raw,
    problem,
    request_id,
    recorded_at,
    resubmitted_at
FROM rejected_items
WHERE account_id = $1
    AND ($2::text IS NULL OR resource = $2)
    AND id > $3
    AND resubmitted_at IS NULL
ORDER BY id
LIMIT $4;

-- name: read_rejected(account_id, id) -> optional
SELECT
    resource,
    item_index,
    raw,
    resubmitted_at
FROM rejected_items
WHERE account_id = $1 AND id = $2;

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

-- Leads and attempts known only from what refers to them.
-- name: count_unseen(account_id) -> one
SELECT
    (SELECT count(*) FROM leads WHERE account_id = $1 AND received_at IS NULL) AS leads,
    (SELECT count(*) FROM attempts WHERE account_id = $1 AND dialed_at IS NULL) AS attempts,
    (SELECT count(*) FROM inbound_calls WHERE account_id = $1 AND arrived_at IS NULL) AS inbound_calls;
