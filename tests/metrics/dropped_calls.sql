-- D: people who picked up and met no agent, and unknown answerers that we hung up on; at most all that met none
SELECT
    grp,
    count(*) FILTER (WHERE dropped) AS numerator,
    NULL::bigint AS denominator,
    count(*) FILTER (WHERE dropped) AS value,
    count(*) AS range_high
FROM (
    SELECT
        grp,
        alone AND (answered_by = 'human' OR handled = 'abandoned_by_us') AS dropped,
        alone OR (NOT is_open AND handled IN ('unknown', 'none', 'ivr_only')) AS perhaps
    FROM facts, LATERAL (
        SELECT coalesce(CASE handled
            WHEN 'abandoned_by_us' THEN true
            ELSE agent_joined_at > answered_at + interval '2 seconds'
                OR (
                    handled IN ('abandoned_by_callee', 'none') AND agent_joined_at IS NULL
                    AND ended_at > answered_at + interval '2 seconds'
                )
        END, false) AS alone
    ) left_alone
    WHERE network_result = 'answered' AND answered_by IN ('human', 'unknown')
) calls
WHERE dropped OR perhaps
GROUP BY grp
