-- What is believed of the leads received in a window, one row each; what they count as is settled in
-- reports/facts/leads.py. A lead that is known only from the calls to it was never received, and is in no report.

-- name: leads(account_id, from_at, to_at) -> many
WITH asking AS (
    SELECT
        l.*,
        -- What is not a phone number ("unknown") is nobody's in particular, and a test is no one asking.
        -- Numbers are compared here and never leave.
        CASE WHEN l.phone_country IS NOT NULL AND l.test IS NOT TRUE THEN l.phone_number END AS number
    FROM believed.leads l
    WHERE l.account_id = $1::integer
        AND l.received_at >= $2::timestamptz - interval '720 hours' AND l.received_at < $3::timestamptz
),
asked AS (
    SELECT
        *,
        received_at - lag(received_at) OVER (PARTITION BY number ORDER BY received_at, external_id) AS silence
    FROM asking
)
SELECT
    external_id AS lead,
    received_at,
    source,
    campaign,
    owner,
    assigned_at,
    closed_at,
    phone_country IS NOT NULL AS has_number,
    test IS TRUE AS test,
    number IS NOT NULL AND coalesce(silence <= interval '720 hours', false) AS duplicate
FROM asked
WHERE received_at >= $2::timestamptz
