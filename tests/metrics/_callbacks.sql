-- Promised callbacks, row by row: the agent who promised, the call that followed, and any promise in between.
WITH calls AS MATERIALIZED (
    SELECT
        c.*,
        NOT c.is_test AND c.network_result NOT IN ('cancelled', 'blocked') AS counts,
        CASE WHEN c.disposition_set_at IS NULL THEN c.dialed_at ELSE c.disposition_set_at END AS told_at
    FROM pg_temp.every_call('-infinity', 'infinity') c
    WHERE c.dialed_at <= pg_temp.setting('until')::timestamptz
),
open_leads AS MATERIALIZED (
    SELECT * FROM every_lead l
    WHERE l.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
),
written AS (
    SELECT
        c.dialer, c.external_id, c.lead, c.is_test, c.agent, c.team, c.campaign, c.source, c.tracking_number,
        c.callback_at AS due_at, c.told_at AS made_at, c.dialed_at AS since, NULL::timestamptz AS done_at
    FROM calls c
    WHERE c.next_step = 'callback' AND c.callback_at IS NOT NULL
    UNION ALL
    SELECT
        NULL, f.external_id, f.lead, l.test IS TRUE, t.agent,
        (
            SELECT g.team FROM agents_versions g
            WHERE g.account_id = f.account_id AND g.code = t.agent AND pg_temp.is_valid(g.recorded_at, g.superseded_at)
        ),
        t.campaign,
        pg_temp.reads_as('source', COALESCE(l.source, (
            SELECT g.source FROM campaigns_versions g
            WHERE g.account_id = f.account_id AND g.code = t.campaign
                AND pg_temp.is_valid(g.recorded_at, g.superseded_at)
        ))),
        NULL, f.due_at, NULL, NULL, f.done_at
    FROM follow_ups_versions f
    LEFT JOIN open_leads l ON l.external_id = f.lead
    CROSS JOIN LATERAL (
        SELECT
            pg_temp.reads_as('agent', COALESCE(f.agent, l.owner)) AS agent,
            pg_temp.reads_as('campaign', l.campaign) AS campaign
    ) t
    WHERE f.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(f.recorded_at, f.superseded_at)
        AND f.channel = 'call' AND f.automated IS DISTINCT FROM true
        AND f.due_at >= pg_temp.setting('from')::timestamptz AND f.due_at < pg_temp.setting('to')::timestamptz
),
-- What is written down twice is promised once.
promised AS (
    SELECT w.*, (SELECT min(s.done_at) FROM written s WHERE (s.lead, s.is_test, s.due_at) = (w.lead, w.is_test, w.due_at)) AS done
    FROM written w
    WHERE w.lead IS NULL OR NOT EXISTS (
        SELECT FROM written s
        WHERE (s.lead, s.is_test, s.due_at) = (w.lead, w.is_test, w.due_at) AND (
            (w.made_at IS NULL AND s.made_at IS NOT NULL)
            OR s.made_at > w.made_at
            OR (s.made_at IS NOT DISTINCT FROM w.made_at
                AND (COALESCE(s.dialer, ''), s.external_id) < (COALESCE(w.dialer, ''), w.external_id))
        )
    )
),
tried AS (
    SELECT
        p.*,
        (
            SELECT min(c.dialed_at) FROM calls c
            WHERE c.counts AND c.lead = p.lead AND NOT c.dialed_at <= COALESCE(p.since, '-infinity')
                AND c.dialed_at - p.due_at >= interval '-15 minutes'
        ) AS called_at,
        EXISTS (
            SELECT FROM promised n
            WHERE n.lead = p.lead AND n.is_test = p.is_test AND n.made_at <= p.due_at
                AND (n.made_at, n.dialer, n.external_id) > (p.made_at, p.dialer, p.external_id)
        ) AS replaced,
        (
            SELECT min(e.at) FROM (
                SELECT l.closed_at AS at FROM open_leads l WHERE l.external_id = p.lead
                UNION ALL
                SELECT c.told_at FROM calls c WHERE c.lead = p.lead AND c.result = 'do_not_call' AND NOT c.is_test
            ) e
        ) AS ended_at
    FROM promised p
),
known AS (
    SELECT
        *,
        COALESCE(abs(extract(epoch FROM called_at - due_at)) <= 900, false)
        OR COALESCE(abs(extract(epoch FROM done - due_at)) <= 900, false) AS on_time
    FROM tried
)
SELECT
    lead, agent, team, campaign, source, tracking_number, due_at, is_test, on_time,
    called_at IS NULL AND done IS NULL AS untried,
    COALESCE(ended_at, 'infinity') > pg_temp.setting('until')::timestamptz AS is_open,
    lead IS NOT NULL AND COALESCE(ended_at, 'infinity') > due_at AND (on_time OR NOT replaced) AS stands
FROM known
WHERE due_at >= pg_temp.setting('from')::timestamptz AND due_at < pg_temp.setting('to')::timestamptz
