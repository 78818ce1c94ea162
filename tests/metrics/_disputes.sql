-- Evaluations with a dispute, voided ones included.
SELECT
    e.external_id, e.form, COALESCE(e.form_version, '1') AS form_version, e.evaluated_at, e.evaluator, COALESCE(e.queue, a.queue) AS queue,
    e.dispute::text,
    c.agent,
    (
        SELECT g.team FROM agents_versions g
        WHERE g.account_id = pg_temp.setting('account')::integer AND g.code = c.agent
            AND pg_temp.is_valid(g.recorded_at, g.superseded_at)
    ) AS team,
    c.campaign,
    pg_temp.reads_as('source', COALESCE(a.source, (
        SELECT p.source FROM campaigns_versions p
        WHERE p.account_id = pg_temp.setting('account')::integer AND p.code = c.campaign
            AND pg_temp.is_valid(p.recorded_at, p.superseded_at)
    ))) AS source,
    a.tracking_number,
    COALESCE(a.spam OR a.test, a.spam, a.test, false) AS is_test
FROM evaluations_versions e
LEFT JOIN every_call_rated a ON a.account_id = e.account_id AND (a.dialer, a.external_id) = (e.dialer, e.call)
    AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
    AND e.evaluated_at - a.called_at BETWEEN interval '-1 day' AND interval '92 days'
CROSS JOIN LATERAL (
    SELECT
        pg_temp.reads_as('agent', COALESCE(e.agent, a.agent, a.disposition_agent)) AS agent,
        pg_temp.reads_as('campaign', a.campaign) AS campaign
) c
WHERE e.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
    AND e.evaluated_at >= pg_temp.setting('from')::timestamptz AND e.evaluated_at < pg_temp.setting('to')::timestamptz
    AND e.evaluated_at <= pg_temp.setting('until')::timestamptz
    AND e.dispute IS NOT NULL
