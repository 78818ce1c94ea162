-- Every wait in a queue, wait by wait; a call without reported waits is one wait itself.
WITH calls AS MATERIALIZED (
    SELECT * FROM pg_temp.every_inbound_call(
        pg_temp.setting('from')::timestamptz - interval '1 day', pg_temp.setting('to')::timestamptz
    )
    WHERE offered
),
written AS (
    SELECT
        c.dialer, c.external_id, s.queue, s.queued_at, s.agent,
        s.left_at IS NULL OR s.left_at <= pg_temp.setting('until')::timestamptz AS is_known,
        s.left_at, s.wait_seconds, s.outcome
    FROM calls c
    CROSS JOIN LATERAL jsonb_to_recordset(c.segments)
        AS s (queue text, queued_at timestamptz, left_at timestamptz, wait_seconds numeric, agent text, outcome text)
    WHERE s.queued_at <= pg_temp.setting('until')::timestamptz
),
followed AS (
    SELECT
        w.*,
        (
            SELECT min(n.queued_at) FROM written n
            WHERE n.dialer = w.dialer AND n.external_id = w.external_id
                AND (n.queued_at, n.queue) > (w.queued_at, w.queue)
        ) AS next_at
    FROM written w
),
ended AS (
    SELECT
        f.*, c.answered_at, c.ended_at, c.callback_chosen_at, c.agent AS call_agent,
        CASE
            WHEN f.is_known AND f.outcome IS NOT NULL THEN f.outcome
            WHEN f.next_at IS NOT NULL THEN
                CASE WHEN c.answered_at BETWEEN f.queued_at AND f.next_at THEN 'answered' ELSE 'moved' END
            WHEN c.outcome <> 'answered' OR c.answered_at IS NULL OR c.answered_at >= f.queued_at THEN c.outcome
            WHEN c.ended_at IS NULL THEN 'open'
            ELSE 'abandoned'
        END AS counts_as
    FROM followed f
    JOIN calls c USING (dialer, external_id)
),
timed AS (
    SELECT
        e.*,
        COALESCE(CASE WHEN e.is_known THEN e.left_at END, CASE e.counts_as
            WHEN 'moved' THEN e.next_at
            WHEN 'answered' THEN CASE WHEN e.answered_at >= e.queued_at THEN e.answered_at END
            WHEN 'callback' THEN COALESCE(e.callback_chosen_at, e.ended_at)
            WHEN 'abandoned' THEN COALESCE(e.next_at, e.ended_at)
            WHEN 'missed' THEN COALESCE(e.next_at, e.ended_at)
        END) AS ends_at
    FROM ended e
)
SELECT
    t.queue, t.queued_at, t.counts_as AS outcome, x.agent, pg_temp.team_of(x.agent) AS team,
    CASE
        WHEN t.counts_as = 'open' AND pg_temp.setting('until')::timestamptz - t.queued_at > interval '24 hours' THEN NULL
        WHEN t.is_known AND t.wait_seconds IS NOT NULL THEN round(t.wait_seconds * 1000)
        ELSE greatest(0, pg_temp.elapsed_ms(t.queued_at, CASE
            WHEN t.counts_as = 'open' THEN pg_temp.setting('until')::timestamptz ELSE t.ends_at
        END)) + 0 * pg_temp.elapsed_ms(t.queued_at, CASE
            WHEN t.counts_as = 'open' THEN pg_temp.setting('until')::timestamptz ELSE t.ends_at
        END)
    END::bigint AS wait_ms,
    pg_temp.answer_ms(t.queue) AS answer_ms,
    c.lead, c.campaign, c.source, c.tracking_number, c.menu_path, c.topic, c.country, c.region, c.is_test
FROM timed t
JOIN calls c USING (dialer, external_id)
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.counts_as = 'answered' THEN COALESCE(pg_temp.reads_as('agent', t.agent), t.call_agent) END AS agent
) x
WHERE t.queued_at >= pg_temp.setting('from')::timestamptz AND t.queued_at < pg_temp.setting('to')::timestamptz
UNION ALL
SELECT
    c.queue, q.began_at, c.outcome, c.agent, c.team, c.wait_ms, pg_temp.answer_ms(c.queue),
    c.lead, c.campaign, c.source, c.tracking_number, c.menu_path, c.topic, c.country, c.region, c.is_test
FROM calls c
CROSS JOIN LATERAL (SELECT COALESCE(c.queued_at, c.arrived_at) AS began_at) q
WHERE COALESCE(jsonb_array_length(c.segments), 0) = 0
    AND q.began_at >= pg_temp.setting('from')::timestamptz AND q.began_at < pg_temp.setting('to')::timestamptz
