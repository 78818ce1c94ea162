-- Every step from a stage to the next that a lead has begun in the window, and when it ended, if it has.
WITH call AS MATERIALIZED (
    SELECT
        c.*,
        c.answered_by = 'human' AND c.handled = 'agent' AND c.party = 'right_party' AS reached
    FROM pg_temp.every_call('-infinity', 'infinity') c
    WHERE NOT c.is_test AND c.lead IS NOT NULL AND c.dialed_at <= pg_temp.setting('until')::timestamptz
),
move AS (
    SELECT s.* FROM stage_changes_versions s
    WHERE s.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
        AND s.changed_at <= pg_temp.setting('until')::timestamptz AND s.lead IS NOT NULL
),
visit AS (
    SELECT v.* FROM appointments_versions v
    WHERE v.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(v.recorded_at, v.superseded_at)
        AND v.set_at <= pg_temp.setting('until')::timestamptz AND v.lead IS NOT NULL
),
-- All that ever took a lead to a stage; the first of it did.
step AS (
    SELECT lead, 'called' AS stage, dialed_at AS at FROM call
    UNION ALL SELECT lead, 'contact', dialed_at FROM call WHERE reached
    UNION ALL SELECT lead, 'qualified', dialed_at FROM call WHERE result IN ('qualified', 'appointment', 'sale')
    UNION ALL SELECT lead, 'qualified', changed_at FROM move WHERE stage NOT IN ('contacted', 'lost')
    UNION ALL SELECT lead, 'appointment', dialed_at FROM call WHERE result = 'appointment'
    UNION ALL SELECT lead, 'appointment', set_at FROM visit
    UNION ALL SELECT lead, 'sale', dialed_at FROM call WHERE result = 'sale'
    UNION ALL SELECT lead, 'sale', changed_at FROM move WHERE stage = 'won'
),
there AS (SELECT lead, stage, min(at) AS at FROM step GROUP BY lead, stage),
pair AS (
    SELECT a.lead, b.stage AS move, a.at AS started_at, (
        SELECT t.at FROM there t WHERE t.lead = a.lead AND t.stage = b.stage
    ) AS reached_at
    FROM there a
    JOIN (VALUES ('called', 'contact'), ('contact', 'qualified'), ('qualified', 'appointment'), ('appointment', 'sale'))
        b (before, stage) ON b.before = a.stage
    WHERE a.at >= pg_temp.setting('from')::timestamptz AND a.at < pg_temp.setting('to')::timestamptz
),
watched AS (
    SELECT
        p.*,
        coalesce(l.test, false) AS is_test,
        coalesce(c.agent, pg_temp.reads_as('agent', l.owner)) AS agent,
        coalesce(c.campaign, pg_temp.reads_as('campaign', l.campaign)) AS campaign,
        coalesce(c.source, pg_temp.source_of_lead(l.source, l.campaign)) AS source,
        c.tracking_number,
        (
            SELECT min(gone) FROM (
                SELECT pg_temp.setting('until')::timestamptz AS gone
                UNION ALL SELECT l.closed_at
                UNION ALL (
                    SELECT CASE m.stage WHEN 'lost' THEN m.changed_at END FROM move m WHERE m.lead = p.lead
                    ORDER BY m.changed_at DESC, m.stage DESC LIMIT 1
                )
            ) first_call
            WHERE gone >= p.started_at
        ) AS watched_to
    FROM pair p
    LEFT JOIN every_lead l ON l.account_id = pg_temp.setting('account')::integer AND l.external_id = p.lead
        AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
    LEFT JOIN LATERAL (
        SELECT c.* FROM call c WHERE c.lead = p.lead AND c.dialed_at <= p.started_at
        ORDER BY c.dialed_at DESC, c.dialer DESC, c.external_id DESC LIMIT 1
    ) c ON true
)
SELECT
    *,
    pg_temp.team_of(agent) AS team,
    reached_at IS NOT NULL AS there,
    pg_temp.elapsed_ms(started_at, coalesce(reached_at, watched_to)) AS ms
FROM watched
WHERE reached_at IS NULL OR reached_at >= started_at
