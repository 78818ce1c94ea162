-- The amount of each day of each cost for each agent, in whole units of the report's currency; the rest goes to the
-- largest remainders.
WITH cost AS (
    SELECT
        s.external_id AS spend,
        pg_temp.source_of_lead(s.source, s.campaign) AS source,
        pg_temp.reads_as('campaign', s.campaign) AS campaign,
        s.tracking_number,
        s.from_on,
        s.to_on,
        s.amount,
        s.currency,
        -- The smallest coins where the amount is whole coins, else ten-thousandths.
        CASE WHEN s.amount = round(s.amount, coins) THEN power(10::numeric, -coins) ELSE 0.0001 END AS unit
    FROM spend_versions s
    CROSS JOIN LATERAL pg_temp.decimals_of(s.currency) coins
    WHERE s.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
),
day AS (
    SELECT
        c.*,
        n,
        c.from_on + n AS spent_on,
        (c.from_on + n + time '12:00') AT TIME ZONE pg_temp.setting('account_zone') AS spent_at,
        unit * (div(amount / unit, days) + CASE WHEN n < mod(amount / unit, days) THEN 1 ELSE 0 END) AS of_day
    FROM cost c
    CROSS JOIN LATERAL (SELECT c.to_on - c.from_on + 1 AS days) d
    CROSS JOIN LATERAL generate_series(0, days - 1) n
),
lead AS (
    SELECT
        l.external_id AS lead,
        pg_temp.source_of_lead(l.source, l.campaign) AS source,
        pg_temp.reads_as('campaign', l.campaign) AS campaign,
        (l.received_at AT TIME ZONE pg_temp.setting('account_zone'))::date AS received_on
    FROM every_lead l
    WHERE l.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
        AND l.test IS NOT TRUE
),
call AS MATERIALIZED (
    SELECT c.lead, c.agent, c.tracking_number FROM pg_temp.every_call('-infinity', 'infinity') c
    WHERE NOT c.is_test AND c.dialed_at <= pg_temp.setting('until')::timestamptz
),
bought AS (
    SELECT c.spend, l.lead
    FROM cost c
    JOIN lead l ON l.source = c.source AND l.received_on BETWEEN c.from_on AND c.to_on
    WHERE (c.campaign IS NULL OR l.campaign = c.campaign)
        AND (c.tracking_number IS NULL OR (l.lead, c.tracking_number) IN (SELECT call.lead, call.tracking_number FROM call))
),
worked AS (
    SELECT lead, agent, trunc(1e12 * count(*) / sum(count(*)) OVER (PARTITION BY lead)) AS part
    FROM call WHERE agent IS NOT NULL
    GROUP BY lead, agent
),
borne AS (
    SELECT b.spend, w.agent, sum(coalesce(w.part, 1e12)) AS part
    FROM bought b LEFT JOIN worked w USING (lead)
    GROUP BY b.spend, w.agent
    UNION ALL
    SELECT c.spend, NULL, 1e12 FROM cost c WHERE NOT EXISTS (SELECT FROM bought b WHERE b.spend = c.spend)
),
placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY spend ORDER BY agent COLLATE "C" NULLS LAST) - 1 AS place,
        count(*) OVER (PARTITION BY spend) AS agents,
        part / sum(part) OVER (PARTITION BY spend) AS share
    FROM borne
),
cut AS (
    SELECT
        d.*,
        p.agent,
        mod(p.place + (d.spent_on - date '1970-01-01'), p.agents) AS turn,
        ours.of_day / finer.unit AS units,
        trunc(ours.of_day / finer.unit * p.share) AS whole,
        round((ours.of_day / finer.unit * p.share - trunc(ours.of_day / finer.unit * p.share)) * 1048576) AS lost,
        finer.unit AS of_unit
    FROM day d
    JOIN placed p USING (spend)
    CROSS JOIN LATERAL pg_temp.converted(d.of_day, d.currency, d.spent_on) ours (of_day)
    CROSS JOIN LATERAL pg_temp.decimals_of(pg_temp.setting('currency')) coins
    CROSS JOIN LATERAL (
        SELECT CASE WHEN ours.of_day = round(ours.of_day, coins) THEN power(10::numeric, -coins) ELSE 0.0001 END AS unit
    ) finer
)
SELECT
    spend, agent, pg_temp.team_of(agent) AS team, source, campaign, tracking_number, spent_on, spent_at,
    false AS is_test,
    of_unit * (whole + CASE
        WHEN row_number() OVER (PARTITION BY spend, spent_on ORDER BY lost DESC, turn)
            <= units - sum(whole) OVER (PARTITION BY spend, spent_on) THEN 1
        ELSE 0
    END) AS cost
FROM cut
WHERE spent_at >= pg_temp.setting('from')::timestamptz AND spent_at < pg_temp.setting('to')::timestamptz
