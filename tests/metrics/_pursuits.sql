-- Every lead called in the window, call by call: each attempt of the window at its own time, and each later one that
-- reached the goal at the time of the last attempt to the lead in the window.
WITH calls AS (
    SELECT * FROM pg_temp.every_call(pg_temp.setting('from')::timestamptz, 'infinity') c WHERE c.lead IS NOT NULL
)
SELECT
    c.*,
    CASE WHEN c.dialed_at < pg_temp.setting('to')::timestamptz THEN c.dialed_at ELSE (
        SELECT max(w.dialed_at) FROM calls w
        WHERE w.lead = c.lead AND w.is_test = c.is_test AND w.dialed_at < pg_temp.setting('to')::timestamptz
    ) END AS worked_at
FROM calls c
WHERE c.dialed_at < pg_temp.setting('to')::timestamptz
    OR (
        c.goal AND c.dialed_at <= pg_temp.setting('until')::timestamptz
        AND EXISTS (
            SELECT FROM calls w
            WHERE w.lead = c.lead AND w.is_test = c.is_test AND w.dialed_at < pg_temp.setting('to')::timestamptz
        )
    )
