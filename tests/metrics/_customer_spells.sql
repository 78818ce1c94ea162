-- Customers as unions of the days of their contracts.
WITH edge AS (
    SELECT
        pg_temp.first_day(pg_temp.setting('from')::timestamptz) AS first_on,
        pg_temp.first_day(least(pg_temp.setting('to'), pg_temp.setting('until'))::timestamptz) - 1 AS last_on
),
spell AS (
    SELECT
        c.customer, c.spell, c.lead, c.agent, c.team, c.source, c.campaign, c.is_test,
        coalesce(bool_or(c.value_per = 'month'), false) AS monthly,
        coalesce(bool_or(c.value_per = 'month' AND c.gross_profit IS NOT NULL), false) AS profit_known,
        CASE WHEN bool_or(p.paid AND p.rate_missing) IS NOT TRUE
            THEN sum(pg_temp.converted(c.value, c.currency, edge.first_on)) FILTER (WHERE p.paid)
        END AS value_at_start
    FROM pg_temp.every_contract() c
    CROSS JOIN edge
    CROSS JOIN LATERAL (
        SELECT
            c.value_per = 'month' AND c.since_on < edge.first_on AND coalesce(c.until_on, 'infinity') >= edge.first_on AS paid,
            c.currency IS NOT NULL AND pg_temp.converted(1, c.currency, edge.first_on) IS NULL AS rate_missing
    ) p
    WHERE c.since_on <= edge.last_on
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
),
dated AS (
    SELECT
        s.*,
        first_on,
        last_on,
        lower(s.spell) AS since_on,
        CASE WHEN upper(s.spell) - 1 <= last_on THEN upper(s.spell) - 1 END AS ends_on
    FROM spell s CROSS JOIN edge
)
SELECT
    *,
    NULL::text AS tracking_number,
    pg_temp.setting('from')::timestamptz AS counted_at,
    CASE WHEN since_on >= first_on THEN pg_temp.noon(since_on) END AS since_at,
    CASE WHEN ends_on >= first_on THEN pg_temp.noon(ends_on) END AS lost_at,
    since_on < first_on AND coalesce(ends_on, 'infinity') >= first_on AS at_start,
    ends_on IS NOT NULL AS ended,
    (
        SELECT coalesce(sum(pg_temp.of_month(d::date)), 0)
        FROM generate_series(greatest(since_on, first_on), least(ends_on, last_on), '1 day') d
    ) AS months,
    (
        SELECT round(sum(pg_temp.of_month(d::date)) * 377580)
        FROM generate_series(since_on, coalesce(ends_on, last_on), '1 day') d
    )::bigint AS life
FROM dated
WHERE pg_temp.setting('anchor') = 'counted_at'
    OR pg_temp.setting('anchor') = 'since_at' AND since_on >= first_on
    OR pg_temp.setting('anchor') = 'lost_at' AND ends_on >= first_on
