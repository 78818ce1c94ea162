-- D / H as in drop_rate_us.sql, over the thirty days of its facts
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
        count(*) FILTER (WHERE p) AS persons,
        count(*) FILTER (WHERE p AND alone) AS persons_alone,
        count(*) FILTER (WHERE u AND handled = 'abandoned_by_us') AS unknown_dropped,
        count(*) FILTER (WHERE u AND handled = 'agent' AND NOT alone) AS unknown_met,
        count(*) FILTER (WHERE u AND (alone OR no_agent_known)) AS unknown_alone,
        count(*) FILTER (WHERE p AND no_agent_known AND NOT alone) AS persons_without_agent
    FROM calls
    GROUP BY grp
)
SELECT
    grp,
    persons_alone + unknown_dropped AS numerator,
    persons + unknown_dropped AS denominator,
    (persons_alone + unknown_dropped) / nullif(persons + unknown_dropped, 0)::float8 AS value,
    CASE
        WHEN persons + unknown_dropped > 0 THEN persons_alone / nullif(persons + unknown_met, 0)::float8
    END AS range_low,
    CASE
        WHEN persons + unknown_dropped > 0
            THEN (persons_alone + unknown_alone + persons_without_agent) / (persons + unknown_alone)::float8
    END AS range_high
FROM counts
