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

-- The entries of the same source, campaign, number, days and currency as each of some costs, by the place of the cost.
-- name: same_spend(account_id, sources, campaigns, tracking_numbers, first_days, last_days, currencies) -> many
SELECT
    i.place,
    s.external_id,
    s.amount
FROM unnest($2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[]) WITH ORDINALITY
    AS i (source, campaign, tracking_number, from_on, to_on, currency, place)
JOIN spend s
    ON s.account_id = $1::integer
    AND s.source = i.source
    AND s.from_on = i.from_on
    AND s.to_on = i.to_on
    AND s.currency = i.currency
    AND s.campaign IS NOT DISTINCT FROM i.campaign
    AND s.tracking_number IS NOT DISTINCT FROM i.tracking_number;

-- The same for running costs: those of the same team, kind, days and currency.
-- name: same_running_costs(account_id, teams, overheads, first_days, last_days, currencies) -> many
SELECT
    i.place,
    c.external_id,
    c.amount
FROM unnest($2::text[], $3::boolean[], $4::date[], $5::date[], $6::text[]) WITH ORDINALITY
    AS i (team, overhead, from_on, to_on, currency, place)
JOIN running_costs c
    ON c.account_id = $1::integer
    AND c.team IS NOT DISTINCT FROM i.team
    AND COALESCE(c.overhead, false) = i.overhead
    AND c.from_on = i.from_on
    AND c.to_on = i.to_on
    AND c.currency = i.currency;
