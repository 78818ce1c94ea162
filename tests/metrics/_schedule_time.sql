-- Planned time by sets of time: each plan's time without that of later plans of the agent, hour by hour.
WITH day AS (
    SELECT tstzmultirange(tstzrange(
        day::date::timestamp AT TIME ZONE pg_temp.setting('account_zone'),
        (day::date + 1)::timestamp AT TIME ZONE pg_temp.setting('account_zone')
    )) AS span
    FROM generate_series(
        (pg_temp.setting('from')::timestamptz AT TIME ZONE pg_temp.setting('account_zone'))::date,
        (pg_temp.setting('to')::timestamptz AT TIME ZONE pg_temp.setting('account_zone'))::date,
        '1 day'
    ) day
),
hours AS (
    SELECT tstzmultirange(tstzrange(starts_at, lead(starts_at) OVER (ORDER BY starts_at))) AS hour
    FROM (
        SELECT DISTINCT date_trunc('hour', quarter, pg_temp.setting('zone')) AS starts_at
        FROM generate_series(
            pg_temp.setting('from')::timestamptz, pg_temp.setting('to')::timestamptz + interval '15 minutes', '15 minutes'
        ) quarter
    ) h
),
seen AS (
    SELECT tstzmultirange(tstzrange(
        pg_temp.setting('from')::timestamptz,
        greatest(
            pg_temp.setting('from')::timestamptz,
            least(pg_temp.setting('to')::timestamptz, pg_temp.setting('until')::timestamptz)
        )
    )) AS span
),
plan AS (
    SELECT
        pg_temp.reads_as('agent', s.agent) AS agent, s.agent AS login, s.activity::text, s.from_at,
        tstzrange(s.from_at, s.to_at) AS span
    FROM schedules_versions s
    WHERE s.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
        AND s.from_at < s.to_at AND s.activity IS NOT NULL
),
working AS (
    SELECT p.agent, p.activity, tstzmultirange(p.span) - coalesce(later.spans, '{}') AS time
    FROM plan p
    CROSS JOIN LATERAL (
        SELECT range_agg(o.span) AS spans FROM plan o WHERE o.agent = p.agent AND (o.from_at, o.login) > (p.from_at, p.login)
    ) later
    WHERE p.activity <> 'off'
),
said AS (
    SELECT
        pg_temp.reads_as('agent', s.agent) AS agent, s.agent AS login, s.state::text, s.from_at,
        tstzrange(s.from_at, greatest(s.from_at, least(
            coalesce(s.to_at, lead(s.from_at) OVER (PARTITION BY s.agent ORDER BY s.from_at)),
            pg_temp.setting('until')::timestamptz
        ))) AS span
    FROM agent_states_versions s
    WHERE s.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
),
near AS (
    SELECT s.* FROM said s, (SELECT range_merge(range_agg(d.span)) AS span FROM day d) d
    WHERE s.span && d.span
),
state AS (
    SELECT s.agent, s.state, tstzmultirange(s.span) - coalesce(later.spans, '{}') AS time
    FROM near s
    CROSS JOIN LATERAL (
        SELECT range_agg(o.span) AS spans FROM near o WHERE o.agent = s.agent AND (o.from_at, o.login) > (s.from_at, s.login)
    ) later
    WHERE s.state <> 'offline'
),
present AS (
    SELECT
        agent,
        range_agg(time) AS time,
        coalesce(range_agg(time) FILTER (WHERE state <> 'paused'), '{}') AS at_work
    FROM state
    GROUP BY agent
),
piece AS (
    SELECT w.agent, w.activity, d.span AS day, t.piece
    FROM working w
    CROSS JOIN seen
    JOIN day d ON d.span && w.time
    JOIN hours h ON h.hour && w.time
    CROSS JOIN LATERAL unnest(w.time * d.span * seen.span * h.hour) t (piece)
),
planned AS (
    SELECT
        p.agent, p.activity, p.piece,
        CASE
            WHEN a.agent IS NULL THEN '{}'
            WHEN p.activity = 'work' THEN tstzmultirange(p.piece) * a.at_work
            WHEN a.time && p.day THEN tstzmultirange(p.piece) - a.at_work
            ELSE '{}'
        END AS adherent
    FROM piece p LEFT JOIN present a ON a.agent = p.agent
),
attended AS (
    SELECT a.agent, t.piece
    FROM present a
    CROSS JOIN seen
    JOIN day d ON d.span && a.time AND EXISTS (SELECT FROM working w WHERE w.agent = a.agent AND w.time && d.span)
    JOIN hours h ON h.hour && a.time
    CROSS JOIN LATERAL unnest(a.time * d.span * seen.span * h.hour) t (piece)
)
SELECT
    r.*,
    pg_temp.team_of(r.agent) AS team,
    NULL::text AS campaign,
    NULL::text AS source,
    NULL::text AS tracking_number,
    false AS is_test,
    lower(piece) AS from_at,
    extract(epoch FROM upper(piece) - lower(piece)) / 3600 AS hours,
    (SELECT sum(extract(epoch FROM upper(t) - lower(t))) FROM unnest(adherent) t) / 3600 AS adherent_hours
FROM (
    SELECT agent, activity, piece, adherent FROM planned
    UNION ALL
    SELECT agent, NULL, piece, '{}' FROM attended
) r
