-- The life of one call, and of one lead: everything that was told of it, and what refers to it.

-- Every version of an attempt, the first one first.
-- name: attempt(account_id, dialer, external_id) -> many
SELECT
    dialer,
    external_id,
    campaign,
    agent,
    lead,
    lead_by,
    contact,
    said_source,
    source,
    tracking_number,
    attributed_by,
    to_number,
    to_country,
    to_region,
    to_zones,
    lead_zone,
    from_number,
    dialed_at,
    rang_at,
    answered_at,
    agent_joined_at,
    ended_at,
    ring_ms,
    talk_ms,
    hold_ms,
    wrap_ms,
    dead_ms,
    network_result,
    answered_by,
    detector,
    person_after_ms,
    handled,
    participants,
    shares,
    recording,
    note,
    value,
    test,
    spam,
    outcomes,
    disposition,
    disposition_set_at,
    disposition_agent,
    callback_at,
    observed_at,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM attempts_versions
WHERE account_id = $1::integer AND dialer = $2 AND external_id = $3
ORDER BY attempts_versions.superseded_at, recorded_at;

-- Every version of an inbound call, the first one first.
-- name: inbound_call(account_id, dialer, external_id) -> many
SELECT
    dialer,
    external_id,
    campaign,
    agent,
    lead,
    lead_by,
    contact,
    said_source,
    source,
    tracking_number,
    attributed_by,
    to_number,
    from_number,
    from_country,
    from_region,
    from_zones,
    arrived_at,
    menu_path,
    menu_ms,
    topic,
    said_case,
    queued_at,
    queue,
    queue_ms,
    segments,
    offers,
    answered_at,
    callback_chosen_at,
    ended_at,
    talk_ms,
    hold_ms,
    wrap_ms,
    outcome,
    transferred,
    escalated_at,
    escalated_to,
    participants,
    shares,
    recording,
    note,
    value,
    test,
    spam,
    outcomes,
    disposition,
    disposition_set_at,
    disposition_agent,
    callback_at,
    observed_at,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM inbound_calls_versions
WHERE account_id = $1::integer AND dialer = $2 AND external_id = $3
ORDER BY inbound_calls_versions.superseded_at, recorded_at;

-- Those of some calls that the account has, made or taken, with their recordings. happened: it is known from more than
-- what refers to it.
-- name: known_calls(account_id, dialers, external_ids) -> many
SELECT c.dialer, c.external_id, c.outbound, c.happened, c.recording
FROM (SELECT DISTINCT * FROM unnest($2::text[], $3::text[])) AS listed (dialer, external_id)
CROSS JOIN LATERAL (
    SELECT
        a.dialer,
        a.external_id,
        true AS outbound,
        a.dialed_at IS NOT NULL AS happened,
        a.recording->>'uri' AS recording
    FROM attempts a
    WHERE a.account_id = $1::integer AND a.dialer = listed.dialer AND a.external_id = listed.external_id
    UNION ALL
    SELECT i.dialer, i.external_id, false, i.arrived_at IS NOT NULL, i.recording->>'uri'
    FROM inbound_calls i
    WHERE i.account_id = $1::integer AND i.dialer = listed.dialer AND i.external_id = listed.external_id
) c;

-- Every version of everything that was said to have come of an attempt.
-- name: dispositions(account_id, dialer, external_id) -> many
SELECT
    set_at,
    listed,
    code,
    agent,
    callback_at,
    note,
    observed_at,
    recorded_at,
    NULLIF(superseded_at, 'infinity') AS superseded_at
FROM dispositions_versions
WHERE account_id = $1::integer AND dialer = $2 AND attempt = $3
ORDER BY set_at, listed, recorded_at;

-- A lead as it was believed at a moment, and whether it was erased since.
-- name: lead(account_id, external_id, as_of) -> optional
SELECT
    external_id,
    received_at,
    source,
    campaign,
    phone_number,
    phone_country,
    time_zone,
    owner,
    assigned_at,
    closed_at,
    close_reason,
    test,
    recorded_at,
    EXISTS (SELECT FROM erased_leads e WHERE e.account_id = $1::integer AND e.lead = $2) AS erased
