-- Cases by the moment that is asked about, each with its contacts, looked up one by one.
WITH calls AS MATERIALIZED (
    SELECT i.*, c.said_case
    FROM pg_temp.every_inbound_call(
        '-infinity', pg_temp.setting('until')::timestamptz + interval '1 microsecond'
    ) i
    JOIN inbound_calls_versions c ON c.account_id = pg_temp.setting('account')::integer
        AND c.dialer = i.dialer AND c.external_id = i.external_id AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
    WHERE i.outcome = 'answered' AND NOT i.is_test
),
dialed AS MATERIALIZED (
    SELECT a.dialer, a.external_id, a.dialed_at FROM every_attempt a
    WHERE a.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
        AND a.dialed_at <= pg_temp.setting('until')::timestamptz
        AND (a.network_result IS NULL OR a.network_result NOT IN ('cancelled', 'blocked'))
),
reported AS (
    SELECT count(k.escalated_at) > 0 AS tells_escalations, count(k.reopened_at) > 0 AS tells_reopenings
    FROM cases_versions k
    WHERE k.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(k.recorded_at, k.superseded_at)
),
known AS (
    SELECT k.*, l.source AS lead_source, l.test AS lead_test
    FROM cases_versions k
    LEFT JOIN every_lead l ON l.account_id = k.account_id AND l.external_id = k.lead
        AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
    WHERE k.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(k.recorded_at, k.superseded_at)
)
SELECT
    k.external_id, k.lead, k.opened_at, k.resolved_at, k.reopened_at, k.closed_at, k.escalated_at, k.queue, k.topic,
    NULL::text AS tracking_number, NULL::text AS menu_path, NULL::text AS country, NULL::text AS region,
    pg_temp.reads_as('agent', k.agent) AS agent,
    pg_temp.team_of(pg_temp.reads_as('agent', k.agent)) AS team,
    pg_temp.reads_as('campaign', k.campaign) AS campaign,
    pg_temp.source_of_lead(CASE WHEN k.source IS NULL THEN k.lead_source ELSE k.source END, k.campaign) AS source,
    k.resolved_at IS NOT NULL AND (k.reopened_at < k.resolved_at) IS NOT FALSE AS resolved,
    n.inbound + n.outbound AS contacts,
    n.passed_on, r.tells_escalations, r.tells_reopenings,
    CASE WHEN k.test IS NULL THEN k.lead_test IS TRUE ELSE k.test END AS is_test
FROM known k
CROSS JOIN reported r
CROSS JOIN LATERAL (
    SELECT
        (
            SELECT count(*) FROM calls c
            WHERE c.said_case = k.external_id OR EXISTS (
                SELECT FROM jsonb_array_elements(k.calls) e
                WHERE e ->> 'dialer' = c.dialer AND e ->> 'external_id' = c.external_id
            )
        ) AS inbound,
        (
            SELECT count(*) FROM dialed d
            WHERE d.dialed_at >= k.opened_at - interval '24 hours' AND EXISTS (
                SELECT FROM jsonb_array_elements(k.calls) e
                WHERE e ->> 'dialer' = d.dialer AND e ->> 'external_id' = d.external_id
            )
        ) AS outbound,
        EXISTS (
            SELECT FROM calls c
            WHERE (c.transferred OR c.escalated_at IS NOT NULL) AND (c.said_case = k.external_id OR EXISTS (
                SELECT FROM jsonb_array_elements(k.calls) e
                WHERE e ->> 'dialer' = c.dialer AND e ->> 'external_id' = c.external_id
            ))
        ) AS passed_on
) n
WHERE CASE pg_temp.setting('anchor') WHEN 'resolved_at' THEN k.resolved_at ELSE k.opened_at END
        >= pg_temp.setting('from')::timestamptz
    AND CASE pg_temp.setting('anchor') WHEN 'resolved_at' THEN k.resolved_at ELSE k.opened_at END
        < pg_temp.setting('to')::timestamptz
