-- Deals won or lost so many weeks before the window, moved into it on the clock of its zone.
WITH clock AS (
    SELECT
        pg_temp.setting('from')::timestamptz AT TIME ZONE pg_temp.setting('zone') AS start,
        pg_temp.setting('to')::timestamptz AT TIME ZONE pg_temp.setting('zone') AS finish,
        pg_temp.setting('until')::timestamptz AT TIME ZONE pg_temp.setting('zone') AS seen
),
shift AS (
    SELECT *, make_interval(days => 7 * ceil(extract(epoch FROM finish - start) / 604800)::integer) AS back FROM clock
)
SELECT
    d.*,
    pg_temp.converted(d.amount, d.currency, (d.closed_at AT TIME ZONE pg_temp.setting('account_zone'))::date) AS our_amount,
    ((d.closed_at AT TIME ZONE pg_temp.setting('zone')) + back) AT TIME ZONE pg_temp.setting('zone') AS like_at
FROM pg_temp.credited_deals() d
CROSS JOIN shift s
WHERE d.closed_at >= (s.start - back) AT TIME ZONE pg_temp.setting('zone')
    AND d.closed_at < (least(s.finish, s.seen) - back) AT TIME ZONE pg_temp.setting('zone')
