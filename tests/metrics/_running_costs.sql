-- The amount of each day of each running cost for each team, in whole units of the report's currency.
WITH cost AS (
    SELECT
        c.external_id AS cost, c.team, c.from_on, c.to_on, c.amount, c.currency,
        CASE WHEN c.amount = round(c.amount, coins) THEN power(10::numeric, -coins) ELSE 0.0001 END AS unit
    FROM running_costs_versions c
    CROSS JOIN LATERAL pg_temp.decimals_of(c.currency) coins
    WHERE c.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
),
day AS (
    SELECT
        c.cost, c.team, c.currency,
        c.from_on + n AS day,
        (c.from_on + n + time '12:00') AT TIME ZONE pg_temp.setting('account_zone') AS day_at,
        unit * (div(amount / unit, days) + CASE WHEN n < mod(amount / unit, days) THEN 1 ELSE 0 END) AS of_day
    FROM cost c
    CROSS JOIN LATERAL (SELECT c.to_on - c.from_on + 1 AS days) d
    CROSS JOIN LATERAL generate_series(0, days - 1) n
),
employed AS (
    SELECT e.*, pg_temp.reads_as('agent', e.agent) AS person
    FROM staff_versions e
    WHERE e.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
        AND e.agent IS NOT NULL
),
heads AS (
    SELECT d.day, coalesce(last.team, pg_temp.team_of(p.person)) AS team, count(*) AS heads
    FROM (SELECT DISTINCT day FROM day) d
    CROSS JOIN (SELECT DISTINCT person FROM employed) p
    CROSS JOIN LATERAL (
        SELECT e.team FROM employed e
        WHERE e.person = p.person AND d.day BETWEEN e.joined_on AND coalesce(e.left_on, 'infinity')
        ORDER BY e.joined_on DESC, e.left_on DESC NULLS FIRST, e.external_id DESC
        LIMIT 1
    ) last
    GROUP BY 1, 2
),
shared AS (
    SELECT d.*, d.team AS of_team, 1::bigint AS heads FROM day d WHERE d.team IS NOT NULL
    UNION ALL
    SELECT d.*, h.team, coalesce(h.heads, 1) FROM day d LEFT JOIN heads h USING (day) WHERE d.team IS NULL
),
placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY cost, day ORDER BY of_team COLLATE "C" NULLS LAST) - 1 AS place,
        count(*) OVER (PARTITION BY cost, day) AS teams,
        sum(heads) OVER (PARTITION BY cost, day) AS all_heads
    FROM shared
),
cut AS (
    SELECT
        p.*,
        mod(p.place + (p.day - date '1970-01-01'), p.teams) AS turn,
        ours.of_day / finer.unit AS units,
        div(ours.of_day / finer.unit * p.heads, p.all_heads) AS whole,
        round(mod(ours.of_day / finer.unit * p.heads, p.all_heads) / p.all_heads * 1048576) AS lost,
        finer.unit AS of_unit
    FROM placed p
    CROSS JOIN LATERAL pg_temp.converted(p.of_day, p.currency, p.day) ours (of_day)
    CROSS JOIN LATERAL pg_temp.decimals_of(pg_temp.setting('currency')) coins
    CROSS JOIN LATERAL (
        SELECT CASE WHEN ours.of_day = round(ours.of_day, coins) THEN power(10::numeric, -coins) ELSE 0.0001 END AS unit
    ) finer
)
SELECT
    NULL::text AS agent, NULL::text AS campaign, NULL::text AS source, NULL::text AS tracking_number,
    cost, of_team AS team, day, day_at, false AS is_test,
    of_unit * (whole + CASE
        WHEN row_number() OVER (PARTITION BY cost, day ORDER BY lost DESC, turn) <= units - sum(whole) OVER (PARTITION BY cost, day)
            THEN 1
        ELSE 0
    END) AS amount
FROM cut
WHERE day_at >= pg_temp.setting('from')::timestamptz AND day_at < pg_temp.setting('to')::timestamptz
    AND day_at < pg_temp.setting('until')::timestamptz
