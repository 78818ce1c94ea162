-- Every agent's part in the answered calls of the window, with the after-call work in one of them.
WITH came AS MATERIALIZED (
    SELECT * FROM pg_temp.every_inbound_call(
        pg_temp.setting('from')::timestamptz, pg_temp.setting('to')::timestamptz
    )
),
calls AS MATERIALIZED (SELECT * FROM came WHERE outcome = 'answered'),
dialers AS (
    SELECT dialer, count(transferred) > 0 AS tells_transfers, count(escalated_at) > 0 AS tells_escalations
    FROM came GROUP BY dialer
),
every_part AS (
    SELECT
        c.dialer, c.external_id, s.place, pg_temp.reads_as('agent', s.share ->> 'agent') AS agent,
        (s.share ->> 'talk_ms')::bigint AS talked_ms, (s.share ->> 'hold_ms')::bigint AS held_ms
    FROM calls c CROSS JOIN LATERAL jsonb_array_elements(c.shares) WITH ORDINALITY s (share, place)
    UNION ALL
    SELECT dialer, external_id, 1, agent, talk_ms, hold_ms FROM calls
    WHERE COALESCE(jsonb_array_length(shares), 0) = 0
),
parts AS (
    SELECT p.* FROM every_part p JOIN calls c USING (dialer, external_id)
    WHERE p.talked_ms <> 0 OR p.talked_ms IS NULL OR p.held_ms > 0 OR p.agent = c.agent OR NOT EXISTS (
        SELECT FROM every_part o WHERE o.dialer = p.dialer AND o.external_id = p.external_id AND o.talked_ms > 0
    )
),
placed AS (
    SELECT
        p.*,
        p.place = COALESCE((
            SELECT min(o.place) FROM parts o
            WHERE o.dialer = p.dialer AND o.external_id = p.external_id AND o.agent = c.agent
        ), (
            SELECT min(o.place) FROM parts o WHERE o.dialer = p.dialer AND o.external_id = p.external_id
        )) AS wraps
    FROM parts p JOIN calls c USING (dialer, external_id)
)
SELECT
    p.dialer, p.external_id, p.agent, pg_temp.team_of(p.agent) AS team, p.talked_ms, COALESCE(p.held_ms, 0) AS held_ms,
    CASE WHEN p.wraps THEN COALESCE(c.wrap_ms, 0) ELSE 0 END AS wrapped_ms, p.held_ms IS NOT NULL AS tells_hold,
    p.wraps AND c.wrap_ms IS NOT NULL AS tells_wrap, c.wrap_ms IS NOT NULL AS knows_wrap,
    d.tells_transfers, d.tells_escalations,
    c.arrived_at, c.lead, c.campaign, c.source, c.tracking_number, c.queue, c.menu_path, c.topic, c.country, c.region,
    c.transferred, c.escalated_at, c.is_test
FROM placed p JOIN calls c USING (dialer, external_id) JOIN dialers d USING (dialer)
