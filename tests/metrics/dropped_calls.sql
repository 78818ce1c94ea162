-- D: people who picked up and were not met, and whoever we hung up on without knowing
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM told
WHERE network_result = 'answered' AND CASE answered_by
    WHEN 'human' THEN handled = 'abandoned_by_us'
        OR agent_joined_at > answered_at + interval '2 seconds'
        OR (handled = 'abandoned_by_callee' AND agent_joined_at IS NULL AND ended_at > answered_at + interval '2 seconds')
    WHEN 'unknown' THEN handled = 'abandoned_by_us'
END
GROUP BY grp
