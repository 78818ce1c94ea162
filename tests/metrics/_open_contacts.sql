-- Leads spoken with and left open. Business days are walked through one by one on the clock of the team's calendar.
WITH calls AS MATERIALIZED (
    SELECT c.*, NOT c.is_test AND c.network_result NOT IN ('cancelled', 'blocked') AS counts
    FROM pg_temp.every_call('-infinity', 'infinity') c
    WHERE c.dialed_at <= pg_temp.setting('until')::timestamptz AND c.lead IS NOT NULL
),
contacts AS (
    SELECT DISTINCT ON (lead, is_test) *, (answered_by, handled) = ('human', 'agent') AS certain
    FROM calls
    WHERE pg_temp.may_have_spoken(network_result, answered_by, handled, is_open) AND party <> 'wrong_party'
        AND result IN ('none', 'unmapped', 'callback_requested', 'interested', 'qualified')
    ORDER BY lead, is_test, certain DESC, dialed_at, dialer, external_id
),
calendar AS (
    SELECT team, zone, hours, holidays FROM calendars_versions
    WHERE account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(recorded_at, superseded_at)
    UNION ALL
    SELECT
        'assumed', pg_temp.setting('account_zone'),
        '{"monday": ["09:00-17:00"], "tuesday": ["09:00-17:00"], "wednesday": ["09:00-17:00"],'
        ' "thursday": ["09:00-17:00"], "friday": ["09:00-17:00"]}'::jsonb, '[]'::jsonb
),
timed AS (
    SELECT
        c.*,
        (
            SELECT (day + 1)::timestamp AT TIME ZONE k.zone
            FROM generate_series(1, 60) ahead,
                LATERAL (SELECT (c.dialed_at AT TIME ZONE k.zone)::date + ahead AS day) d
            WHERE jsonb_array_length(COALESCE(
                (SELECT h -> 'hours' FROM jsonb_array_elements(k.holidays) h WHERE h ->> 'on' = d.day::text),
                k.hours -> trim(to_char(d.day, 'day')), '[]'
            )) > 0
            ORDER BY day OFFSET 2 LIMIT 1
        ) AS in_time_until
    FROM contacts c
    CROSS JOIN LATERAL (
        SELECT * FROM calendar WHERE team IN (c.team, 'default', 'assumed')
        ORDER BY team = 'assumed', team = 'default' LIMIT 1
    ) k
)
SELECT
    t.lead, t.agent, t.team, t.campaign, t.source, t.tracking_number, t.dialed_at, t.is_test, t.certain, t.in_time_until,
    EXISTS (
        SELECT FROM calls c
        WHERE c.counts AND c.lead = t.lead AND c.dialed_at > t.dialed_at AND c.dialed_at < t.in_time_until
    ) OR EXISTS (
        SELECT FROM follow_ups_versions f
        WHERE f.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(f.recorded_at, f.superseded_at)
            AND f.lead = t.lead AND (NOT f.automated OR f.automated IS NULL)
            AND f.done_at > t.dialed_at AND f.done_at < t.in_time_until
            AND f.done_at <= pg_temp.setting('until')::timestamptz
    ) AS followed,
    (
        SELECT l.closed_at FROM every_lead l
        WHERE l.account_id = pg_temp.setting('account')::integer AND l.external_id = t.lead
            AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
    ) AS closed_at
FROM timed t
WHERE t.dialed_at >= pg_temp.setting('from')::timestamptz AND t.dialed_at < pg_temp.setting('to')::timestamptz
