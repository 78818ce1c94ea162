-- When each lead had an appointment set, as far as is believed.

-- name: appointments_set(account_id, until) -> many
SELECT m.lead, m.set_at
FROM believed.appointments m
WHERE m.account_id = $1::integer AND m.lead IS NOT NULL AND m.set_at <= $2::timestamptz
