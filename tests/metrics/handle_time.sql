-- seconds of talk, hold and after-call work
SELECT grp, sum(talked_ms + held_ms + wrapped_ms) / 1000.0 AS numerator, NULL::bigint AS denominator, sum(talked_ms + held_ms + wrapped_ms) / 1000.0 AS value
FROM facts
WHERE talked_ms IS NOT NULL
GROUP BY grp
