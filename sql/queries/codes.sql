-- The account's codes as they were believed at one instant (null: now), and the account itself.

-- name: account(account_id) -> optional
-- now() is the moment of the transaction, and so of everything it reads. ledger tells this ledger from every other: one
-- that was restored somewhere else, or to an earlier moment, is another.
SELECT
    code,
    zone,
    currency,
    now() AS taken_at,
    encode(
        sha256(lake_key || int8send((pg_control_system()).system_identifier)
            || int4send((pg_control_checkpoint()).timeline_id) || convert_to(current_database(), 'UTF8')
            -- The embedded server tells by it when its files were put there: a copy of its files is another ledger.
            || convert_to(current_setting('cluster_name'), 'UTF8')
            -- Of a dump that was restored under the same name everything else is the same.
            || oidsend((SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
            || oidsend('accounts'::regclass)
            -- An erasure that renames agents changes keys, which a copy cannot follow.
            || COALESCE((SELECT int8send(max(e.id)) FROM erasures e WHERE e.account_id = $1 AND e.agents > 0), '')),
        'hex'
    ) AS ledger,
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS watermark
FROM accounts
WHERE account_id = $1::integer;

-- Every number that a fact may name, with the id that stands for it in the lake.
-- name: numbers(account_id) -> many
SELECT lake_id(k.lake_key, n.number) AS id, n.number
FROM accounts k
CROSS JOIN (
    SELECT number FROM tracking_numbers WHERE account_id = $1::integer
    UNION
    SELECT tracking_number FROM spend_versions WHERE account_id = $1::integer AND tracking_number IS NOT NULL
) n
WHERE k.account_id = $1::integer;

-- name: spans(account_id) -> many
SELECT kind, first_at, last_at
FROM (
    SELECT 'attempts' AS kind, min(dialed_at) AS first_at, max(dialed_at) AS last_at
    FROM attempts WHERE account_id = $1::integer
    UNION ALL
    SELECT 'inbound-calls', min(arrived_at), max(arrived_at) FROM inbound_calls WHERE account_id = $1::integer
    UNION ALL
    SELECT 'cases', min(opened_at), max(opened_at) FROM cases WHERE account_id = $1::integer
    UNION ALL
    SELECT 'dispositions', min(set_at), max(set_at) FROM dispositions WHERE account_id = $1::integer
    UNION ALL
    SELECT 'leads', min(received_at), max(received_at) FROM leads WHERE account_id = $1::integer
    UNION ALL
    SELECT 'appointments', min(set_at), max(set_at) FROM appointments WHERE account_id = $1::integer
    UNION ALL
    SELECT 'stage-changes', min(changed_at), max(changed_at) FROM stage_changes WHERE account_id = $1::integer
    UNION ALL
    SELECT 'agent-states', min(from_at), max(from_at) FROM agent_states WHERE account_id = $1::integer
    UNION ALL
    SELECT 'schedules', min(from_at), max(from_at) FROM schedules WHERE account_id = $1::integer
    UNION ALL
    SELECT 'surveys', min(COALESCE(asked_at, answered_at)), max(COALESCE(asked_at, answered_at))
    FROM surveys WHERE account_id = $1::integer
    UNION ALL
    SELECT 'evaluations', min(evaluated_at), max(evaluated_at) FROM evaluations WHERE account_id = $1::integer
    UNION ALL
    SELECT 'shared-calls', min(shared_at), max(shared_at) FROM shared_calls WHERE account_id = $1::integer
    UNION ALL
    SELECT 'form-items', min(observed_at), max(observed_at) FROM form_items WHERE account_id = $1::integer
    UNION ALL
    SELECT 'spend', min(from_on) AT TIME ZONE 'UTC', max(to_on) AT TIME ZONE 'UTC'
    FROM spend WHERE account_id = $1::integer
    UNION ALL
    SELECT 'running-costs', min(from_on) AT TIME ZONE 'UTC', max(to_on) AT TIME ZONE 'UTC'
    FROM running_costs WHERE account_id = $1::integer
    UNION ALL
    SELECT 'staff', min(joined_on) AT TIME ZONE 'UTC', max(joined_on) AT TIME ZONE 'UTC'
    FROM staff WHERE account_id = $1::integer
    UNION ALL
    SELECT 'customers', min(since_on) AT TIME ZONE 'UTC', max(since_on) AT TIME ZONE 'UTC'
    FROM customers WHERE account_id = $1::integer
) s
WHERE first_at IS NOT NULL;

-- name: agents(account_id, as_of) -> many
SELECT code, name, team, merged_into FROM agents
WHERE account_id = $1::integer AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT code, name, team, merged_into FROM agents_history
WHERE account_id = $1::integer AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz;

-- name: campaigns(account_id, as_of) -> many
SELECT code, name, source, zone, starts_on, merged_into FROM campaigns
WHERE account_id = $1::integer AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT code, name, source, zone, starts_on, merged_into FROM campaigns_history
WHERE account_id = $1::integer AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz;

-- name: sources(account_id, as_of) -> many
SELECT code, name, merged_into FROM sources
WHERE account_id = $1::integer AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT code, name, merged_into FROM sources_history
WHERE account_id = $1::integer AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz;

-- name: disposition_codes(account_id, as_of) -> many
SELECT code, network_result, answered_by, party, handled, result, next_step, merged_into FROM disposition_codes
WHERE account_id = $1::integer AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT code, network_result, answered_by, party, handled, result, next_step, merged_into
FROM disposition_codes_history
WHERE account_id = $1::integer AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz;

-- name: tracking_numbers(account_id, as_of) -> many
SELECT number AS code FROM tracking_numbers
WHERE account_id = $1::integer AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT number AS code FROM tracking_numbers_history
WHERE account_id = $1::integer AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz;

-- name: calendars(account_id, as_of) -> many
SELECT team, zone, hours::text, holidays::text FROM calendars
WHERE account_id = $1::integer AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT team, zone, hours::text, holidays::text FROM calendars_history
WHERE account_id = $1::integer AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz;

-- Null for a target of the whole account, and for one that has always been. Those withdrawn are none.
-- name: targets(account_id, as_of) -> many
SELECT metric, NULLIF(dimension, '') AS dimension, NULLIF(code, '') AS code, NULLIF(from_on, '-infinity') AS from_on,
    to_on, value::float8, upper::float8, within_ms
FROM targets
WHERE account_id = $1::integer AND value IS NOT NULL AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT metric, NULLIF(dimension, '') AS dimension, NULLIF(code, '') AS code, NULLIF(from_on, '-infinity') AS from_on,
    to_on, value::float8, upper::float8, within_ms
FROM targets_history
WHERE account_id = $1::integer AND value IS NOT NULL AND recorded_at <= $2::timestamptz
    AND superseded_at > $2::timestamptz;

-- name: lead_attributes(account_id, as_of) -> many
SELECT name, title, allowed::text, bands::text, fewest_leads FROM lead_attributes
WHERE account_id = $1::integer AND reported AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION ALL
SELECT name, title, allowed::text, bands::text, fewest_leads FROM lead_attributes_history
WHERE account_id = $1::integer AND reported AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz;

-- Teams that employments, running costs or managers name, whether or not an agent is in them.
-- name: teams(account_id, as_of) -> many
SELECT team AS code FROM staff_versions
WHERE account_id = $1::integer AND team IS NOT NULL AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION
SELECT team FROM running_costs_versions
WHERE account_id = $1::integer AND team IS NOT NULL AND ($2::timestamptz IS NULL OR recorded_at <= $2::timestamptz)
UNION
SELECT unnest(teams) FROM users WHERE account_id = $1::integer;
