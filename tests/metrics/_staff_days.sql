-- Days of employment, day by day: who covers it, and whether anybody covers the next.
WITH employed AS (
    SELECT e.*, pg_temp.reads_as('agent', e.agent) AS person
    FROM staff_versions e
    WHERE e.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
        AND e.agent IS NOT NULL
),
days AS (
    SELECT day, noon_at AS day_at, pg_temp.of_month(day) AS of_month FROM pg_temp.counted_days()
)
SELECT
    d.day,
    d.day_at,
    d.of_month,
    d.of_month / (SELECT sum(o.of_month) FROM days o) AS of_window,
    p.person AS agent,
    coalesce(last.team, pg_temp.team_of(p.person)) AS team,
    NULL::text AS campaign,
    NULL::text AS source,
    NULL::text AS tracking_number,
    false AS is_test,
    NOT EXISTS (
        SELECT FROM employed n
        WHERE n.person = p.person AND n.joined_on <= d.day + 1 AND coalesce(n.left_on, 'infinity') > d.day
    ) AS has_left,
    ended.voluntary
FROM days d
CROSS JOIN (SELECT DISTINCT person FROM employed) p
CROSS JOIN LATERAL (
    SELECT e.team FROM employed e
    WHERE e.person = p.person AND d.day BETWEEN e.joined_on AND coalesce(e.left_on, 'infinity')
    ORDER BY e.joined_on DESC, e.left_on DESC NULLS FIRST, e.external_id DESC
    LIMIT 1
) last
LEFT JOIN LATERAL (
    SELECT e.voluntary FROM employed e
    WHERE e.person = p.person AND e.left_on = d.day AND e.joined_on <= d.day AND e.voluntary IS NOT NULL
    ORDER BY e.joined_on DESC, e.external_id DESC
    LIMIT 1
) ended ON true
