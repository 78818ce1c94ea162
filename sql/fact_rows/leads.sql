-- Leads, as reports read them. A lead that is known only from the calls to it was never received.
SELECT
    l.external_id AS lead,
    -- Who it is: the same for leads with one phone number, and nobody can tell the number from it. What is not a phone
    -- number ("unknown") is nobody's in particular.
    CASE
        WHEN l.phone_country IS NOT NULL
            THEN lake_id((SELECT k.lake_key FROM accounts k WHERE k.account_id = $1::integer), l.phone_number)
    END AS person,
    l.received_at,
    l.source,
    l.campaign,
    l.owner,
    l.assigned_at,
    l.closed_at,
    l.test,
    l.recorded_at,
    l.superseded_at
FROM fact_rows l
