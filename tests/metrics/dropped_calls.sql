-- D: people who picked up and met no agent, and unknown answerers that we hung up on
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE network_result = 'answered' AND CASE answered_by
    WHEN 'human' THEN handled = 'abandoned_by_us'
        OR agent_joined_at > answered_at + interval '2 seconds'
        OR (handled IN ('abandoned_by_callee', 'none') AND agent_joined_at IS NULL AND ended_at > answered_at + interval '2 seconds')
    WHEN 'unknown' THEN handled = 'abandoned_by_us'
END
GROUP BY grp
