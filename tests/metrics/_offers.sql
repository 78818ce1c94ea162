-- Every time that a call rang at an agent, and whether the agent answered; null while it rings.
SELECT
    o.agent, pg_temp.team_of(o.agent) AS team, o.from_at,
    CASE
        WHEN o.is_known AND o.answered IS NOT NULL THEN o.answered
        WHEN (o.is_known AND o.to_at IS NOT NULL) OR c.ended_at IS NOT NULL OR c.outcome <> 'open'
            THEN c.outcome = 'answered' AND COALESCE(o.agent = c.agent, false)
    END AS answered,
    c.lead, c.campaign, c.source, c.tracking_number, c.queue, c.menu_path, c.topic, c.country, c.region, c.is_test
FROM pg_temp.every_inbound_call(
    pg_temp.setting('from')::timestamptz - interval '1 day', pg_temp.setting('to')::timestamptz
) c
CROSS JOIN LATERAL (
    SELECT
        pg_temp.reads_as('agent', r.agent) AS agent, r.from_at, r.to_at, r.answered,
        r.to_at IS NULL OR r.to_at <= pg_temp.setting('until')::timestamptz AS is_known
    FROM jsonb_to_recordset(c.offers) AS r (agent text, from_at timestamptz, to_at timestamptz, answered boolean)
) o
WHERE o.from_at <= pg_temp.setting('until')::timestamptz
    AND o.from_at >= pg_temp.setting('from')::timestamptz AND o.from_at < pg_temp.setting('to')::timestamptz
