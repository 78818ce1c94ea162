-- D / H, call by call: a person (p), an unknown answerer (u), left without an agent in time (alone)
WITH calls AS (
    SELECT
        *,
        answered_by = 'human' AS p,
        network_result = 'answered' AND answered_by = 'unknown' AS u,
        network_result = 'answered' AND answered_by = 'machine' AS m,
        coalesce(
            handled = 'abandoned_by_us'
            OR agent_joined_at > answered_at + interval '2 seconds'
            OR (
                handled IN ('abandoned_by_callee', 'none') AND agent_joined_at IS NULL
                AND ended_at > answered_at + interval '2 seconds'
            ),
            false
        ) AS alone,
        NOT is_open AND handled IN ('unknown', 'none', 'ivr_only') AS no_agent_known
    FROM facts
),
called AS (
    SELECT
        *,
        (p AND alone) OR (u AND handled = 'abandoned_by_us') AS dropped,
        (p OR u) AND (alone OR no_agent_known) AS perhaps_dropped,
        ((u AND handled = 'agent') OR ((p OR u) AND handled = 'unknown')) AND NOT alone AS perhaps_met
    FROM calls
),
counts AS (
    SELECT
        grp,
        count(*) FILTER (WHERE dropped)::float8 AS d,
        count(*) FILTER (WHERE p OR dropped)::float8 AS h,
        count(*) FILTER (WHERE p AND alone)::float8 AS least_d,
        count(*) FILTER (WHERE p OR perhaps_met)::float8 AS most_h,
        count(*) FILTER (WHERE perhaps_dropped)::float8 AS most_d,
        count(*) FILTER (WHERE p OR perhaps_dropped)::float8 AS least_h,
        count(*) FILTER (WHERE (perhaps_dropped OR perhaps_met) AND NOT dropped)::float8 AS doubtful,
        count(*) FILTER (WHERE p OR dropped OR perhaps_dropped OR perhaps_met)::float8 AS all_h
    FROM called
    GROUP BY grp
),
rates AS (
    SELECT
        *,
        d / nullif(h, 0) AS value,
        coalesce(least_d / nullif(most_h, 0), CASE WHEN doubtful > 0 THEN 0 END) AS low,
        coalesce(most_d / nullif(least_h, 0), least_d / nullif(most_h, 0)) AS high
    FROM counts
)
SELECT
    grp,
    d AS numerator,
    h AS denominator,
    value,
    pg_temp.doubted(d, value, doubtful, all_h, low, high) AS reason,
    CASE WHEN h > 0 OR high > low THEN low END AS range_low,
    CASE WHEN h > 0 OR high > low THEN high END AS range_high
FROM rates
