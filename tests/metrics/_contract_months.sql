-- The value of each contract in each month, day by day: what has accrued by a day, less what had by the day before.
WITH day AS (
    SELECT
        c.*, d.day,
        date_trunc('month', d.day)::date AS month,
        round(1 / pg_temp.of_month(d.day)) AS size,
        extract(day FROM d.day) AS number,
        pg_temp.converted(c.value, c.currency, greatest(date_trunc('month', d.day)::date, c.since_on)) AS our_value,
        pg_temp.converted(c.gross_profit, c.currency, greatest(date_trunc('month', d.day)::date, c.since_on)) AS our_profit
    FROM pg_temp.every_contract() c
    JOIN pg_temp.counted_days() d ON d.day BETWEEN c.since_on AND CASE c.value_per
        WHEN 'sale' THEN c.since_on ELSE coalesce(c.until_on, 'infinity')
    END
),
accrued AS (
    SELECT
        d.*,
        CASE
            WHEN d.value_per = 'sale' THEN our_value
            ELSE CASE WHEN number = size THEN our_value ELSE floor(our_value * number / size / coin) * coin END
                - floor(our_value * (number - 1) / size / coin) * coin
        END AS revenue_of_day,
        CASE
            WHEN d.value_per = 'sale' THEN our_profit
            ELSE CASE WHEN number = size THEN our_profit ELSE floor(our_profit * number / size / coin) * coin END
                - floor(our_profit * (number - 1) / size / coin) * coin
        END AS profit_of_day
    FROM day d
    CROSS JOIN LATERAL (SELECT power(10::numeric, -pg_temp.decimals_of(pg_temp.setting('currency'))) AS coin) c
)
SELECT
    contract, customer, lead, agent, team, source, campaign, is_test, month, value_per, NULL::text AS tracking_number,
    pg_temp.noon(min(day)) AS first_at,
    sum(revenue_of_day) AS revenue,
    sum(profit_of_day) AS profit,
    bool_or(our_value > 0) AS pays
FROM accrued
GROUP BY contract, customer, lead, agent, team, source, campaign, is_test, month, value_per
