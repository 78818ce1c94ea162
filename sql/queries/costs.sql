-- Reading what marketing and the sales team cost, the newest days first. A null argument asks for all.

-- Lists go on after the first day and the id of an entry. part: some text of the entry.
-- name: list_spend(account_id, external_id, source, campaign, from_on, to_on, part, after_on, after_id, most) -> many
SELECT
    external_id,
    source,
    campaign,
    tracking_number,
    from_on,
    to_on,
    amount,
    currency,
    recorded_at
FROM spend
WHERE account_id = $1
    AND ($2::text IS NULL OR external_id = $2)
    AND ($3::text IS NULL OR source = $3)
    AND ($4::text IS NULL OR campaign = $4)
    AND ($5::date IS NULL OR to_on >= $5)
    AND ($6::date IS NULL OR from_on <= $6)
    AND (
        $7::text IS NULL
        OR strpos(lower(concat_ws(' ', external_id, source, campaign, tracking_number, currency)), lower($7)) > 0
    )
    AND ($8::date IS NULL OR from_on < $8 OR (from_on = $8 AND external_id::text < $9::text))
ORDER BY from_on DESC, external_id DESC
LIMIT $10;

-- name: list_running_costs(account_id, external_id, team, from_on, to_on, part, after_on, after_id, most) -> many
SELECT
    external_id,
    team,
    overhead,
    from_on,
    to_on,
    amount,
    currency,
    recorded_at
FROM running_costs
WHERE account_id = $1
    AND ($2::text IS NULL OR external_id = $2)
    AND ($3::text IS NULL OR team = $3)
    AND ($4::date IS NULL OR to_on >= $4)
    AND ($5::date IS NULL OR from_on <= $5)
    AND ($6::text IS NULL OR strpos(lower(concat_ws(' ', external_id, team, currency)), lower($6)) > 0)
    AND ($7::date IS NULL OR from_on < $7 OR (from_on = $7 AND external_id::text < $8::text))
ORDER BY from_on DESC, external_id DESC
LIMIT $9;

-- What each of the newest months cost in each currency: a cost accrues evenly over its days. kind: the table.
-- name: costs_by_month(account_id, kind, most_months) -> many
WITH costs AS (
    SELECT from_on, to_on, amount, currency FROM spend WHERE account_id = $1 AND $2::text = 'spend'
    UNION ALL
    SELECT from_on, to_on, amount, currency FROM running_costs WHERE account_id = $1 AND $2::text = 'running_costs'
),
months AS (
    SELECT
        starts::date AS month,
        currency,
        sum(
            amount
            * (LEAST(to_on, (starts + interval '1 month - 1 day')::date) - GREATEST(from_on, starts::date) + 1)
            / (to_on - from_on + 1)
        ) AS amount,
        count(*) AS entries
    FROM costs
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', from_on::timestamp), to_on::timestamp, interval '1 month'
    ) starts
    WHERE amount <> 0
    GROUP BY starts, currency
)
SELECT
    month,
    currency,
    round(amount, 4) AS amount,
    entries
FROM months
WHERE month IN (SELECT DISTINCT month FROM months ORDER BY month DESC LIMIT $3)
ORDER BY month DESC, currency;
