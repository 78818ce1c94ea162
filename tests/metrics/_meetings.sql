-- Appointments by the time they are scheduled for, each resolved from its own row, its call's and its lead's.
SELECT
    p.external_id,
    t.agent,
    (
        SELECT g.team FROM agents_versions g
        WHERE g.account_id = p.account_id AND g.code = t.agent AND pg_temp.is_valid(g.recorded_at, g.superseded_at)
    ) AS team,
    t.campaign,
    pg_temp.reads_as('source', CASE
        WHEN a.source IS NOT NULL THEN a.source
        WHEN l.source IS NOT NULL THEN l.source
        ELSE (
            SELECT c.source FROM campaigns_versions c
            WHERE c.account_id = p.account_id AND c.code = t.campaign
                AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
        )
    END) AS source,
    a.tracking_number,
    CASE WHEN p.lead IS NULL THEN a.lead ELSE p.lead END AS lead,
    p.set_at,
    p.scheduled_at,
    p.status::text,
    CASE WHEN a.spam THEN true WHEN a.test IS NULL THEN l.test IS TRUE ELSE a.test END AS is_test
FROM appointments_versions p
LEFT JOIN every_attempt a ON a.account_id = p.account_id AND (a.dialer, a.external_id) = (p.dialer, p.attempt)
    AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
LEFT JOIN every_lead l ON l.account_id = p.account_id
    AND l.external_id = CASE WHEN p.lead IS NULL THEN a.lead ELSE p.lead END
    AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
CROSS JOIN LATERAL (
    SELECT
        pg_temp.reads_as('agent', COALESCE(p.agent, pg_temp.sole_agent(a.agent, a.participants), a.disposition_agent, l.owner)) AS agent,
        pg_temp.reads_as('campaign', CASE WHEN a.campaign IS NULL THEN l.campaign ELSE a.campaign END) AS campaign
) t
WHERE p.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(p.recorded_at, p.superseded_at)
    AND p.scheduled_at >= pg_temp.setting('from')::timestamptz AND p.scheduled_at < pg_temp.setting('to')::timestamptz
