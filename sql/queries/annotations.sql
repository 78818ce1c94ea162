-- Changes of an account that can explain its numbers.

-- The changes from one moment until before another, the first one first.
-- name: list_changes(account_id, from_at, to_at) -> many
WITH code_versions AS (
    SELECT
        code,
        recorded_at,
        ROW(network_result, answered_by, party, handled, result, next_step)::text AS meaning,
        LAG(ROW(network_result, answered_by, party, handled, result, next_step)::text)
            OVER (PARTITION BY code ORDER BY recorded_at) AS earlier
    FROM disposition_codes_versions
    WHERE account_id = $1::integer
),

calendar_versions AS (
    SELECT
        team,
        recorded_at,
        ROW(zone, hours, holidays)::text AS plan,
        LAG(ROW(zone, hours, holidays)::text) OVER (PARTITION BY team ORDER BY recorded_at) AS earlier
    FROM calendars_versions
    WHERE account_id = $1::integer
),

assignments AS (
    SELECT
        number,
        from_at,
        campaign,
        LAG(from_at) OVER (PARTITION BY number ORDER BY from_at) AS earlier
    FROM tracking_number_assignments
    WHERE account_id = $1::integer
),

changes AS (
    SELECT 'code_meaning' AS kind, recorded_at AS happened_at, code::text AS subject, NULL::text AS campaign
    FROM code_versions
    WHERE meaning <> earlier
    UNION ALL
    SELECT 'working_hours', recorded_at, team::text, NULL
    FROM calendar_versions
    WHERE plan <> earlier
    UNION ALL
    SELECT 'number_reassigned', from_at, number::text, campaign::text
    FROM assignments
    WHERE earlier IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'target', recorded_at, metric::text, CASE WHEN dimension = 'campaign' THEN code END
    FROM targets_versions
    WHERE account_id = $1::integer
    UNION ALL
    SELECT 'import', finished_at, file_name, NULL
    FROM import_runs
    WHERE account_id = $1::integer
)

SELECT
    kind,
    happened_at,
    subject,
    campaign
FROM changes
WHERE happened_at >= $2::timestamptz AND happened_at < $3::timestamptz
ORDER BY happened_at, kind, subject;
