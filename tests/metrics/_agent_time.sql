-- Agent time by sets of time: each state's time without that of later states of the agent, hour by hour.
WITH reported AS (
    SELECT
        pg_temp.reads_as('agent', s.agent) AS agent,
        s.agent AS login,
        s.state::text,
        s.from_at,
        COALESCE(s.to_at, lead(s.from_at) OVER (PARTITION BY s.agent ORDER BY s.from_at)) AS to_at
    FROM agent_states_versions s
    WHERE s.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
),
spans AS (
    SELECT
        *,
        tstzrange(from_at, greatest(from_at, least(to_at, pg_temp.setting('until')::timestamptz)))
        * tstzrange(pg_temp.setting('from')::timestamptz, pg_temp.setting('to')::timestamptz) AS span
    FROM reported
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
own AS (
    SELECT
        s.agent, s.state,
        tstzmultirange(s.span) - COALESCE(later.spans, '{}') AS counts,
        COALESCE(others.spans, '{}') AS others
    FROM spans s
    CROSS JOIN LATERAL (
        SELECT range_agg(o.span) AS spans FROM spans o WHERE o.agent = s.agent AND (o.from_at, o.login) > (s.from_at, s.login)
    ) later
    CROSS JOIN LATERAL (
        SELECT range_agg(o.span) AS spans FROM spans o WHERE o.agent = s.agent AND (o.from_at, o.login) <> (s.from_at, s.login)
    ) others
    WHERE NOT isempty(s.span)
)
SELECT
    o.agent,
    (
        SELECT a.team FROM agents_versions a
        WHERE a.account_id = pg_temp.setting('account')::integer AND a.code = o.agent
            AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
    ) AS team,
    NULL::text AS campaign,
    NULL::text AS source,
    NULL::text AS tracking_number,
    o.state,
    p.states,
    lower(piece) AS from_at,
    upper(piece) AS to_at,
    false AS is_test
FROM own o
CROSS JOIN LATERAL (VALUES (1, o.counts - o.others), (2, o.counts * o.others)) p (states, time)
JOIN hours h ON h.hour && p.time
CROSS JOIN LATERAL unnest(p.time * h.hour) piece
WHERE o.state <> 'offline'
