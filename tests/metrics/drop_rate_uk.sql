-- d' / (persons + d'), as the formula is written: d' = d (1 - am), am = machines / (persons + machines)
WITH calls AS (
    SELECT
        *,
        answered_by = 'human' AS p,
        network_result = 'answered' AND answered_by = 'unknown' AS u,
        coalesce(
            handled = 'abandoned_by_us'
            OR agent_joined_at > answered_at + interval '2 seconds'
            OR (
                handled = 'abandoned_by_callee' AND agent_joined_at IS NULL
                AND ended_at > answered_at + interval '2 seconds'
            ),
            false
        ) AS alone,
        NOT is_open AND handled IN ('none', 'ivr_only') AS no_agent_known
    FROM facts
),
counts AS (
    SELECT
        grp,
        count(*) FILTER (WHERE (p AND alone) OR (u AND handled = 'abandoned_by_us'))::float8 AS d,
        count(*) FILTER (WHERE p AND alone)::float8 AS least_d,
        count(*) FILTER (WHERE (p OR u) AND (alone OR no_agent_known))::float8 AS most_d,
        count(*) FILTER (WHERE p AND handled = 'agent' AND NOT alone) AS persons,
        count(*) FILTER (WHERE answered_by = 'machine' AND network_result = 'answered' AND handled = 'agent') AS machines,
        count(*) FILTER (WHERE u AND handled = 'agent' AND NOT alone) AS unknown
    FROM calls
    GROUP BY grp
),
corrected AS (
    SELECT
        *,
        d * (1 - machines / nullif(persons + machines, 0)::float8) AS d_real,
        -- At least: whom agents met without knowing were machines too.
        least_d * (1 - (machines + unknown) / nullif(persons + machines + unknown, 0)::float8) AS least_real,
        most_d * (1 - machines / nullif(persons + machines, 0)::float8) AS most_real
    FROM counts
)
SELECT
    grp,
    d AS numerator,
    d + persons + machines AS denominator,
    d_real / nullif(persons + d_real, 0) AS value,
    CASE WHEN persons > 0 THEN least_real / (persons + least_real) END AS range_low,
    CASE WHEN persons > 0 THEN most_real / (persons + most_real) END AS range_high
FROM corrected
