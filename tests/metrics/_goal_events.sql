-- The calls with their first goal disposition in the window.
WITH meant AS (
    SELECT d.dialer, d.attempt, d.set_at, (
        SELECT c.result FROM disposition_codes_versions c
        WHERE c.account_id = d.account_id AND c.code = pg_temp.reads_as('disposition', d.code)
            AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
    )::text AS result
    FROM dispositions_versions d
    WHERE d.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(d.recorded_at, d.superseded_at)
),
firsts AS MATERIALIZED (
    SELECT DISTINCT ON (dialer, attempt) dialer, attempt, set_at
    FROM meant
    WHERE CASE pg_temp.setting('goal')
        WHEN 'any' THEN result IN ('sale', 'appointment', 'qualified') ELSE result = pg_temp.setting('goal')
    END
    ORDER BY dialer, attempt, set_at
)
SELECT c.*, firsts.set_at AS reached_at
FROM firsts
JOIN pg_temp.every_call('-infinity', 'infinity') c ON (c.dialer, c.external_id) = (firsts.dialer, firsts.attempt)
WHERE firsts.set_at >= pg_temp.setting('from')::timestamptz AND firsts.set_at < pg_temp.setting('to')::timestamptz
