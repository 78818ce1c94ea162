-- Every agent's part in the attempts of the window: those of several agents as told, any other call whole.
WITH calls AS MATERIALIZED (
    SELECT * FROM pg_temp.every_call(pg_temp.setting('from')::timestamptz, pg_temp.setting('to')::timestamptz)
),
parts AS (
    SELECT
        c.dialer, c.external_id, s.place AS part,
        pg_temp.reads_as('agent', s.share ->> 'agent') AS agent,
        (s.share ->> 'talk_ms')::integer AS talked_ms,
        CASE WHEN s.place = jsonb_array_length(c.shares) THEN c.dead_ms END AS silent_ms
    FROM calls c CROSS JOIN LATERAL jsonb_array_elements(c.shares) WITH ORDINALITY s (share, place)
    UNION ALL
    SELECT dialer, external_id, 1, agent, talk_ms, dead_ms FROM calls
    WHERE coalesce(jsonb_array_length(shares), 0) = 0
)
SELECT
    p.part, p.agent, pg_temp.team_of(p.agent) AS team, p.talked_ms, p.silent_ms,
    c.dialed_at, c.campaign, c.source, c.tracking_number, c.lead, c.lead_by, c.country, c.region,
    c.callee_hour_of_week, c.period, c.network_result, c.answered_by, c.handled, c.party, c.result, c.disposition,
    c.is_test, c.is_spam
FROM parts p
JOIN calls c USING (dialer, external_id)
