-- The leads received in the window that are no repeat requests, and their events since.
WITH inquiry AS (
    SELECT
        l.*,
        CASE WHEN l.phone_country IS NULL THEN l.external_id ELSE l.phone_number END AS asker,
        pg_temp.reads_as('agent', l.owner) AS owned_by
    FROM every_lead l
    WHERE l.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
        AND l.received_at IS NOT NULL AND l.test IS NOT TRUE
),
-- An inquiry before which its number was silent for 30 days.
opening AS (
    SELECT i.* FROM inquiry i
    WHERE NOT EXISTS (
        SELECT FROM inquiry e
        WHERE e.asker = i.asker AND (e.received_at, e.external_id) < (i.received_at, i.external_id)
            AND extract(epoch FROM i.received_at - e.received_at) <= 30 * 86400
    )
),
call AS MATERIALIZED (
    SELECT
        (
            SELECT o.external_id FROM opening o
            WHERE o.asker = i.asker AND (o.received_at, o.external_id) <= (i.received_at, i.external_id)
            ORDER BY o.received_at DESC, o.external_id DESC
            LIMIT 1
        ) AS called,
        c.*
    FROM pg_temp.every_call('-infinity', 'infinity') c
    JOIN inquiry i ON i.external_id = c.lead
    WHERE NOT c.is_test AND c.dialed_at <= pg_temp.setting('until')::timestamptz
),
known AS (
    SELECT
        o.external_id AS lead,
        o.received_at,
        o.assigned_at,
        o.closed_at,
        pg_temp.setting('until')::timestamptz AS until,
        o.phone_country IS NOT NULL AS has_number,
        o.owned_by,
        o.source AS said_source,
        coalesce(o.owned_by, first.agent) AS agent,
        coalesce(pg_temp.reads_as('campaign', o.campaign), first.campaign) AS campaign,
        first.tracking_number,
        first.dialed_at AS first_attempt_at,
        last.network_result AS last_network_result,
        (SELECT min(c.dialed_at) FROM call c WHERE c.called = o.external_id AND c.answered_by = 'human') AS first_human_at,
        (
            SELECT min(c.dialed_at) FROM call c
            WHERE c.called = o.external_id AND c.answered_by = 'human' AND c.handled = 'agent' AND c.party = 'right_party'
        ) AS first_contact_at,
        (
            SELECT min(c.dialed_at) FROM call c
            WHERE c.called = o.external_id AND pg_temp.may_be_answered(c.network_result, c.is_open)
                AND c.answered_by IN ('human', 'unknown')
        ) AS first_possible_human_at,
        (
            SELECT min(c.dialed_at) FROM call c
            WHERE c.called = o.external_id AND (
                (c.answered_by, c.handled, c.party) = ('human', 'agent', 'right_party')
                OR pg_temp.may_be_right(c.network_result, c.answered_by, c.handled, c.party, c.disposed, c.result, c.is_open)
            )
        ) AS first_possible_contact_at,
        (
            SELECT min(c.dialed_at) FROM call c WHERE c.called = o.external_id AND c.dialed_at >= o.assigned_at
        ) AS first_since_assigned_at,
        EXISTS (
            SELECT FROM call c WHERE c.called = o.external_id AND c.dialed_at < o.assigned_at AND c.agent = o.owned_by
        ) AS owners_already,
        EXISTS (SELECT FROM call c WHERE c.called = o.external_id AND c.result = 'do_not_call') AS wants_silence
    FROM opening o
    LEFT JOIN LATERAL (
        SELECT c.* FROM call c WHERE c.called = o.external_id ORDER BY c.dialed_at, c.dialer, c.external_id LIMIT 1
    ) first ON true
    LEFT JOIN LATERAL (
        SELECT c.* FROM call c WHERE c.called = o.external_id
        ORDER BY c.dialed_at DESC, c.dialer DESC, c.external_id DESC LIMIT 1
    ) last ON true
    WHERE o.received_at >= pg_temp.setting('from')::timestamptz AND o.received_at < pg_temp.setting('to')::timestamptz
),
placed AS (
    SELECT
        k.*,
        (
            SELECT e.team FROM (
                SELECT *, timestamptz 'infinity' AS superseded_at FROM agents UNION ALL SELECT * FROM agents_history
            ) e
            WHERE e.account_id = pg_temp.setting('account')::integer AND e.code = k.agent
                AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
        ) AS team,
        pg_temp.reads_as('source', coalesce(k.said_source, (
            SELECT e.source FROM (
                SELECT *, timestamptz 'infinity' AS superseded_at FROM campaigns UNION ALL SELECT * FROM campaigns_history
            ) e
            WHERE e.account_id = pg_temp.setting('account')::integer AND e.code = k.campaign
                AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
        ))) AS source,
        coalesce(k.first_attempt_at < k.received_at, false) AS pre_existing,
        coalesce(k.assigned_at <= k.until, false) AS assigned,
        least(k.until, k.closed_at) AS seen_until
    FROM known k
),
-- From when and until when each clock runs; none of it where it does not.
clock AS (
    SELECT
        p.*,
        CASE WHEN NOT pre_existing THEN received_at END AS arrived_at,
        coalesce(first_attempt_at, seen_until) AS response_to,
        coalesce(first_human_at, seen_until) AS human_to,
        coalesce(first_contact_at, seen_until) AS contact_to,
        coalesce(first_possible_human_at, seen_until) AS possible_human_to,
        coalesce(first_possible_contact_at, seen_until) AS possible_contact_to,
        CASE WHEN assigned_at IS NOT NULL OR owned_by IS NULL THEN received_at END AS unassigned_from,
        CASE WHEN assigned THEN assigned_at ELSE seen_until END AS unassigned_to,
        CASE WHEN assigned AND NOT pre_existing AND NOT owners_already AND assigned_at >= received_at
            THEN assigned_at END AS theirs_from,
        coalesce(first_since_assigned_at, seen_until) AS theirs_to
    FROM placed p
)
SELECT
    lead, agent, team, campaign, source, tracking_number, received_at, closed_at, until, assigned,
    first_attempt_at, first_human_at, first_contact_at, first_since_assigned_at,
    first_possible_human_at, first_possible_contact_at,
    false AS is_test,
    pre_existing,
    (has_number OR first_attempt_at IS NOT NULL) AND last_network_result IS DISTINCT FROM 'invalid_number'
        AND NOT wants_silence AS dialable,
    CASE WHEN response_to >= arrived_at THEN pg_temp.elapsed_ms(arrived_at, response_to) END AS response_ms,
    CASE WHEN response_to >= arrived_at THEN pg_temp.worked_ms(team, arrived_at, response_to) END AS business_response_ms,
    CASE WHEN human_to >= arrived_at THEN pg_temp.elapsed_ms(arrived_at, human_to) END AS human_ms,
    CASE WHEN contact_to >= arrived_at THEN pg_temp.elapsed_ms(arrived_at, contact_to) END AS contact_ms,
    CASE WHEN possible_human_to >= arrived_at THEN pg_temp.elapsed_ms(arrived_at, possible_human_to) END AS possible_human_ms,
    CASE WHEN possible_contact_to >= arrived_at THEN pg_temp.elapsed_ms(arrived_at, possible_contact_to) END AS possible_contact_ms,
    CASE WHEN unassigned_to >= unassigned_from THEN pg_temp.elapsed_ms(unassigned_from, unassigned_to) END AS assignment_ms,
    CASE WHEN theirs_to >= theirs_from THEN pg_temp.elapsed_ms(theirs_from, theirs_to) END AS assigned_response_ms
FROM clock
