-- Reading the exchange rates of an account, newest first. A null argument asks for all; lists go on after a rate.

-- name: list_exchange_rates(account_id, base, quote, from_on, to_on, after_on, after_base, after_quote, most) -> many
SELECT
    base,
    quote,
    rate_on AS on_day,
    rate,
    recorded_at
FROM exchange_rates
WHERE account_id = $1
    AND rate IS NOT NULL
    AND ($2::text IS NULL OR base = $2)
    AND ($3::text IS NULL OR quote = $3)
    AND ($4::date IS NULL OR rate_on >= $4)
    AND ($5::date IS NULL OR rate_on <= $5)
    AND ($6::text IS NULL OR rate_on::text < $6 OR (rate_on::text = $6 AND (base::text, quote::text) > ($7::text, $8::text)))
ORDER BY rate_on DESC, base, quote
LIMIT $9;

-- The newest rates with a text in their currencies or their day.
-- name: find_exchange_rates(account_id, part, most) -> many
SELECT
    base,
    quote,
    rate_on,
    rate,
    recorded_at
FROM exchange_rates
WHERE account_id = $1
    AND rate IS NOT NULL
    AND ($2::text IS NULL OR strpos(lower(concat_ws(' ', base, quote, rate_on)), lower($2)) > 0)
ORDER BY rate_on DESC, base, quote
LIMIT $3;
