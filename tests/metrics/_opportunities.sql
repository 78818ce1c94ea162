-- Deals that were ever qualified: the end of each, its money, and the call to its lead that it is credited to.
WITH move AS (
    SELECT s.*, rank() OVER (PARTITION BY s.opportunity ORDER BY s.changed_at, s.stage, s.external_id) AS place
    FROM stage_changes_versions s
    WHERE s.account_id = pg_temp.asked('account')::integer AND pg_temp.believed(s.recorded_at, s.superseded_at)
        AND s.changed_at <= pg_temp.asked('until')::timestamptz
),
deal AS (
    SELECT
        m.opportunity,
        m.stage,
        m.changed_at AS last_moved_at,
        (
            SELECT min(q.changed_at) FROM move q
            WHERE q.opportunity = m.opportunity AND q.stage NOT IN ('contacted', 'lost')
        ) AS opened_at,
        -- The first move after the last one to any other stage.
        CASE WHEN m.stage IN ('won', 'lost') THEN (
            SELECT min(e.changed_at) FROM move e
            WHERE e.opportunity = m.opportunity AND e.place > coalesce(
                (SELECT max(o.place) FROM move o WHERE o.opportunity = m.opportunity AND o.stage <> m.stage), 0
            )
        ) END AS closed_at,
        (
            SELECT l.lead FROM move l WHERE l.opportunity = m.opportunity AND l.lead IS NOT NULL
            ORDER BY l.place DESC LIMIT 1
        ) AS lead,
        (
            SELECT c.currency FROM move c WHERE c.opportunity = m.opportunity AND c.currency IS NOT NULL
            ORDER BY c.place DESC LIMIT 1
        ) AS currency
    FROM move m
    WHERE NOT EXISTS (SELECT FROM move n WHERE n.opportunity = m.opportunity AND n.place > m.place)
),
call AS MATERIALIZED (
    SELECT
        c.*,
        c.answered_by = 'human' AND c.handled = 'agent' AND c.party = 'right_party' AS reached
    FROM pg_temp.every_call('-infinity', 'infinity') c
    WHERE NOT c.is_test AND c.lead IS NOT NULL AND c.dialed_at <= pg_temp.asked('until')::timestamptz
),
edge AS (
    SELECT
        pg_temp.asked('from')::timestamptz AS start,
        pg_temp.asked('to')::timestamptz AS finish,
        least(pg_temp.asked('to'), pg_temp.asked('until'))::timestamptz AS seen
),
credited AS (
    SELECT
        d.*,
        coalesce(c.agent, pg_temp.reads_as('agent', l.owner)) AS agent,
        coalesce(c.campaign, pg_temp.reads_as('campaign', l.campaign)) AS campaign,
        coalesce(c.source, pg_temp.source_of_lead(l.source, l.campaign)) AS source,
        c.tracking_number,
        coalesce(l.test, false) AS is_test,
        (SELECT min(f.dialed_at) FROM call f WHERE f.lead = d.lead AND f.reached) AS first_contact_at,
        greatest(
            (SELECT max(a.dialed_at) FROM call a WHERE a.lead = d.lead AND a.dialed_at <= edge.seen),
            (SELECT max(m.changed_at) FROM move m WHERE m.opportunity = d.opportunity AND m.changed_at <= edge.seen)
        ) AS last_activity_at,
        (
            SELECT m.amount FROM move m
            WHERE m.opportunity = d.opportunity AND m.currency = d.currency AND m.amount IS NOT NULL
            ORDER BY m.place DESC LIMIT 1
        ) AS amount,
        (
            SELECT m.gross_profit FROM move m
            WHERE m.opportunity = d.opportunity AND m.currency = d.currency AND m.gross_profit IS NOT NULL
            ORDER BY m.place DESC LIMIT 1
        ) AS gross_profit
    FROM deal d
    CROSS JOIN edge
    LEFT JOIN every_lead l ON l.account_id = pg_temp.asked('account')::integer AND l.external_id = d.lead
        AND pg_temp.believed(l.recorded_at, l.superseded_at)
    LEFT JOIN LATERAL (
        SELECT c.* FROM call c
        WHERE c.lead = d.lead AND c.reached AND c.dialed_at <= coalesce(d.closed_at, pg_temp.asked('until')::timestamptz)
        ORDER BY c.dialed_at DESC, c.dialer DESC, c.external_id DESC LIMIT 1
    ) c ON true
    WHERE d.opened_at IS NOT NULL
),
timed AS (
    SELECT
        c.*,
        pg_temp.team_of(agent) AS team,
        CASE WHEN tstzrange(opened_at, closed_at) && tstzrange(start, finish) THEN greatest(opened_at, start) END AS open_at,
        (closed_at <= seen) IS NOT TRUE AND last_activity_at < seen - interval '720 hours' AS stale,
        CASE WHEN first_contact_at <= closed_at THEN first_contact_at ELSE opened_at END AS began_at,
        (seen AT TIME ZONE pg_temp.asked('zone')) - (start AT TIME ZONE pg_temp.asked('zone')) AS elapsed
    FROM credited c CROSS JOIN edge
)
SELECT
    *,
    currency = pg_temp.asked('currency') AS ours,
    floor(amount * 1000000 * 86400000 / greatest(extract(epoch FROM elapsed) * 1000, 1)) / 1000000 AS amount_a_day,
    pg_temp.elapsed_ms(began_at, closed_at) AS cycle_ms
FROM timed
WHERE CASE WHEN pg_temp.asked('anchor') = 'open_at' THEN open_at ELSE closed_at END >= pg_temp.asked('from')::timestamptz
    AND CASE WHEN pg_temp.asked('anchor') = 'open_at' THEN open_at ELSE closed_at END < pg_temp.asked('to')::timestamptz
