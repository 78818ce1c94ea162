-- Calls shared with a team and not withdrawn since.
SELECT
    h.external_id, h.team, h.shared_at,
    c.agent,
    c.campaign,
    pg_temp.reads_as('source', COALESCE(a.source, (
        SELECT p.source FROM campaigns_versions p
        WHERE p.account_id = pg_temp.setting('account')::integer AND p.code = c.campaign
            AND pg_temp.is_valid(p.recorded_at, p.superseded_at)
    ))) AS source,
    a.tracking_number,
    COALESCE(a.spam OR a.test, a.spam, a.test, false) AS is_test
FROM shared_calls_versions h
LEFT JOIN every_call_rated a ON a.account_id = h.account_id AND (a.dialer, a.external_id) = (h.dialer, h.call)
    AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
    AND h.shared_at - a.called_at BETWEEN interval '-1 day' AND interval '366 days'
CROSS JOIN LATERAL (
    SELECT
        pg_temp.reads_as('agent', COALESCE(a.agent, a.disposition_agent)) AS agent,
        pg_temp.reads_as('campaign', a.campaign) AS campaign
) c
WHERE h.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(h.recorded_at, h.superseded_at)
    AND h.shared_at >= pg_temp.setting('from')::timestamptz AND h.shared_at < pg_temp.setting('to')::timestamptz
    AND h.shared_at <= pg_temp.setting('until')::timestamptz
    AND (h.withdrawn_at IS NULL OR h.withdrawn_at > pg_temp.setting('until')::timestamptz)
