-- What is believed of the costs whose days lie in a window, if only in part, one row each. Days are the account's.
-- Money is in ten-thousandths, as exactly as the ledger has it.

-- name: spend(account_id, from_at, to_at, zone) -> many
SELECT
    s.external_id AS spend,
    s.source,
    s.campaign,
    s.tracking_number,
    s.from_on,
    s.to_on,
    (s.amount * 10000)::bigint AS amount,
    s.currency
FROM believed.spend s
WHERE s.account_id = $1::integer AND s.amount IS NOT NULL
    AND s.to_on >= ($2::timestamptz AT TIME ZONE $4::text)::date
    AND s.from_on <= ($3::timestamptz AT TIME ZONE $4::text)::date
