-- d' / (persons + d'), as the formula is written: d' = d (1 - am), am = machines / (persons + machines)
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
        count(*) FILTER (WHERE p AND alone)::float8 AS least_d,
        count(*) FILTER (WHERE perhaps_dropped)::float8 AS most_d,
        count(*) FILTER (WHERE p AND handled = 'agent' AND NOT alone) AS persons,
        count(*) FILTER (WHERE m AND handled = 'agent') AS machines,
        -- Whom agents met without knowing who it was, or met without our knowing, were machines too.
        count(*) FILTER (WHERE perhaps_met OR (m AND handled = 'unknown')) AS machines_perhaps,
        count(*) FILTER (WHERE (perhaps_dropped OR perhaps_met) AND NOT dropped) AS doubtful,
        count(*) FILTER (
            WHERE dropped OR perhaps_dropped OR perhaps_met
                OR (p AND handled = 'agent' AND NOT alone) OR (m AND handled = 'agent')
        ) AS all_rows
    FROM called
    GROUP BY grp
),
corrected AS (
    SELECT
        *,
        d * (1 - machines / nullif(persons + machines, 0)::float8) AS d_real,
        least_d / nullif(least_d + persons + machines + machines_perhaps, 0) AS low_told,
        most_d / nullif(most_d + persons + machines, 0) AS high_told
    FROM counts
),
rates AS (
    SELECT
        *,
        d_real / nullif(persons + d_real, 0) AS rate,
        coalesce(low_told, CASE WHEN doubtful > 0 THEN 0 END) AS low,
        coalesce(high_told, low_told) AS high
    FROM corrected
)
SELECT
    grp,
    d AS numerator,
    d + persons + machines AS denominator,
    CASE WHEN persons > 0 THEN rate END AS value,
    pg_temp.doubted(d, CASE WHEN persons > 0 THEN rate END, doubtful, all_rows, low, high) AS reason,
    CASE WHEN persons > 0 OR high > low THEN low END AS range_low,
    CASE WHEN persons > 0 OR high > low THEN high END AS range_high
FROM rates
