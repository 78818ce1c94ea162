-- What is believed of the leads received on the days that the costs of a window are for, tests left out, one row each.

-- name: paid_leads(account_id, from_at, to_at, zone) -> many
SELECT
    l.external_id AS lead,
    l.source,
    l.campaign,
    (l.received_at AT TIME ZONE $4::text)::date AS received_on
FROM believed.leads l
JOIN (
    SELECT min(s.from_on) AS first_on, max(s.to_on) AS last_on
    FROM believed.spend s
    WHERE s.account_id = $1::integer
        AND s.to_on >= ($2::timestamptz AT TIME ZONE $4::text)::date
        AND s.from_on <= ($3::timestamptz AT TIME ZONE $4::text)::date
) paid ON (l.received_at AT TIME ZONE $4::text)::date BETWEEN paid.first_on AND paid.last_on
WHERE l.account_id = $1::integer AND l.test IS NOT TRUE
