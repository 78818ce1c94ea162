-- The first right-party contact of each lead, where it lies in the window, and how many attempts it took.
WITH calls AS (
    SELECT * FROM pg_temp.every_call('-infinity', pg_temp.setting('to')::timestamptz) c
    WHERE c.lead IS NOT NULL
),
contacts AS (
    SELECT DISTINCT ON (lead, is_test) *
    FROM calls
    WHERE (answered_by, handled, party) = ('human', 'agent', 'right_party')
    ORDER BY lead, is_test, dialed_at, dialer, external_id
)
SELECT
    c.*,
    (
        SELECT count(*) FROM calls earlier
        WHERE earlier.lead = c.lead AND earlier.is_test = c.is_test
            AND (earlier.dialed_at, earlier.dialer, earlier.external_id) <= (c.dialed_at, c.dialer, c.external_id)
    ) AS ordinal
FROM contacts c
WHERE c.dialed_at >= pg_temp.setting('from')::timestamptz
