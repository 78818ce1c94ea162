-- seconds of after-call work
SELECT grp, sum(wrapped_ms) / 1000.0 AS numerator, NULL::bigint AS denominator, sum(wrapped_ms) / 1000.0 AS value
FROM facts
WHERE talked_ms IS NOT NULL AND tells_wrap
GROUP BY grp
