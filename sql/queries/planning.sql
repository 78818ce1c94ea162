-- Reading what an account plans. A null argument asks for all; lists go on after `after`.

-- name: list_calendars(account_id, team, after, most) -> many
SELECT
    team,
    zone,
    hours,
    holidays,
    recorded_at
FROM calendars
WHERE account_id = $1
    AND ($2::text IS NULL OR team = $2)
    AND team > $3::text
ORDER BY team
LIMIT $4;

-- name: list_targets(account_id, metric, after, most) -> many
SELECT
    id,
    metric,
    dimension,
    code,
    NULLIF(from_on, '-infinity') AS from_on,
    to_on,
    value::float8 AS value,
    upper::float8 AS upper,
    within_ms,
    recorded_at
FROM targets
WHERE account_id = $1
    AND ($2::text IS NULL OR metric = $2)
    AND id > $3
    AND value IS NOT NULL
ORDER BY id
LIMIT $4;

-- name: read_target(account_id, metric, dimension, code, from_on) -> one
SELECT
    id,
    metric,
    dimension,
    code,
    NULLIF(from_on, '-infinity') AS from_on,
    to_on,
    value::float8 AS value,
    upper::float8 AS upper,
    within_ms,
    recorded_at
FROM targets
WHERE account_id = $1
    AND metric = $2
    AND dimension = $3
    AND code = $4
    AND from_on = $5;

-- Whether the account has such a code. A team is known by its agents, staff, costs or calendar; any queue may be one.
-- name: is_known(account_id, dimension, code) -> one
SELECT CASE $2::text
    WHEN 'agent' THEN EXISTS (SELECT FROM agents WHERE account_id = $1 AND code = $3::text)
    WHEN 'team' THEN
        EXISTS (SELECT FROM agents WHERE account_id = $1 AND team = $3::text)
        OR EXISTS (SELECT FROM calendars WHERE account_id = $1 AND team = $3::text)
        OR EXISTS (SELECT FROM staff WHERE account_id = $1 AND team = $3::text)
        OR EXISTS (SELECT FROM running_costs WHERE account_id = $1 AND team = $3::text)
    WHEN 'campaign' THEN EXISTS (SELECT FROM campaigns WHERE account_id = $1 AND code = $3::text)
    WHEN 'source' THEN EXISTS (SELECT FROM sources WHERE account_id = $1 AND code = $3::text)
    WHEN 'tracking_number' THEN EXISTS (SELECT FROM tracking_numbers WHERE account_id = $1 AND number = $3::text)
    WHEN 'queue' THEN true
END;
