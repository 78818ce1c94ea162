-- seconds of hold
SELECT grp, sum(held_ms) / 1000.0 AS numerator, NULL::bigint AS denominator, sum(held_ms) / 1000.0 AS value
FROM facts
WHERE talked_ms IS NOT NULL AND tells_hold
GROUP BY grp