FROM leads_versions
WHERE account_id = $1::integer
    AND external_id = $2
    AND recorded_at <= $3::timestamptz
    AND superseded_at > $3::timestamptz;

-- The attempts to a lead, the latest first.
-- name: attempts_of_lead(account_id, lead, most) -> many
SELECT
    dialer,
    external_id,
    campaign,
    agent,
    source,
    lead,
    lead_by,
    dialed_at,
    rang_at,
    answered_at,
    ended_at,
    agent_joined_at,
    ring_ms,
    talk_ms,
    hold_ms,
    network_result,
    answered_by,
    person_after_ms,
    handled,
    test,
    spam,
    disposition,
    disposition_set_at,
    disposition_agent,
    callback_at
FROM attempts
WHERE account_id = $1::integer AND lead = $2 AND dialed_at IS NOT NULL
ORDER BY dialed_at DESC, dialer, external_id
LIMIT $3::integer;

-- The inbound calls of a lead, the latest first.
-- name: inbound_calls_of_lead(account_id, lead, most) -> many
SELECT
    dialer,
    external_id,
    campaign,
    agent,
    lead,
    contact,
    source,
    tracking_number,
    arrived_at,
    menu_path,
    menu_ms,
    topic,
    queued_at,
    queue,
    queue_ms,
    segments,
    offers,
    answered_at,
    callback_chosen_at,
    ended_at,
    talk_ms,
    hold_ms,
    wrap_ms,
    outcome,
    transferred,
    escalated_at,
    participants,
    shares,
    test,
    spam,
    disposition_agent
FROM inbound_calls
WHERE account_id = $1::integer AND lead = $2 AND arrived_at IS NOT NULL
ORDER BY arrived_at DESC, dialer, external_id
LIMIT $3::integer;

-- name: appointments_of_attempt(account_id, dialer, external_id, most) -> many
SELECT
    external_id,
    agent,
    set_at,
    scheduled_at,
    status,
    status_at
FROM appointments
WHERE account_id = $1::integer AND dialer = $2 AND attempt = $3
ORDER BY set_at, external_id
LIMIT $4::integer;

-- name: appointments_of_lead(account_id, lead, most) -> many
SELECT
    external_id,
    agent,
    set_at,
    scheduled_at,
    status,
    status_at
FROM appointments
WHERE account_id = $1::integer AND lead = $2
ORDER BY set_at, external_id
LIMIT $3::integer;

-- name: follow_ups_of_lead(account_id, lead, most) -> many
SELECT
    external_id,
    agent,
    channel,
    due_at,
    done_at,
    automated
FROM follow_ups
WHERE account_id = $1::integer AND lead = $2
ORDER BY due_at, external_id
LIMIT $3::integer;

-- The deliveries that are kept and told of an attempt; what stood in them is not told.
-- name: deliveries(account_id, dialer, external_id, most) -> many
SELECT
    d.id,
    d.hook,
    h.dialer AS kind,
    d.received_at,
    d.event,
    d.status::text AS status,
    d.seen,
    d.body IS NULL AS emptied
FROM deliveries d
JOIN hooks h ON h.account_id = $1::integer AND h.id = d.hook
WHERE d.account_id = $1::integer AND d.calls @> ARRAY[$3::text] AND h.code = $2
ORDER BY d.id
LIMIT $4::integer;

-- Items of the same name that could not be taken.
-- name: rejected(account_id, external_id, most) -> many
SELECT
    id,
    resource,
    problem,
    recorded_at,
    resubmitted_at
FROM rejected_items
WHERE account_id = $1::integer AND external_id = $2 AND resource IN ('attempts', 'dispositions')
ORDER BY id
LIMIT $3::integer;
