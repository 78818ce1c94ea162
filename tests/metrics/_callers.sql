-- The calls of the window, each with the other calls of its caller, looked up one by one.
WITH calls AS MATERIALIZED (
    SELECT * FROM pg_temp.every_inbound_call(
        pg_temp.setting('from')::timestamptz - interval '365 days',
        greatest(pg_temp.setting('until')::timestamptz + interval '1 microsecond', pg_temp.setting('to')::timestamptz)
    )
    WHERE offered
),
known AS MATERIALIZED (
    SELECT *, NOT is_test AND caller IS NOT NULL AS is_real FROM calls
    WHERE arrived_at <= pg_temp.setting('until')::timestamptz OR arrived_at < pg_temp.setting('to')::timestamptz
),
back AS MATERIALIZED (
    SELECT a.dialed_at, a.lead, CASE WHEN a.to_country IS NOT NULL THEN a.to_number END AS callee
    FROM every_attempt a
    WHERE a.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
        AND a.dialed_at >= pg_temp.setting('from')::timestamptz AND a.dialed_at <= pg_temp.setting('until')::timestamptz
        AND a.test IS NOT TRUE AND a.spam IS NOT TRUE
        AND COALESCE(a.network_result::text, '') NOT IN ('cancelled', 'blocked')
)
SELECT
    k.caller, k.lead, k.arrived_at, k.outcome, k.is_real, k.is_test, a.agent, pg_temp.team_of(a.agent) AS team,
    k.campaign, k.source, k.tracking_number, k.queue, k.menu_path, k.topic, k.country, k.region,
    k.is_real AND NOT EXISTS (
        SELECT FROM known o
        WHERE o.is_real AND o.caller = k.caller
            AND (o.arrived_at, o.dialer, o.external_id) < (k.arrived_at, k.dialer, k.external_id)
            AND k.arrived_at - o.arrived_at <= interval '365 days'
    ) AS first_time,
    k.is_real AND k.outcome = 'answered' AND NOT EXISTS (
        SELECT FROM known o
        WHERE o.is_real AND o.caller = k.caller AND o.outcome = 'answered'
            AND (o.arrived_at, o.dialer, o.external_id) < (k.arrived_at, k.dialer, k.external_id)
            AND k.arrived_at - o.arrived_at <= interval '7 days'
            AND (o.topic = k.topic) IS NOT FALSE
    ) AS first_contact,
    k.arrived_at + interval '7 days' <= pg_temp.setting('until')::timestamptz AS mature,
    k.escalated_at IS NULL AND NOT EXISTS (
        SELECT FROM known o
        WHERE o.is_real AND o.caller = k.caller
            AND (o.arrived_at, o.dialer, o.external_id) > (k.arrived_at, k.dialer, k.external_id)
            AND o.arrived_at - k.arrived_at <= interval '7 days'
            AND (o.topic = k.topic) IS NOT FALSE
    ) AS resolved,
    k.outcome NOT IN ('answered', 'open') AND (k.caller IS NOT NULL OR k.lead IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM back b
        WHERE b.dialed_at > k.arrived_at AND (b.callee = k.caller OR b.lead = k.lead)
    )
    AND NOT EXISTS (
        SELECT FROM known o
        WHERE k.is_real AND o.is_real AND o.caller = k.caller AND o.outcome = 'answered'
            AND (o.arrived_at, o.dialer, o.external_id) > (k.arrived_at, k.dialer, k.external_id)
    ) AS unsettled
FROM known k
CROSS JOIN LATERAL (SELECT CASE WHEN k.agent IS NULL THEN k.lead_owner ELSE k.agent END AS agent) a
WHERE k.arrived_at >= pg_temp.setting('from')::timestamptz AND k.arrived_at < pg_temp.setting('to')::timestamptz
