-- What is believed of the calls, whenever dialed, to the leads of paid_leads.sql: by whom, and through which number.

-- name: paid_calls(account_id, from_at, to_at, until, zone) -> many
SELECT
    a.lead,
    a.agent,
    a.tracking_number,
    a.test,
    a.disposition_agent
FROM believed.attempts a
WHERE a.account_id = $1::integer AND a.dialed_at <= $4::timestamptz
    AND a.lead IN (
        SELECT l.external_id
        FROM believed.leads l
        JOIN (
            SELECT min(s.from_on) AS first_on, max(s.to_on) AS last_on
            FROM believed.spend s
            WHERE s.account_id = $1::integer
                AND s.to_on >= ($2::timestamptz AT TIME ZONE $5::text)::date
                AND s.from_on <= ($3::timestamptz AT TIME ZONE $5::text)::date
        ) paid ON (l.received_at AT TIME ZONE $5::text)::date BETWEEN paid.first_on AND paid.last_on
        WHERE l.account_id = $1::integer AND l.test IS NOT TRUE
    )
