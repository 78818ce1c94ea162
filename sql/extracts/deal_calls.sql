-- What is believed of the calls to leads that a deal is about, whenever dialed.

-- name: deal_calls(account_id, until) -> many
SELECT a.* FROM believed.calls a
WHERE a.account_id = $1::integer AND a.dialed_at <= $2::timestamptz
    AND a.lead IN (SELECT s.lead FROM believed.stage_changes s WHERE s.account_id = $1::integer)
