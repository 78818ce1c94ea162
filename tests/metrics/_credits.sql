-- Every goal of the window with each touchpoint of its person in the 90 days before, and the credit by the model.
WITH RECURSIVE known AS MATERIALIZED (
    SELECT
        l.external_id AS lead,
        CASE WHEN l.phone_country IS NOT NULL THEN l.phone_number END AS number,
        min(l.external_id) OVER (
            PARTITION BY CASE WHEN l.phone_country IS NOT NULL THEN l.phone_number ELSE 'only ' || l.external_id END
        ) AS person,
        l.received_at,
        coalesce(l.test, false) AS is_test,
        pg_temp.source_of_lead(l.source, l.campaign) AS source,
        pg_temp.reads_as('campaign', l.campaign) AS campaign,
        pg_temp.reads_as('agent', l.owner) AS owner
    FROM every_lead l
    WHERE l.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
),
call AS MATERIALIZED (
    SELECT
        c.*,
        c.answered_by = 'human' AND c.handled = 'agent' AND c.party = 'right_party' AND NOT c.is_test AS reached,
        CASE WHEN c.lead IS NULL THEN format('%s/%s', c.dialer, c.external_id) ELSE coalesce(k.person, c.lead) END AS person
    FROM pg_temp.every_call('-infinity', 'infinity') c
    LEFT JOIN known k ON k.lead = c.lead
    WHERE c.dialed_at <= pg_temp.setting('until')::timestamptz
),
deal AS MATERIALIZED (SELECT * FROM pg_temp.every_deal()),
reached_goal AS (
    SELECT
        'lead' AS kind, NULL AS dialer, lead AS name, lead, received_at AS goal_at, NULL AS by, NULL::text AS opportunity,
        is_test OR EXISTS (
            SELECT FROM known e
            WHERE e.number = k.number AND NOT e.is_test AND (e.received_at, e.lead) < (k.received_at, k.lead)
                AND k.received_at - e.received_at <= interval '720 hours'
        ) AS is_test
    FROM known k
    UNION ALL (
        SELECT DISTINCT ON (lead) 'contact', NULL, lead, lead, dialed_at, agent, NULL, false FROM call
        WHERE reached AND lead IS NOT NULL
        ORDER BY lead, dialed_at, dialer, external_id
    )
    UNION ALL
    SELECT result, dialer, external_id, lead, dialed_at, agent, NULL, is_test FROM call
    WHERE result IN ('appointment', 'sale')
    UNION ALL
    SELECT 'deal', NULL, opportunity, lead, closed_at, NULL, opportunity, is_test FROM deal WHERE stage = 'won'
),
goal AS MATERIALIZED (
    SELECT
        row_number() OVER () AS goal,
        g.*,
        coalesce(k.person, g.lead, format('%s/%s', g.dialer, g.name)) AS person,
        coalesce(
            g.by,
            (
                SELECT c.agent FROM call c
                WHERE c.lead = g.lead AND c.reached AND c.dialed_at <= g.goal_at
                ORDER BY c.dialed_at DESC, c.dialer DESC, c.external_id DESC LIMIT 1
            ),
            k.owner,
            CASE g.kind WHEN 'lead' THEN (
                SELECT c.agent FROM call c
                WHERE c.lead = g.lead AND NOT c.is_test AND c.agent IS NOT NULL
                ORDER BY c.dialed_at, c.dialer, c.external_id LIMIT 1
            ) END
        ) AS agent,
        CASE WHEN g.opportunity IS NULL THEN (SELECT min(f.opened_at) FROM deal f WHERE f.lead = g.lead)
            ELSE d.opened_at END AS opened_at,
        pg_temp.converted(d.amount, d.currency, (g.goal_at AT TIME ZONE pg_temp.setting('account_zone'))::date) AS amount,
        pg_temp.converted(d.gross_profit, d.currency, (g.goal_at AT TIME ZONE pg_temp.setting('account_zone'))::date)
            AS gross_profit,
        g.opportunity IS NOT NULL AND NOT EXISTS (
            SELECT FROM deal f
            WHERE f.lead = g.lead AND f.stage = 'won' AND (f.closed_at, f.opportunity) < (d.closed_at, d.opportunity)
        ) AS first
    FROM reached_goal g
    LEFT JOIN known k ON k.lead = g.lead
    LEFT JOIN deal d ON d.opportunity = g.opportunity
    WHERE g.goal_at >= pg_temp.setting('from')::timestamptz AND g.goal_at < pg_temp.setting('to')::timestamptz
),
-- The calls to one person through one number in order, and of these one in half an hour.
in_order AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person, tracking_number ORDER BY dialed_at, dialer COLLATE "C", external_id COLLATE "C"
        ) AS turn
    FROM call
    WHERE reached
),
touchpoint_calls AS (
    SELECT i.person, i.tracking_number, i.turn, i.dialed_at FROM in_order i
    WHERE i.turn = 1 AND i.tracking_number IS NOT NULL
    UNION ALL
    SELECT n.person, n.tracking_number, n.turn, n.dialed_at
    FROM touchpoint_calls k
    CROSS JOIN LATERAL (
        SELECT i.* FROM in_order i
        WHERE i.person = k.person AND i.tracking_number = k.tracking_number
            AND i.dialed_at > k.dialed_at + interval '30 minutes'
        ORDER BY i.turn LIMIT 1
    ) n
),
touch AS (
    SELECT person, received_at AS at, 0 AS is_call, '' AS dialer, lead AS name, lead AS created, source, campaign, NULL AS tracking_number
    FROM known
    WHERE NOT is_test AND received_at IS NOT NULL
    UNION ALL
    SELECT i.person, i.dialed_at, 1, i.dialer, i.external_id, NULL, i.source, i.campaign, i.tracking_number
    FROM in_order i
    WHERE i.tracking_number IS NULL OR (i.person, i.tracking_number, i.turn) IN (SELECT k.person, k.tracking_number, k.turn FROM touchpoint_calls k)
),
pair AS (
    SELECT
        g.goal,
        g.goal_at,
        g.opened_at,
        t.at,
        t.source,
        t.campaign,
        t.tracking_number,
        t.created = g.lead AS creates,
        row_number() OVER path AS place,
        count(*) OVER (PARTITION BY g.goal) AS touches
    FROM goal g
    JOIN touch t ON t.person = g.person AND t.at BETWEEN g.goal_at - interval '2160 hours' AND g.goal_at
    WHERE NOT g.is_test
    WINDOW path AS (PARTITION BY g.goal ORDER BY t.at, t.is_call, t.dialer COLLATE "C", t.name COLLATE "C")
),
role AS (
    SELECT
        *,
        min(place) FILTER (WHERE creates) OVER goals AS lead_place,
        max(place) FILTER (WHERE at <= opened_at AND opened_at <= goal_at) OVER goals AS open_place,
        max(place) FILTER (WHERE source IS NOT NULL) OVER goals AS known_place,
        max(at) OVER goals AS last_at
    FROM pair
    WINDOW goals AS (PARTITION BY goal)
),
held AS (
    SELECT
        *,
        CASE pg_temp.setting('model')
            WHEN 'first_touch' THEN (place = 1)::integer
            WHEN 'last_touch' THEN (place = touches)::integer
            WHEN 'lead_creation' THEN (place = coalesce(lead_place, 1))::integer
            WHEN 'last_non_direct' THEN (place = coalesce(known_place, touches))::integer
            WHEN 'first_and_lead' THEN (place = 1)::integer + coalesce(place = lead_place, false)::integer
            WHEN 'position_based' THEN CASE touches WHEN 2 THEN 1 ELSE
                40 * (place = 1)::integer + 40 * coalesce(place = lead_place, false)::integer END
            WHEN 'w_shaped' THEN 30 * (place = 1)::integer + 30 * coalesce(place = lead_place, false)::integer
                + 30 * coalesce(place = open_place, false)::integer
            WHEN 'full_path' THEN 22.5 * ((place = 1)::integer + coalesce(place = lead_place, false)::integer
                + coalesce(place = open_place, false)::integer + (place = touches)::integer)
            WHEN 'time_decay' THEN round(1e12 * power(2, extract(epoch FROM at - last_at) / 604800))
            ELSE 0
        END AS points,
        CASE pg_temp.setting('model')
            WHEN 'linear' THEN 1 WHEN 'position_based' THEN 20 WHEN 'w_shaped' THEN 10 WHEN 'full_path' THEN 10 ELSE 0
        END AS rest
    FROM role
),
shared AS (
    SELECT
        *,
        CASE WHEN points = 0 THEN rest::numeric / nullif(count(*) FILTER (WHERE points = 0) OVER goals, 0) ELSE points END AS part
    FROM held
    WINDOW goals AS (PARTITION BY goal)
),
cut AS (
    SELECT
        s.goal,
        s.place,
        w.what,
        w.unit * sign(w.whole) AS unit,
        abs(w.whole) / w.unit AS units,
        trunc(exact.units) AS sure,
        round((exact.units - trunc(exact.units)) * 1048576) AS lost
    FROM (SELECT *, part / sum(part) OVER (PARTITION BY goal) AS share FROM shared) s
    JOIN goal g USING (goal)
    CROSS JOIN LATERAL (
        SELECT what, whole, CASE WHEN what = 'weight' THEN 1 WHEN whole = round(whole, coins) THEN power(10::numeric, -coins) ELSE 0.0001 END AS unit
        FROM pg_temp.decimals_of(pg_temp.setting('currency')) coins
        CROSS JOIN (VALUES ('weight', 1000000::numeric), ('revenue', g.amount), ('profit', g.gross_profit)) v (what, whole)
    ) w
    CROSS JOIN LATERAL (SELECT round(abs(w.whole) / w.unit * s.share, 12) AS units) exact
),
credited AS (
    SELECT
        goal,
        place,
        what,
        unit * (sure + (
            row_number() OVER (PARTITION BY goal, what ORDER BY lost DESC, place)
            <= units - sum(sure) OVER (PARTITION BY goal, what)
        )::integer) AS amount
    FROM cut
),
parts AS (
    SELECT
        goal,
        place,
        max(amount) FILTER (WHERE what = 'weight') AS weight,
        max(amount) FILTER (WHERE what = 'revenue') AS revenue,
        max(amount) FILTER (WHERE what = 'profit') AS profit
    FROM credited
    GROUP BY goal, place
)
SELECT
    g.kind, g.lead, g.agent, pg_temp.team_of(g.agent) AS team, s.campaign, s.source, s.tracking_number, g.goal_at,
    g.is_test, g.first,
    CASE WHEN s.goal IS NULL THEN 1000000 ELSE p.weight END AS weight,
    CASE WHEN s.goal IS NULL THEN g.amount ELSE p.revenue END AS revenue,
    CASE WHEN s.goal IS NULL THEN g.gross_profit ELSE p.profit END AS profit
FROM goal g
LEFT JOIN shared s ON s.goal = g.goal AND s.part > 0
LEFT JOIN parts p ON p.goal = s.goal AND p.place = s.place
