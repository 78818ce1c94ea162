-- Deals by when they were opened, with the time until they were decided, or until now.
SELECT
    d.*,
    d.closed_at IS NOT NULL AS decided,
    pg_temp.elapsed_ms(
        CASE WHEN d.first_contact_at <= ends_at THEN d.first_contact_at ELSE d.opened_at END,
        ends_at
    ) AS ms
FROM pg_temp.credited_deals() d
CROSS JOIN LATERAL (SELECT coalesce(d.closed_at, pg_temp.setting('until')::timestamptz) AS ends_at) e
WHERE d.opened_at >= pg_temp.setting('from')::timestamptz AND d.opened_at < pg_temp.setting('to')::timestamptz
