-- Reading what an account configured. A null argument asks for all; lists go on after the code `after`.

-- name: list_sources(account_id, code, confirmed, after, most) -> many
SELECT
    code,
    name,
    medium,
    merged_into,
    confirmed,
    recorded_at
FROM sources
WHERE account_id = $1
    AND ($2::text IS NULL OR code = $2)
    AND ($3::boolean IS NULL OR confirmed = $3)
    AND code > $4::text
ORDER BY code
LIMIT $5;

-- name: list_campaigns(account_id, code, confirmed, after, most) -> many
SELECT
    code,
    name,
    source,
    region,
    zone,
    starts_on,
    ends_on,
    merged_into,
    confirmed,
    recorded_at
FROM campaigns
WHERE account_id = $1
    AND ($2::text IS NULL OR code = $2)
    AND ($3::boolean IS NULL OR confirmed = $3)
    AND code > $4::text
ORDER BY code
LIMIT $5;

-- name: list_agents(account_id, code, confirmed, after, most) -> many
SELECT
    code,
    name,
    team,
    zone,
    merged_into,
    confirmed,
    recorded_at
FROM agents
WHERE account_id = $1
    AND ($2::text IS NULL OR code = $2)
    AND ($3::boolean IS NULL OR confirmed = $3)
    AND code > $4::text
ORDER BY code
LIMIT $5;

-- The version of a mapping counts how often it was changed.
-- name: list_disposition_codes(account_id, code, confirmed, after, most) -> many
SELECT
    c.code,
    c.name,
    c.network_result,
    c.answered_by,
    c.party,
    c.handled,
    c.result,
    c.next_step,
    c.merged_into,
    c.confirmed,
    c.recorded_at,
    (
        SELECT 1 + count(*)
        FROM disposition_codes_history h
        WHERE h.account_id = c.account_id AND h.code = c.code
    ) AS version
FROM disposition_codes c
WHERE c.account_id = $1
    AND ($2::text IS NULL OR c.code = $2)
    AND ($3::boolean IS NULL OR c.confirmed = $3)
    AND c.code > $4::text
ORDER BY c.code
LIMIT $5;

-- name: list_tracking_numbers(account_id, number, confirmed, after, most) -> many
SELECT
    n.number,
    n.name,
    n.retired_at,
    n.confirmed,
    n.recorded_at,
    (
        SELECT COALESCE(jsonb_agg(
            jsonb_build_object(
                'from_at', a.from_at,
                'to_at', a.to_at,
                'campaign', a.campaign,
                'source', a.source,
                'agent', a.agent
            ) ORDER BY a.from_at
        ), '[]')
        FROM tracking_number_assignments a
        WHERE a.account_id = n.account_id AND a.number = n.number
    ) AS assignments
FROM tracking_numbers n
WHERE n.account_id = $1
    AND ($2::text IS NULL OR n.number = $2)
    AND ($3::boolean IS NULL OR n.confirmed = $3)
    AND n.number > $4::text
ORDER BY n.number
LIMIT $5;

-- Whether other codes of a table are merged into this one.
-- name: is_merged_into(account_id, table, code) -> one
SELECT CASE $2::text
    WHEN 'sources' THEN EXISTS (SELECT FROM sources WHERE account_id = $1 AND merged_into = $3::text)
    WHEN 'campaigns' THEN EXISTS (SELECT FROM campaigns WHERE account_id = $1 AND merged_into = $3::text)
    WHEN 'agents' THEN EXISTS (SELECT FROM agents WHERE account_id = $1 AND merged_into = $3::text)
    WHEN 'disposition_codes' THEN EXISTS (SELECT FROM disposition_codes WHERE account_id = $1 AND merged_into = $3::text)
END;

-- One of the account's own numbers, if it is one.
-- name: own_number(account_id, number) -> optional
SELECT name, confirmed, retired_at, recorded_at FROM tracking_numbers WHERE account_id = $1 AND number = $2;

-- Every assignment of a number, in order of time.
-- name: assignments_of(account_id, number) -> many
SELECT
    from_at,
    to_at,
    campaign,
    source,
    agent
FROM tracking_number_assignments
WHERE account_id = $1 AND number = $2
ORDER BY from_at;

-- name: drop_assignment(account_id, number, from_at) -> optional
WITH dropped AS (
    DELETE FROM tracking_number_assignments
    WHERE account_id = $1 AND number = $2 AND from_at = $3
    RETURNING
        account_id,
        number,
        from_at,
        to_at,
        campaign,
        source,
        agent,
        recorded_at,
        changed_xid
)
INSERT INTO tracking_number_assignments_history (
    account_id,
    number,
    from_at,
    to_at,
    campaign,
    source,
    agent,
    recorded_at,
    changed_xid,
    superseded_at
)
SELECT
    account_id,
    number,
    from_at,
    to_at,
    campaign,
    source,
    agent,
    recorded_at,
    changed_xid,
    GREATEST(now(), recorded_at + interval '1 microsecond')
FROM dropped
RETURNING number;

-- name: mention_tracking_number(account_id, number) -> none
INSERT INTO tracking_numbers (account_id, number)
VALUES ($1, $2)
ON CONFLICT DO NOTHING;
