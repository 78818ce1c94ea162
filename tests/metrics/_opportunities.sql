-- Deals that were ever qualified, and the call to its lead that each is credited to.
WITH call AS NOT MATERIALIZED (
    SELECT
        c.*,
        c.answered_by = 'human' AND c.handled = 'agent' AND c.party = 'right_party' AS reached
    FROM pg_temp.every_call('-infinity', 'infinity') c
    WHERE NOT c.is_test AND c.lead IS NOT NULL AND c.dialed_at <= pg_temp.setting('until')::timestamptz
),
edge AS (
    SELECT
        pg_temp.setting('from')::timestamptz AS start,
        pg_temp.setting('to')::timestamptz AS finish,
        least(pg_temp.setting('to'), pg_temp.setting('until'))::timestamptz AS seen
),
credited AS (
    SELECT
        d.opportunity, d.stage, d.lead, d.opened_at, d.closed_at, d.currency, d.is_test,
        d.amount AS amount_sent,
        d.gross_profit AS profit_sent,
        coalesce(c.agent, pg_temp.reads_as('agent', d.owner)) AS agent,
        coalesce(c.campaign, pg_temp.reads_as('campaign', d.own_campaign)) AS campaign,
        coalesce(c.source, pg_temp.source_of_lead(d.own_source, d.own_campaign)) AS source,
        c.tracking_number,
        (SELECT min(f.dialed_at) FROM call f WHERE f.lead = d.lead AND f.reached) AS first_contact_at,
        greatest(
            (SELECT max(a.dialed_at) FROM call a WHERE a.lead = d.lead AND a.dialed_at <= edge.seen),
            (
                SELECT max(m.changed_at) FROM stage_changes_versions m
                WHERE m.account_id = pg_temp.setting('account')::integer AND m.opportunity = d.opportunity
                    AND pg_temp.is_valid(m.recorded_at, m.superseded_at) AND m.changed_at <= edge.seen
            )
        ) AS last_activity_at
    FROM pg_temp.every_deal() d
    CROSS JOIN edge
    LEFT JOIN LATERAL (
        SELECT c.* FROM call c
        WHERE c.lead = d.lead AND c.reached AND c.dialed_at <= coalesce(d.closed_at, pg_temp.setting('until')::timestamptz)
        ORDER BY c.dialed_at DESC, c.dialer DESC, c.external_id DESC LIMIT 1
    ) c ON true
),
priced AS (
    SELECT c.*, pg_temp.converted(c.amount_sent, c.currency, day) AS amount, pg_temp.converted(c.profit_sent, c.currency, day) AS gross_profit
    FROM credited c
    CROSS JOIN edge
    CROSS JOIN LATERAL (
        SELECT (coalesce(c.closed_at, edge.seen) AT TIME ZONE pg_temp.setting('account_zone'))::date AS day
    ) d
),
timed AS (
    SELECT
        c.*,
        pg_temp.team_of(agent) AS team,
        CASE WHEN tstzrange(opened_at, closed_at) && tstzrange(start, finish) THEN greatest(opened_at, start) END AS open_at,
        (closed_at <= seen) IS NOT TRUE AND last_activity_at < seen - interval '720 hours' AS stale,
        CASE WHEN first_contact_at <= closed_at THEN first_contact_at ELSE opened_at END AS began_at,
        (seen AT TIME ZONE pg_temp.setting('zone')) - (start AT TIME ZONE pg_temp.setting('zone')) AS elapsed
    FROM priced c CROSS JOIN edge
)
SELECT
    *,
    floor(amount * 1000000 * 86400000 / greatest(extract(epoch FROM elapsed) * 1000, 1)) / 1000000 AS amount_a_day,
    pg_temp.elapsed_ms(began_at, closed_at) AS cycle_ms
FROM timed
WHERE CASE WHEN pg_temp.setting('anchor') = 'open_at' THEN open_at ELSE closed_at END >= pg_temp.setting('from')::timestamptz
    AND CASE WHEN pg_temp.setting('anchor') = 'open_at' THEN open_at ELSE closed_at END < pg_temp.setting('to')::timestamptz
